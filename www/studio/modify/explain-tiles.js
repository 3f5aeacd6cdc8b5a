// The tiles of the pyramid that a picture was made from, on the picture that they are parts of.
import { element } from "../dom.js";
import { request } from "../names.js";

const SVG = "http://www.w3.org/2000/svg";
/** The width of the picture behind the grid. */
const WIDTH = 640;

/** An SVG element with attributes. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The figure, for the first image of the request. Nothing if it shows none. */
export function tiles({ draw, object, plan }, { engine, source, signal }) {
  if (!draw) return "";
  const { level, width, height, region, tiles, fetched, reads, bytes } = draw;
  const columns = Math.ceil(width / tiles.width);
  const rows = Math.ceil(height / tiles.height);
  const picture = element("img", { alt: "", hidden: true });
  const grid = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  for (const [first, last] of tiles.numbers) {
    for (let number = first; number <= last; number += 1) {
      const [x, y] = [(number % columns) * tiles.width, Math.floor(number / columns) * tiles.height];
      // The last tiles of a level stand out of it.
      const cell = { x, y, width: Math.min(tiles.width, width - x), height: Math.min(tiles.height, height - y) };
      grid.append(svg("rect", { ...cell, class: "read" }, svg("title", {}, `Tile ${number}`)));
    }
  }
  for (let column = 1; column < columns; column += 1) grid.append(svg("line", { x1: column * tiles.width, x2: column * tiles.width, y1: 0, y2: height }));
  for (let row = 1; row < rows; row += 1) grid.append(svg("line", { x1: 0, x2: width, y1: row * tiles.height, y2: row * tiles.height }));
  grid.append(svg("rect", { x: region.x, y: region.y, width: region.width, height: region.height, class: "region" }));
  behind(picture, object, { engine, source, signal });
  const kilo = (count) => `${count.toLocaleString("en")} bytes`;
  const facts = [
    ["Level", `${level} of ${plan.levels - 1}: ${width} × ${height} px`],
    ["Tiles read", `${tiles.count} of ${columns * rows}, ${tiles.width} × ${tiles.height} px each`],
    ["Bytes of these tiles", kilo(tiles.bytes)],
    ["Read before", fetched ? kilo(fetched) : ""],
    ["Reads", reads.length ? `${reads.length}, ${kilo(bytes)}` : "none"],
    ["Numbers", tiles.numbers.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(", ")],
  ];
  return element(
    "div",
    {},
    element("h3", {}, "Tiles read"),
    element("div", { class: "tile-map", role: "img", "aria-label": `${tiles.count} of ${columns * rows} tiles of level ${level} are read` }, picture, grid),
    element("dl", {}, ...facts.filter(([, value]) => value).map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)))),
  );
}

/** Draws the whole image, without the modifiers of the request. */
async function behind(picture, object, { engine, source, signal }) {
  const key = /^assets\/(.+)\.tif$/.exec(object?.key ?? "")?.[1] ?? object?.found ?? object?.requested;
  if (!key) return;
  const reply = await engine.render(request(key, `wid=${WIDTH}&fmt=jpeg`), { source, signal, urgency: 0 }).catch(() => undefined);
  if (reply?.status !== 200 || signal.aborted) return;
  picture.src = URL.createObjectURL(new Blob([reply.bytes], { type: reply.contentType }));
  await picture.decode().catch(() => {});
  URL.revokeObjectURL(picture.src);
  picture.hidden = false;
}
