// How presets are drawn on pictures: also those that are not saved, which the server does not have yet.
import { request as toRequest } from "../names.js";
import { expand, read, summary, tokens } from "./modifiers.js";

/** Formats that browsers do not show. */
const NOT_SHOWN = /^(tif|tiff|pdf|eps)/i;
/** The longer side of a thumbnail, in pixels. */
const SIDE = 160;
/** Commands of a size or place in pixels, which would be wrong in a smaller picture. */
const IN_PIXELS = ["size", "pos", "rect", "rgn", "scl", "crop", "extend", "layer", "effect", "req", "op_blur"];

/** The request of a picture with a preset. An effect is that of the picture itself, with room around it. */
export function requestOf(object, line, workspace, root) {
  const expanded = expand(line, (name) => workspace.lookUp(root, name));
  return toRequest(object, summary(expanded).kind === "effect" ? withEffect(expanded, 400) : expanded);
}

const withEffect = (modifiers, side) => `size=${side},${side}&extend=12,12,12,12&fmt=png-alpha&effect=-1&${modifiers}`;

/** The same request in a format that browsers show; nothing if it is in one. */
export function shownAs(request, contentType) {
  if (/^image\/(jpeg|png|gif|webp|avif)/.test(contentType)) return undefined;
  return /^image\/|^application\/pdf/.test(contentType) ? `${request}&fmt=png-alpha` : undefined;
}

/** A small picture of a preset. Only its size and its format may differ from the preset's. */
export function thumbnailRequest(object, line, workspace, root) {
  const expanded = expand(line, (name) => workspace.lookUp(root, name));
  if (summary(expanded).kind === "effect") return toRequest(object, withEffect(expanded, SIDE - 24));
  const { fields, modifier } = read(expanded);
  const names = new Set(tokens(modifier).map(({ name }) => name));
  const commands = [expanded];
  if (!IN_PIXELS.some((name) => names.has(name))) commands.push(...smaller(fields, names));
  if (NOT_SHOWN.test(fields.format ?? "")) commands.push("fmt=png-alpha");
  return toRequest(object, commands.filter(Boolean).join("&"));
}

function smaller({ width, height }, names) {
  if (names.has("wid") || names.has("hei")) return [];
  if (!width && !height) return [`wid=${SIDE}`, ...(names.has("fit") ? [] : [`hei=${SIDE}`, "fit=constrain"])];
  const factor = SIDE / Math.max(Number(width || 0), Number(height || 0));
  if (factor >= 1) return [];
  const scaled = (name, side) => (side ? [`${name}=${Math.max(1, Math.round(Number(side) * factor))}`] : []);
  return [...scaled("wid", width), ...scaled("hei", height)];
}

/** Small pictures that were drawn, newest last. */
const drawn = new Map();
const MOST = 400;

/** The address of a small picture, drawn where it is not there yet. It stays valid while the page is open. */
export async function thumbnail(engine, request, { source, signal } = {}) {
  const key = source ? `${source.name} ${source.lastModified} ${source.size} ${request}` : request;
  const before = drawn.get(key);
  if (before) return before;
  const reply = await engine.render(request, { source, signal, urgency: 0 });
  if (reply.status !== 200) throw new Error(new TextDecoder().decode(reply.bytes).trim());
  const address = URL.createObjectURL(new Blob([reply.bytes], { type: reply.contentType }));
  drawn.set(key, address);
  if (drawn.size > MOST) {
    const [[oldest, url]] = drawn;
    drawn.delete(oldest);
    URL.revokeObjectURL(url);
  }
  return address;
}
