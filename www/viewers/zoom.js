// <azulejo-zoom>: a picture to zoom into, or the pictures of an image set with their swatches.
import { leaves, sized } from "./asset.js";
import { button, element, enable, sheet } from "./dom.js";
import { Swatches, nameOf, swatchSheet } from "./swatches.js";
import { Viewer, define } from "./viewer.js";
import { ZoomView } from "./zoom-view.js";

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ARROW_PIXELS = 80;

const own = sheet(`
  .stage { touch-action: pan-y; cursor: zoom-in }
  .stage.zoomed { touch-action: none; cursor: grab }
  .stage.zoomed:active { cursor: grabbing }
  .missing { position: absolute; left: 8px; right: 8px; bottom: 8px; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; justify-content: center; z-index: 2 }
  .missing button { border-radius: 6px; padding: 8px 16px }
`);

export class ZoomViewer extends Viewer {
  static tag = "azulejo-zoom";
  static label = "Zoom viewer";
  static sheets = [own, swatchSheet];

  #view;
  #items;
  #swatches;
  #buttons;
  #missing;

  /** The scale by which one action zooms: `zoomstep=step,limit` counts steps for each factor of two. */
  get #step() {
    const [steps] = (this.param("zoomstep", "ZoomView") ?? "").split(",").map(Number);
    if (steps === 0) return Infinity;
    return 2 ** (1 / (steps > 0 ? steps : 1));
  }

  get #limit() {
    const [, limit] = (this.param("zoomstep", "ZoomView") ?? "").split(",").map(Number);
    return limit > 0 ? limit : 1;
  }

  /** The zoom: 1 is a pixel of the picture for each CSS pixel. */
  get zoom() {
    return this.#view?.scale;
  }

  async show(set, signal) {
    const all = leaves(set.items);
    // Embedded in another viewer, it shows the picture that the other one chooses.
    this.#items = set.type === "spin" ? all.slice(0, 1) : all;
    const vertical = this.param("layout") === "vertical";
    this.frame.classList.toggle("vertical", vertical && this.#items.length > 1);
    this.#stage();
    this.#toolbar();
    this.#view = new ZoomView(this.stage, this.server, { signal, limit: this.#limit, changed: () => this.#changed() });
    this.#view.listen({ step: () => this.#step, swipe: (way) => this.#choose(this.#at + way) });
    const initial = Math.min(this.#items.length - 1, Math.max(0, Number(this.param("initialframe", "Swatches") ?? 0) || 0));
    this.shape(await sized(this.server, this.#items[0], signal));
    if (this.#items.length > 1) {
      this.#swatches = new Swatches(this.#items, this.server, { vertical, choose: (at) => this.attempt(this.#open(at)) });
      this.frame.insertBefore(this.#swatches.element, this.bar);
      this.#swatches.select(initial);
    } else {
      this.#swatches = undefined;
    }
    await this.#open(initial);
  }

  get #at() {
    return this.#swatches?.index ?? 0;
  }

  #choose(at) {
    if (!this.#swatches || at < 0 || at >= this.#items.length) return;
    this.#swatches.select(at);
    this.attempt(this.#open(at));
  }

  async #open(at) {
    const { signal } = this;
    const item = await sized(this.server, this.#items[at], signal);
    if (signal.aborted || at !== this.#at) return;
    await this.#view.open(item);
    if (signal.aborted || at !== this.#at) return;
    const name = this.#items.length > 1 ? nameOf(item, at, this.#items) : item.label || this.label;
    this.stage.setAttribute("aria-label", name);
    this.track("SWATCH", item.name);
  }

  #stage() {
    const hint = "Plus and minus zoom, arrow keys move, 0 shows the whole picture.";
    const attributes = { tabindex: "0", role: "application", "aria-roledescription": "zoomable picture", "aria-description": hint, "aria-label": this.label };
    for (const [name, value] of Object.entries(attributes)) this.stage.setAttribute(name, value);
    this.#missing = element("div", { class: "missing", hidden: true }, element("button", { type: "button", onclick: () => this.#view.retry() }, "Parts are missing. Try again"));
    this.stage.append(this.#missing);
    this.stage.onkeydown = (event) => this.#key(event);
  }

  #toolbar() {
    const [zoomIn, zoomOut, reset] = [
      button("in", "Zoom in", () => this.#view.zoom(this.#step, undefined, undefined, true)),
      button("out", "Zoom out", () => this.#view.zoom(1 / this.#step, undefined, undefined, true)),
      button("reset", "Show all", () => this.#view.reset()),
    ];
    this.#buttons = { zoomIn, zoomOut, reset };
    this.bar.append(zoomIn, zoomOut, reset);
  }

  #key(event) {
    if (event.target !== this.stage || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow && this.#view.isZoomed) this.#view.move(arrow[0] * ARROW_PIXELS, arrow[1] * ARROW_PIXELS);
    else if (arrow && arrow[0] && this.#swatches) this.#choose(this.#at - arrow[0]);
    else if (event.key === "+" || event.key === "=") this.#view.zoom(this.#step, undefined, undefined, true);
    else if (event.key === "-") this.#view.zoom(1 / this.#step, undefined, undefined, true);
    else if (event.key === "0" || event.key === "Home" || (event.key === "Escape" && this.#view.isZoomed)) this.#view.reset();
    else return;
    event.preventDefault();
  }

  #changed() {
    const view = this.#view;
    const { zoomIn, zoomOut, reset } = this.#buttons;
    enable(zoomIn, view.canZoomIn);
    enable(zoomOut, view.isZoomed);
    enable(reset, view.isZoomed);
    this.stage.classList.toggle("zoomed", view.isZoomed);
    this.#missing.hidden = view.missing === 0;
    this.say(view.isZoomed ? `${Math.round(view.scale * 100)} %` : "");
  }
}

define(ZoomViewer);
