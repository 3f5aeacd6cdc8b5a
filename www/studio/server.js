// What the Studio asks of its server besides pictures: lists of assets, presets and records. Every failure is
// an error with a sentence for people, and with the `status` of the reply, if there was one.
import { encodeName } from "../viewers/encode-name.js";
import { askToken, forgetToken, token } from "./token.js";

const BASE = new URL("../", new URL(".", import.meta.url));

/** A failure. `errors` are lines of a macro file with what is wrong in them. */
export class ServerError extends Error {
  constructor(message, { status, errors = [] } = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** `{catalogs, edit}`: the catalogs that can be listed, and whether the server takes edits. */
export async function catalogs({ signal } = {}) {
  return (await ask("preview/list", { signal })).json();
}

/** A page of a catalog's assets: `{objects: [{id, bytes, modified}], next}`. `next` is the `after` of the next page. */
export async function list(rootId, { prefix, contains, after, limit, signal } = {}) {
  const given = Object.entries({ prefix, contains, after, limit }).filter(([, value]) => value);
  return (await ask(`preview/list/${encodeURIComponent(rootId)}?${new URLSearchParams(given)}`, { signal })).json();
}

/** The macro file of a catalog and its entity tag: `{text, tag}`, or nothing if it has none. */
export async function presets(rootId) {
  const reply = await ask(`studio/presets/${encodeURIComponent(rootId)}`, { missing: true });
  return reply && { text: await reply.text(), tag: reply.headers.get("etag") };
}

/** Saves a macro file over the one with `tag`, or a new one. Returns its tag. */
export const savePresets = (rootId, text, tag) => put(`studio/presets/${encodeURIComponent(rootId)}`, "text/plain; charset=utf-8", text, tag);

/** The record of `rootId/id` and its entity tag: `{record, tag}`, or nothing if it has none. */
export async function record(object) {
  const reply = await ask(`studio/records/${encodeName(object)}`, { missing: true });
  return reply && { record: await reply.json(), tag: reply.headers.get("etag") };
}

/** Saves a record over the one with `tag`, or a new one. Returns its tag. */
export const saveRecord = (object, value, tag) => put(`studio/records/${encodeName(object)}`, "application/json", JSON.stringify(value), tag);

async function put(path, type, body, tag) {
  const condition = tag ? { "If-Match": tag } : { "If-None-Match": "*" };
  const reply = await ask(path, { method: "PUT", body, headers: { "Content-Type": type, ...condition } });
  return reply.headers.get("etag");
}

/** Asks the server, and the person for the token where it wants one. `missing`: no such thing is no failure. */
async function ask(path, { headers = {}, missing = false, ...options }) {
  for (;;) {
    const sent = token();
    const reply = await fetch(new URL(path, BASE), {
      cache: "no-store",
      ...options,
      headers: sent ? { ...headers, Authorization: `Bearer ${sent}` } : headers,
    }).catch((reason) => {
      if (reason.name === "AbortError") throw reason;
      throw new ServerError("The server cannot be reached. Nothing that you typed is lost: try again when it is back.");
    });
    if (reply.status === 401) {
      forgetToken(sent);
      if (await askToken(sent !== undefined)) continue;
      throw new ServerError("This needs the server's token, the value of its PREVIEW_TOKEN.", { status: 401 });
    }
    // Servers without these routes answer 204 or 404.
    if (reply.status === 204 && options.method !== "PUT") throw new ServerError("This server has no lists.", { status: 404 });
    if (reply.ok) return reply;
    if (reply.status === 404 && missing) return undefined;
    throw await failure(reply);
  }
}

const SENTENCES = {
  412: "It was changed on the server since you opened it.",
  413: "It is larger than the server takes.",
};

async function failure(reply) {
  const text = (await reply.text().catch(() => "")).trim();
  let errors;
  if (reply.headers.get("content-type")?.startsWith("application/json")) {
    try {
      ({ errors } = JSON.parse(text));
    } catch {
      // A proxy's word is no JSON; the status says enough.
    }
  }
  const said = errors?.map(({ line, message }) => (line ? `Line ${line}: ${message}` : message)).join(" ");
  const own = text && !text.startsWith("<") && !errors ? text.slice(0, 400) : undefined;
  const sentence = SENTENCES[reply.status] ?? said ?? own ?? `The server answered ${reply.status}.`;
  return new ServerError(sentence, { status: reply.status, errors });
}
