// The attribute `asset`, and the set that it names.
import { encodeName } from "./encode-name.js";
import { ServerError } from "./server.js";

const decode = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Splits at a mark outside brackets. */
function split(list, mark = ",") {
  const parts = [""];
  let depth = 0;
  for (const character of list) {
    if ("({".includes(character)) depth += 1;
    if (")}".includes(character)) depth -= 1;
    if (character === mark && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return mark === "," ? parts.map((part) => part.trim()).filter(Boolean) : parts;
}

/** The text within the bracket that holds all of `list`, or `undefined`. */
function unwrapped(list) {
  if (!/^[({]/.test(list) || !/[)}]$/.test(list)) return undefined;
  let depth = 0;
  for (const [at, character] of [...list].entries()) {
    if ("({".includes(character)) depth += 1;
    if (")}".includes(character)) depth -= 1;
    if (depth === 0 && at < list.length - 1) return undefined;
  }
  return list.slice(1, -1);
}

/**
 * An entry of an inline set, `item;swatch;type`, without the modifiers of its pictures, which are collected in
 * order. An item in brackets is a set.
 */
function stripped(entry, mods) {
  const [first, ...rest] = split(entry, ";");
  const inner = unwrapped(first);
  if (inner !== undefined) return [`{${split(inner).map((part) => stripped(part, mods)).join(",")}}`, ...rest].join(";");
  const [name, ...own] = first.split("?");
  mods.push(decode(decode(own.join("?"))));
  return [decode(name).replace(/^\//, ""), ...rest].join(";");
}

/** What `asset` says: one object, or the members of a set within the text. */
export function parseAsset(text) {
  const asset = (text ?? "").trim();
  if (!asset) throw new ServerError("No asset is named: the attribute asset is empty.");
  const list = unwrapped(asset) ?? asset;
  const parts = split(list);
  if (parts.length > 1 || list !== asset || list.includes(";")) {
    const mods = [];
    const entries = parts.map((part) => stripped(part, mods));
    if (entries.length === 0) throw new ServerError(`asset="${asset}" names no image.`);
    const root = /[\w.~-]+(?=\/)/.exec(entries[0].replace(/^[{(]+/, ""))?.[0] ?? "";
    return { root, imageSet: entries.join(","), mods };
  }
  const [name, ...mods] = asset.split("?");
  return { name: decode(name).replace(/^\//, ""), mods: mods.join("?") };
}

/** The text of `asset` that names an item again, as `parseAsset` reads it. */
export function assetOf({ name, mods, items }, isInner = false) {
  if (items) return `{${items.map((item) => assetOf(item, true)).join(",")}}`;
  const id = name.replace(/%/g, "%25");
  if (!mods) return id;
  return `${id}?${isInner ? encodeURIComponent(encodeURIComponent(mods)) : mods.replace(/,/g, "%2C")}`;
}

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** One item of `req=set`: `item.set` is a set within it, `item.s` a swatch. */
function item(value, outer) {
  const inner = value.set && set(value.set);
  const [picture] = list(value.i);
  const [swatch] = [...list(value.s), ...(inner ? list(list(value.set.item)[0]?.s) : [])];
  return {
    type: value.type ?? inner?.type ?? (outer === "spin" ? "img" : outer.replace(/_set$/, "")),
    name: picture?.n ?? inner?.items[0]?.name,
    mods: "",
    label: picture?.l ?? swatch?.l ?? "",
    width: Number(value.dx) || inner?.items[0]?.width,
    height: Number(value.dy) || inner?.items[0]?.height,
    version: value.iv || inner?.items[0]?.version,
    swatch: swatch && { name: swatch.n, color: /color=([0-9a-f]{6})/i.exec(swatch.mod ?? "")?.[1], label: swatch.l ?? "" },
    items: inner?.items,
  };
}

function set(value) {
  const type = value.type ?? "img";
  return {
    type,
    name: value.n,
    items: list(value.item).map((one) => item(one, type)),
    crops: list(value.relation).map(({ userdata = {} }) => userdata),
  };
}

/** The pictures of a set, in order, also those of sets within it. */
export const leaves = (items) => items.flatMap((one) => (one.items ? leaves(one.items) : [one]));

/** Asks for the set that `asset` names. An image is a set of one item. */
export async function fetchSet(server, asset, { locale, signal }) {
  const { name, root, imageSet, mods } = parseAsset(asset);
  const own = ["req=set,json,UTF-8&labelkey=label", locale && `locale=${encodeURIComponent(locale)}`].filter(Boolean).join("&");
  const path = imageSet ? root && `${encodeName(root)}/` : encodeName(name);
  const query = imageSet ? `imageSet=${encodeURIComponent(`{${imageSet}}`)}&${own}` : own;
  const { set: found } = await server.json(path, query, signal);
  if (!found) throw new ServerError("The server sent no set.");
  const result = set(found);
  const pictures = leaves(result.items);
  if (pictures.length === 0) throw new ServerError(`${result.name} is an empty set.`);
  const modifiers = imageSet ? mods : pictures.map(() => mods);
  for (const [at, picture] of pictures.entries()) picture.mods = modifiers[at] ?? "";
  return result;
}

/** Width and height of an item that is to be drawn, from the server if its set does not say. */
export async function sized(server, one, signal) {
  if (one.width && one.height && !one.mods) return one;
  return { ...one, ...(await server.size(one, signal)) };
}
