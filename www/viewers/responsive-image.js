// Responsive images: <img data-src="…/is/image/Shop/shoe" data-breakpoints="360,720:$preset$"> loads the
// picture whose width fits its box and the screen; with data-mode="smartcrop" the smart crop that fits.
import { fetchSet } from "./asset.js";
import { Server } from "./server.js";

const managed = new WeakMap();

/** `360,720:op_sharpen=1&qlt=80%2C0`: widths in CSS pixels, each with commands of its own. */
export function breakpointsOf(text) {
  const found = (text ?? "").split(",").map((entry) => {
    const [width, ...commands] = entry.split(":");
    return { width: Number(width), commands: commands.join(":").trim() };
  });
  return found.filter(({ width }) => width > 0).sort((one, other) => one.width - other.width);
}

/** The closest breakpoint that is no smaller than the box, else the largest. */
export const breakpointFor = (width, breakpoints) => breakpoints.find((one) => one.width >= width) ?? breakpoints.at(-1);

/** The smart crop whose shape is closest to that of the box; of equal ones the smallest that fills it. */
export function cropFor({ width, height }, crops) {
  const shape = (w, h) => Math.log(w / h);
  const far = (crop) => Math.abs(shape(crop.width, crop.height) - shape(width, height));
  const small = (crop) => (crop.width < width ? 1e6 - crop.width : crop.width);
  return [...crops].sort((one, other) => Math.round(100 * (far(one) - far(other))) || small(one) - small(other))[0];
}

/** A picture's URL as the server and the object that it names, and commands that it has already. */
function parse(url) {
  const [path, query = ""] = url.split(/\?(.*)/s);
  const at = path.search(/\/is\/image\//);
  if (at < 0) throw new Error(`data-src="${url}" is no picture of an Image Serving server: its path has no /is/image/.`);
  return { path, query, serverurl: path.slice(0, at + "/is/image/".length), name: path.slice(at + "/is/image/".length) };
}

class Responsive {
  #image;
  #observer = new ResizeObserver(() => this.#update());
  #source;
  #breakpoints;
  #crops;
  #largest = Infinity;
  #shown;

  constructor(image) {
    this.#image = image;
  }

  async begin() {
    const { dataset } = this.#image;
    this.#source = parse(new URL(dataset.src || this.#image.getAttribute("src"), document.baseURI).href);
    const { serverurl, name, query } = this.#source;
    const server = new Server({ serverurl, base: document.baseURI });
    if (/^smart\s?crop$/i.test(dataset.mode ?? "")) {
      const { crops } = await fetchSet(server, name, {});
      this.#crops = crops
        .filter(({ SmartCropType, SmartSwatchColor }) => SmartCropType !== "Swatch" && !SmartSwatchColor)
        .map((crop) => ({ name: crop.SmartCropDef, width: Number(crop.SmartCropWidth), height: Number(crop.SmartCropHeight) }));
    }
    this.#breakpoints = breakpointsOf(dataset.breakpoints);
    if (!this.#crops?.length && this.#breakpoints.length === 0) {
      throw new Error(`The image ${name} has neither data-breakpoints="360,720" nor smart crops.`);
    }
    // No more is asked for than the picture has.
    const size = await server.size({ name: decodeURIComponent(name), mods: query });
    if (size.width > 0) this.#largest = size.width;
    this.#observer.observe(this.#image);
    this.#update();
  }

  end() {
    this.#observer.disconnect();
  }

  #update() {
    const { clientWidth, clientHeight } = this.#image;
    if (clientWidth === 0) return;
    const { path, query } = this.#source;
    const box = { width: clientWidth, height: clientHeight || clientWidth };
    const crop = this.#crops?.length ? cropFor(box, this.#crops) : undefined;
    const { width, commands } = crop ? { width: Math.ceil(clientWidth / 100) * 100, commands: "" } : breakpointFor(clientWidth, this.#breakpoints);
    const pixels = Math.max(1, Math.min(this.#largest, Math.round(width * devicePixelRatio)));
    const suffix = crop ? `:${encodeURIComponent(crop.name)}` : "";
    const url = `${path}${suffix}?${[`wid=${pixels}`, query, commands].filter(Boolean).join("&")}`;
    if (url === this.#shown?.url) return;
    const before = this.#shown?.width;
    this.#shown = { url, width };
    this.#image.src = url;
    const event = new Event("s7responsiveViewer");
    event.s7responsiveViewerEvent = { type: "breakpointchanged", width, oldWidth: before ?? 0 };
    this.#image.dispatchEvent(event);
  }
}

/** Lets an image follow its box. Rejects if the server does not know it; the picture then stays as it is. */
export async function manage(image) {
  managed.get(image)?.end();
  const responsive = new Responsive(image);
  managed.set(image, responsive);
  try {
    await responsive.begin();
  } catch (error) {
    image.dispatchEvent(new CustomEvent("s7responsiveError", { detail: error }));
    throw error;
  }
}

/** Manages all images of a document that have `data-breakpoints` or `data-mode`. */
export const manageAll = (root = document) => Promise.allSettled([...root.querySelectorAll("img[data-breakpoints], img[data-mode]")].map(manage));
