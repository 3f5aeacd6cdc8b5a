// <azulejo-flyout>: a picture with a lens; what is under the lens is shown enlarged beside it, or in place.
import { leaves, sized } from "./asset.js";
import { element, sheet } from "./dom.js";
import { Swatches, nameOf, swatchSheet } from "./swatches.js";
import { loadImage } from "./tiles.js";
import { Viewer, define } from "./viewer.js";
import { ZoomView } from "./zoom-view.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** The part of the picture by which an arrow key moves the lens. */
const ARROW_STEP = 0.05;
/** The flyout is shown in place where there is less room beside the picture, in CSS pixels. */
const LEAST_ROOM = 240;

const own = sheet(`
  .stage { cursor: crosshair; touch-action: pan-y }
  .stage.open { touch-action: none }
  .lens { position: absolute; border: 2px solid #ffffff; box-shadow: 0 0 0 2px #000000; background: #ffffff33; pointer-events: none }
  .flyout { position: absolute; top: 0; background: var(--ground); overflow: hidden; z-index: 4; pointer-events: none; border: 1px solid var(--line); border-radius: 4px }
  .flyout canvas { position: absolute; inset: 0; width: 100%; height: 100% }
  .flyout.inline { border: 0; inset: 0 }
`);

export class FlyoutViewer extends Viewer {
  static tag = "azulejo-flyout";
  static label = "Flyout viewer";
  static sheets = [own, swatchSheet];

  #items;
  /** The chosen item, and the one that is shown. */
  #at = 0;
  #item;
  #picture;
  #lens;
  #flyout;
  #view;
  #box;
  /** The point under the lens, as parts of the picture. */
  #point = { x: 0.5, y: 0.5 };

