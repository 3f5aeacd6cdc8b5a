// The areas of an image map (`req=map`) as links and buttons over a picture.
import { element, sheet } from "./dom.js";

export const hotspotSheet = sheet(`
  .hotspots { position: absolute; pointer-events: none }
  .hotspots > * { position: absolute; pointer-events: auto; padding: 0; min-width: 0; min-height: 0; border: 0; border-radius: 0; background: none; cursor: pointer; display: grid; place-items: center }
  .hotspots .mark { width: 28px; height: 28px; margin: -14px; border-radius: 50%; background: #ffffff; border: 8px solid #1d4e9e; box-shadow: 0 0 0 2px #ffffff, 0 1px 6px #00000099; pointer-events: none }
  .hotspots :hover + .mark { border-color: #a3271c }
  .hotspots :focus-visible { outline: none }
  .hotspots :focus-visible + .mark { outline: 3px solid #ffffff; box-shadow: 0 0 0 6px #1d4e9e }
`);

/** Links that lead somewhere. Others, such as scripts, are no addresses. */
function address(href, base) {
  try {
    const url = new URL(href, base);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The box of an area in pixels: `[left, top, right, bottom]`; `undefined` if it has none. */
export function boxOf(shape, coords, { width, height }) {
  const at = coords.split(/[\s,]+/).filter(Boolean).map(Number);
  if (at.some((value) => !Number.isFinite(value))) return undefined;
  if (shape === "default") return [0, 0, width, height];
  if (shape.startsWith("circ") && at.length >= 3) return [at[0] - at[2], at[1] - at[2], at[0] + at[2], at[1] + at[2]];
  if (shape.startsWith("poly") && at.length >= 6) {
    const [xs, ys] = [at.filter((_, index) => index % 2 === 0), at.filter((_, index) => index % 2 === 1)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }
  return at.length >= 4 ? [Math.min(at[0], at[2]), Math.min(at[1], at[3]), Math.max(at[0], at[2]), Math.max(at[1], at[3])] : undefined;
}

/** The outline of an area within its box, for `clip-path`. */
function outline(shape, coords, [left, top, right, bottom]) {
  if (shape.startsWith("circ")) return "ellipse()";
  if (!shape.startsWith("poly")) return "";
  const at = coords.split(/[\s,]+/).filter(Boolean).map(Number);
  const points = [];
  for (let index = 0; index + 1 < at.length; index += 2) {
    points.push(`${(100 * (at[index] - left)) / (right - left)}% ${(100 * (at[index + 1] - top)) / (bottom - top)}%`);
  }
  return `polygon(${points.join()})`;
}

/**
 * A layer with the areas of a map, of which `size` is the picture's. An area without an address is a button,
 * whose other attributes `activate` gets.
 */
export function hotspots(text, size, { base, activate }) {
  // Nothing of the text becomes part of the page: it is parsed apart, and what it says is read.
  const areas = [...new DOMParser().parseFromString(`<map>${text}</map>`, "text/html").querySelectorAll("area")];
  const layer = element("div", { class: "hotspots" });
  for (const [at, area] of areas.entries()) {
    const [shape, coords] = [(area.getAttribute("shape") ?? "rect").toLowerCase(), area.getAttribute("coords") ?? ""];
    const box = boxOf(shape, coords, size);
    if (!box || box[2] <= box[0] || box[3] <= box[1]) continue;
    const named = ["alt", "title", "aria-label", "data-sku"].map((name) => area.getAttribute(name)).find(Boolean);
    const label = named ?? `Hotspot ${at + 1}`;
    const href = area.hasAttribute("href") && address(area.getAttribute("href"), base);
    const target = area.getAttribute("target");
    const spot = href
      ? element("a", { href, target, rel: target === "_blank" ? "noopener" : undefined })
      : element("button", { type: "button" });
    spot.setAttribute("aria-label", label);
    spot.title = label;
    const data = Object.fromEntries([...area.attributes].filter(({ name }) => !["shape", "coords"].includes(name)).map(({ name, value }) => [name.replace(/^data-/, ""), value]));
    spot.addEventListener("click", () => activate?.(data));
    const [left, top, right, bottom] = box;
    const part = (value, all) => `${(100 * value) / all}%`;
    Object.assign(spot.style, { left: part(left, size.width), top: part(top, size.height), width: part(right - left, size.width), height: part(bottom - top, size.height) });
    spot.style.clipPath = outline(shape, coords, box);
    // The mark lies beside the area, so that the area's outline does not cut it.
    const mark = element("span", { class: "mark", "aria-hidden": "true" });
    Object.assign(mark.style, { left: part((left + right) / 2, size.width), top: part((top + bottom) / 2, size.height) });
    layer.append(spot, mark);
  }
  return layer;
}

/** Keeps a layer over a picture that is fitted into its stage. */
export function follow(layer, stage, size, signal) {
  const place = () => {
    const { clientWidth, clientHeight } = stage;
    const scale = Math.min(clientWidth / size.width, clientHeight / size.height);
    const [width, height] = [size.width * scale, size.height * scale];
    Object.assign(layer.style, { left: `${(clientWidth - width) / 2}px`, top: `${(clientHeight - height) / 2}px`, width: `${width}px`, height: `${height}px` });
  };
  const observer = new ResizeObserver(place);
  observer.observe(stage);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  place();
}
