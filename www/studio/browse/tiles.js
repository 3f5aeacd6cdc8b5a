// Assets as tiles: a picture with a name, and what shows its properties.
import { element } from "../dom.js";
import { bytes, moment, picture, request } from "../names.js";

/** How large thumbnails are asked for. */
export const THUMBNAIL = "wid=320&hei=240&fit=constrain";

/** The tile of an asset of the server. `open` and `about` are called when it is chosen. */
export function assetTile({ id, object, bytes: size, modified }, thumbnails, { open, about }) {
  const image = element("img", { alt: "" });
  const tile = makeTile(id, image, [bytes(size), moment(modified)], { open, about });
  thumbnails.fromServer(image, picture(object, THUMBNAIL), () => missing(tile, "No picture: it may have been removed, or it is no image."));
  return tile;
}

/** The tile of a file of this device, drawn here. */
export function fileTile({ object, file }, thumbnails, engine, { open, about }) {
  const image = element("img", { alt: "" });
  const tile = makeTile(file.name, image, [bytes(file.size), "on this device"], { open, about });
  thumbnails.add(image, async () => {
    const reply = await engine.render(request(object, THUMBNAIL), { source: file }).catch((reason) => ({ message: reason.message }));
    if (reply.status !== 200) return missing(tile, `Cannot be read: ${reply.message ?? new TextDecoder().decode(reply.bytes).trim()}`);
    image.src = URL.createObjectURL(new Blob([reply.bytes], { type: reply.contentType }));
    await image.decode().catch(() => {});
    URL.revokeObjectURL(image.src);
  });
  return tile;
}

function makeTile(name, image, facts, { open, about }) {
  const frame = element("span", { class: "thumbnail" }, image);
  const facts_ = facts.filter(Boolean).map((fact) => element("span", { class: "fact" }, fact));
  const opener = element("button", { type: "button", class: "opener", title: name, tabindex: "-1", onclick: open }, frame, element("span", { class: "id" }, name));
  return element(
    "li",
    { class: "tile" },
    opener,
    element("span", { class: "line" }, element("span", { class: "facts" }, ...facts_), element("button", { type: "button", class: "quiet about", "aria-label": `Properties of ${name}`, onclick: about }, "Properties")),
  );
}

function missing(tile, why) {
  const frame = tile.querySelector(".thumbnail");
  frame.replaceChildren(element("span", { class: "missing" }, why));
}