  /** How much the flyout enlarges: `zoomfactor`, 3 by default, at most to the picture's own pixels. */
  get #factor() {
    const [factor] = (this.param("zoomfactor", "FlyoutZoomView") ?? "").split(",").map(Number);
    return factor > 1 ? factor : 3;
  }

  get #isInline() {
    return this.param("layout") === "inline" || /inline/i.test(this.getAttribute("config") ?? "");
  }

  async show(set, signal) {
    this.#items = leaves(set.items);
    this.#item = undefined;
    const attributes = { tabindex: "0", role: "button", "aria-pressed": "false" };
    for (const [name, value] of Object.entries(attributes)) this.stage.setAttribute(name, value);
    this.#picture = element("img", { class: "fill", alt: "", draggable: "false" });
    this.#lens = element("div", { class: "lens", hidden: true });
    this.#flyout = element("div", { class: "flyout", hidden: true, part: "flyout" });
    this.stage.append(this.#picture, this.#lens);
    this.#view = undefined;
    this.shape(await sized(this.server, this.#items[0], signal));
    if (this.#items.length > 1) {
      const choose = (at) => this.attempt(this.#open(at));
      this.frame.insertBefore(new Swatches(this.#items, this.server, { choose }).element, this.bar);
    }
    this.#listen(signal);
    await this.#open(0);
  }

  async #open(at) {
    const { signal } = this;
    this.#at = at;
    this.#close();
    const item = await sized(this.server, this.#items[at], signal);
    const { clientWidth, clientHeight } = this.stage;
    const largest = Math.min(2000, Math.round(Math.min(clientWidth, (clientHeight * item.width) / item.height, item.width) * devicePixelRatio));
    let loaded;
    try {
      loaded = await loadImage(this.server.image(item, `wid=${Math.max(1, largest)}`), signal);
    } catch {
      if (at !== this.#at) return;
      throw new Error(`The picture ${item.name} could not be loaded.`);
    }
    if (signal.aborted || at !== this.#at) return;
    this.#item = item;
    this.#picture.src = loaded.src;
    const name = this.#items.length > 1 ? nameOf(item, at, this.#items) : item.label || this.label;
    this.stage.setAttribute("aria-label", `${name}: enlarge`);
    this.stage.setAttribute("aria-description", "Enter enlarges, arrow keys move, Escape closes.");
  }

  #listen(signal) {
    const point = (event) => {
      const [stage, box] = [this.stage.getBoundingClientRect(), this.#fitted()];
      this.#look((event.clientX - stage.left - box.left) / box.width, (event.clientY - stage.top - box.top) / box.height);
    };
    const on = (type, run) => this.stage.addEventListener(type, run, { signal });
    on("pointerenter", (event) => {
      if (event.pointerType === "mouse" && this.#item) {
        this.#show();
        point(event);
      }
    });
    on("pointermove", (event) => {
      if (!this.#flyout.hidden && (event.pointerType === "mouse" || event.buttons)) point(event);
    });
    on("pointerleave", (event) => event.pointerType === "mouse" && this.#close());
    on("click", (event) => {
      // A tap opens and closes; a mouse has opened it by coming. `detail` is 0 for keys of assistive tools.
      if (event.pointerType === "mouse" && event.detail > 0) return;
      if (this.#flyout.hidden) {
        this.#show();
        if (event.detail > 0) point(event);
      } else {
        this.#close();
      }
    });
    on("blur", () => this.#close());
    on("keydown", (event) => this.#key(event));
  }

  #key(event) {
    const arrow = ARROWS[event.key];
    if (event.key === "Enter" || event.key === " ") this.#flyout.hidden ? this.#show() : this.#close();
    else if (event.key === "Escape" && !this.#flyout.hidden) this.#close();
    else if (arrow && !this.#flyout.hidden) this.#look(this.#point.x + arrow[0] * ARROW_STEP, this.#point.y + arrow[1] * ARROW_STEP);
    else return;
    event.preventDefault();
  }

  /** Where the picture lies in the stage. */
  #fitted() {
    const { clientWidth, clientHeight } = this.stage;
    const scale = Math.min(clientWidth / this.#item.width, clientHeight / this.#item.height);
    const [width, height] = [this.#item.width * scale, this.#item.height * scale];
    return { scale, width, height, left: (clientWidth - width) / 2, top: (clientHeight - height) / 2 };
  }

  /** Opens the flyout beside the picture, or over it where there is no room. */
  #show() {
    if (!this.#item || !this.#flyout.hidden) return;
    const box = this.stage.getBoundingClientRect();
    const [right, left] = [document.documentElement.clientWidth - box.right, box.left];
    const beside = !this.#isInline && Math.max(right, left) >= LEAST_ROOM;
    this.#flyout.classList.toggle("inline", !beside);
    const { style } = this.#flyout;
    for (const name of ["left", "right", "width", "height"]) style[name] = "";
    if (beside) {
      style[right >= left ? "left" : "right"] = "calc(100% + 8px)";
      style.width = `${Math.min(box.width, Math.max(right, left) - 16)}px`;
      style.height = `${box.height}px`;
      this.frame.append(this.#flyout);
    } else {
      this.stage.append(this.#flyout);
    }
    this.#flyout.hidden = false;
    this.stage.classList.add("open");
    this.stage.setAttribute("aria-pressed", "true");
    this.#lens.hidden = !beside;
    this.#view ??= new ZoomView(this.#flyout, this.server, { signal: this.signal });
    if (this.#box !== this.#item) {
      this.#box = this.#item;
      this.#view.open(this.#item).then(() => this.#look(this.#point.x, this.#point.y), (error) => this.say(error.message));
    } else {
      this.#look(this.#point.x, this.#point.y);
    }
    this.say("Enlarged");
    this.track("ZOOM", this.#item.name);
  }

  #close() {
    if (this.#flyout.hidden) return;
    this.#flyout.hidden = true;
    this.#lens.hidden = true;
    this.stage.classList.remove("open");
    this.stage.setAttribute("aria-pressed", "false");
    this.say("");
  }

  /** Moves the lens to a point of the picture. */
  #look(x, y) {
    const within = (at) => Math.min(1, Math.max(0, at));
    this.#point = { x: within(x), y: within(y) };
    const box = this.#fitted();
    const scale = Math.min(box.scale * this.#factor, Math.max(1, box.scale));
    const [width, height] = [this.#flyout.clientWidth / scale, this.#flyout.clientHeight / scale].map((side) => side * box.scale);
    const clamp = (middle, side, all) => Math.min(all - Math.min(side, all), Math.max(0, middle - side / 2));
    const [left, top] = [clamp(this.#point.x * box.width, width, box.width), clamp(this.#point.y * box.height, height, box.height)];
    Object.assign(this.#lens.style, { left: `${box.left + left}px`, top: `${box.top + top}px`, width: `${Math.min(width, box.width)}px`, height: `${Math.min(height, box.height)}px` });
    this.#view?.look(scale, this.#point.x * this.#item.width, this.#point.y * this.#item.height);
  }

  /**
   * The enlargement at present: CSS pixels for each pixel of the picture, and the point in its middle. Nothing
   * while the flyout is closed or loads its picture.
   */
  get enlarged() {
    const isShown = !(this.#flyout?.hidden ?? true) && this.#view.isOpen;
    return isShown ? { scale: this.#view.scale, ...this.#view.center } : undefined;
  }
}

define(FlyoutViewer);
