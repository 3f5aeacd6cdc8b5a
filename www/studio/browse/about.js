// What the engine says about an asset, and how it is put for people.
import { PADDED } from "../../viewers/server.js";
import { bytes, moment, picture, request } from "../names.js";

/** The kinds of reply that describe an asset. */
const REPLIES = {
  imageprops: "req=imageprops,json",
  props: "req=props,json",
  userdata: "req=userdata,json",
  set: "req=set,json",
  explain: "req=explain,json",
  xmp: "req=xmp",
};

/** Asks the engine; and the server, where the engine may not read the catalog. Gives status and text. */
async function ask(engine, object, query, { source, signal }) {
  const reply = await engine.render(request(object, query), { source, signal, urgency: 1 });
  if (source || reply.closed.length === 0) return { status: reply.status, text: new TextDecoder().decode(reply.bytes) };
  const answer = await fetch(picture(object, query), { signal, cache: "no-store" });
  return { status: answer.status, text: await answer.text() };
}

/** What is said about an asset, by the kind of reply; nothing where it says nothing. */
export async function describe(engine, { object, source }, signal) {
  const exists = await ask(engine, object, "req=exists,json", { source, signal });
  if (exists.status !== 200 || valueOf(exists.text)?.["catalogRecord.exists"] === "0") return undefined;
  const asked = Object.entries(REPLIES).map(async ([kind, query]) => {
    const { status, text } = await ask(engine, object, query, { source, signal });
    if (status !== 200) return [kind, undefined];
    return [kind, kind === "xmp" ? text.trim() || undefined : valueOf(text)];
  });
  return Object.fromEntries(await Promise.all(asked));
}

/** The value of a JSON reply with or without its padding. */
export function valueOf(text) {
  try {
    return JSON.parse(PADDED.exec(text)?.[2] ?? text);
  } catch {
    return undefined;
  }
}

/** The facts, as pairs of a name and a text; empty where there is nothing to say. */
export function factsAbout({ imageprops = {}, props = {}, explain = {} }, { bytes: size, modified } = {}) {
  const image = (name) => imageprops[`image.${name}`] ?? "";
  const tiles = explain.draw?.tiles;
  const yes = (name, word) => (image(name) === "1" ? word : "");
  return [
    ["Size", image("width") && `${image("width")} × ${image("height")} px`],
    ["In the store", bytes(size)],
    ["Changed", moment(modified ?? (image("timeStamp") || undefined))],
    ["Levels", explain.plan?.levels ? String(explain.plan.levels) : ""],
    ["Tiles", tiles?.width ? `${tiles.width} × ${tiles.height} px` : ""],
    ["Colours", [image("pixTyp"), yes("mask", "with alpha")].filter(Boolean).join(" ")],
    ["Profile", image("iccProfile") || yes("embeddedIccProfile", "embedded") || (image("width") && "none")],
    ["Resolution", image("resolution") && `${image("resolution")} ppi`],
    ["Anchor", image("anchor")],
    ["Paths", image("photoshopPathNames") || yes("embeddedPhotoshopPaths", "embedded")],
    ["Modifiers of its record", [image("modifier"), image("postModifier")].filter(Boolean).join(" · ")],
    ["Without modifiers", props["image.width"] && `${props["image.width"]} × ${props["image.height"]} px, ${props["image.type"] ?? ""}`],
  ];
}

const SINGLE = new Set(["img", "swatch"]);

/** The members of a set as names; none for a single image. */
export function membersOf({ set } = {}) {
  if (!set || (SINGLE.has(set.type) && !Array.isArray(set.item))) return [];
  const items = Array.isArray(set.item) ? set.item : set.item ? [set.item] : [];
  return items.map((item) => item.i?.n ?? item.set?.n ?? item.v?.path ?? "").filter(Boolean);
}
