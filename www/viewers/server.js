// What the viewers ask of an Image Serving server: pictures, sets, properties, user data, image maps.

import { encodeName } from "./encode-name.js";

/** A reply that is an error, or none. Its message is for the person who looks at the viewer. */
export class ServerError extends Error {}

// A padded reply: perhaps a comment, then handler({…},"id");
const PADDED = /^(?:\/\*jsonp\*\/)?\s*([\w.$]+)\(([\s\S]+),\s*"[^"]*"\);?\s*$/;

const withSlash = (url) => (url.endsWith("/") ? url : `${url}/`);

/** The server of one viewer. */
export class Server {
  /** `serverurl` and `contenturl` may be relative to the page; `iscommand` goes to every picture. */
  constructor({ serverurl, contenturl, iscommand = "", format = "", base }) {
    this.images = withSlash(new URL(serverurl || "/is/image/", base).href);
    this.content = withSlash(new URL(contenturl || "/is/content/", base).href);
    // Old pages encode it once more.
    const commands = /%3d/i.test(iscommand) && !iscommand.includes("=") ? decodeURIComponent(iscommand) : iscommand;
    this.iscommand = commands.replace(/^[?&]+|&+$/g, "");
    this.format = format;
  }

  /** The URL of a picture. `item` has its name, modifiers of its own, and its version. */
  image({ name, mods, version }, commands) {
    const format = this.format && !/(^|&)fmt=/.test(commands) ? `fmt=${this.format}` : "";
    const id = version ? `id=${encodeURIComponent(version)}` : "";
    const query = [mods, this.iscommand, commands, format, id].filter(Boolean).join("&");
    return `${this.images}${encodeName(name)}?${query}`;
  }

  /** The URL of a file of static content. */
  file(path) {
    if (/^https?:/.test(path)) return path;
    const name = path.replace(/^\/+/, "").replace(/^is\/content\//, "");
    return `${this.content}${encodeName(name)}`;
  }

  /** A JSON reply about an object: `req=set,json` and the like. */
  json(path, query, signal) {
    return this.#json(`${this.images}${path}?${query}`, signal);
  }

  async #json(url, signal) {
    const text = await this.#text(url, signal);
    const [, handler, body] = PADDED.exec(text) ?? [];
    let value;
    try {
      value = JSON.parse(body ?? text);
    } catch {
      throw new ServerError("The server sent something else than JSON. Is serverurl an Image Serving server?");
    }
    if (handler === "s7jsonError") throw new ServerError(value.message || value.title || "The server refused.");
    return value;
  }

  /** Properties of the picture that `item` names, at full size: its modifiers may change it. */
  async size(item, signal) {
    const query = [item.mods, "req=props,json&scl=1"].filter(Boolean).join("&");
    const props = await this.json(encodeName(item.name), query, signal);
    return { width: Number(props["image.width"]), height: Number(props["image.height"]) };
  }

  /** The areas of an object's image map, in pixels of the picture at full size. */
  map({ name, mods }, signal) {
    // Without other commands the map is sent as it is stored, with the circles that no command may move.
    const query = mods ? `${mods}&req=map&scl=1` : "req=map";
    return this.#text(`${this.images}${encodeName(name)}?${query}`, signal);
  }

  /** The user data of an object, with names in lower case; nothing if there is no such object. */
  async userData(name, signal) {
    try {
      const data = await this.json(encodeName(name.replace(/^\/+/, "")), "req=userdata,json", signal);
      return Object.fromEntries(Object.entries(data).map(([key, value]) => [key.toLowerCase(), String(value)]));
    } catch (error) {
      // Old pages name presets of Adobe's servers. Without them a viewer has its defaults.
      if (error instanceof ServerError && !error.away) return {};
      throw error;
    }
  }

  /** Whether there is such an image, asked in a way that browsers do not report as an error. */
  hasImage(name, signal) {
    return this.#has(`${this.images}${encodeName(name)}?req=imageprops,json`, signal);
  }

  /** Whether there is such static content. */
  hasFile(path, signal) {
    return this.#has(`${this.file(path)}?req=props,json`, signal);
  }

  async #has(url, signal) {
    try {
      await this.#json(url, signal);
      return true;
    } catch (error) {
      if (error instanceof ServerError && !error.away) return false;
      throw error;
    }
  }

  async #text(url, signal) {
    let reply;
    try {
      reply = await fetch(url, { signal });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw Object.assign(new ServerError("The server cannot be reached."), { away: true });
    }
    const text = await reply.text();
    if (reply.ok) return text;
    const message = `The server answered ${reply.status}: ${text.trim().slice(0, 200)}`;
    throw Object.assign(new ServerError(message), { away: reply.status >= 500 });
  }
}

export { PADDED };
