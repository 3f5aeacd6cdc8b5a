// A picture that can be zoomed: tiles of the server, drawn on a canvas.
import { element, isStill } from "./dom.js";
import { listen } from "./gestures.js";
import { Tiles, levelFor, loadImage, tilesOf } from "./tiles.js";

/** The longest side of the picture that is shown first; servers limit it. */
const FIRST_SIDE = 2000;
const GLIDE_MS = 220;

/** A zoomable picture in a stage. `item` needs name, width and height. */
export class ZoomView {
  #canvas = element("canvas");
  #stage;
  #server;
  #signal;
  #changed;
  /** The picture that is shown, and the one that is being loaded. */
  #item;
  #opening;
  #first;
  #tiles;
  #frame;
  #gliding;
  #missing = 0;
  #stopCoasting = () => {};
  #box = { width: 0, height: 0 };
  /** CSS pixels for each pixel of the picture, and the pixel in the middle. */
  #view = { scale: 1, x: 0, y: 0 };
  #limit;

  constructor(stage, server, { signal, changed = () => {}, limit = 1 }) {
    this.#stage = stage;
    this.#server = server;
    this.#signal = signal;
    this.#changed = changed;
    this.#limit = limit;
    this.#canvas.setAttribute("aria-hidden", "true");
    stage.prepend(this.#canvas);
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(stage);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  /** Whether it shows a picture, which is loaded. */
  get isOpen() {
    return this.#item !== undefined;
  }

  get scale() {
    return this.#view.scale;
  }

  get center() {
    return { x: this.#view.x, y: this.#view.y };
  }

  /** The scale at which the whole picture is seen. A small picture is not enlarged. */
  get fit() {
    return this.#item ? this.#fitOf(this.#item) : 1;
  }

  #fitOf({ width, height }) {
    return Math.min(this.#box.width / width, this.#box.height / height, 1) || 1;
  }

  get max() {
    return Math.max(this.#limit, this.fit);
  }

  get isZoomed() {
    return this.#view.scale > this.fit * 1.001;
  }

  get canZoomIn() {
    return this.#view.scale < this.max * 0.999;
  }

  /** How many of the tiles in view could not be loaded. */
  get missing() {
    return this.#tiles?.missing ?? 0;
  }

  /** Shows a picture, whole. Rejects if it cannot be loaded. */
  async open(item) {
    this.#opening = item;
    this.#measure();
    const url = ({ n, x, y, w, h }) => this.#server.image(item, `scl=${n}&req=tile&rect=${x},${y},${w},${h}`);
    const tiles = new Tiles(url, this.#signal, () => this.draw());
    const largest = FIRST_SIDE / Math.max(item.width, item.height);
    const width = Math.max(1, Math.round(item.width * Math.min(this.#fitOf(item) * devicePixelRatio, largest, 1)));
    let first;
    try {
      first = await loadImage(this.#server.image(item, `wid=${width}`), this.#signal);
    } catch {
      if (this.#opening !== item) return;
      throw new Error(`The picture ${item.name} could not be loaded.`);
    }
    if (this.#opening !== item || this.#signal.aborted) return;
    [this.#item, this.#first, this.#tiles] = [item, first, tiles];
    this.reset(false);
  }

  /** Shows all of the picture. */
  reset(glide = true) {
    if (!this.#item) return;
    this.#stopCoasting();
    const { width, height } = this.#item;
    this.#glide({ scale: this.fit, x: width / 2, y: height / 2 }, glide);
  }

  /** Zooms around a point of the stage; around its middle without one. Says whether anything changed. */
  zoom(factor, x = this.#box.width / 2, y = this.#box.height / 2, glide = false) {
    if (!this.#item) return false;
    const { scale } = this.#view;
    const to = Math.min(this.max, Math.max(this.fit, scale * factor));
    if (Math.abs(to / scale - 1) < 0.001) return false;
    const [fromX, fromY] = [x - this.#box.width / 2, y - this.#box.height / 2];
    const shift = 1 / scale - 1 / to;
    this.#glide({ scale: to, x: this.#view.x + fromX * shift, y: this.#view.y + fromY * shift }, glide);
    return true;
  }

  /** Moves the picture by CSS pixels. */
  move(dx, dy) {
    if (!this.#item) return;
    const { scale, x, y } = this.#view;
    this.#glide({ scale, x: x - dx / scale, y: y - dy / scale }, false);
  }

  /** Shows this point of the picture in the middle, at this scale. */
  look(scale, x, y) {
    if (this.#item) this.#glide({ scale, x, y }, false);
  }

  retry() {
    this.#tiles?.retry();
  }

  /** Zoom and move by fingers, mouse and wheel. `swipe` is called for swipes over a picture that fits. */
  listen({ step, swipe, tap }) {
    const doubleTap = (x, y) => (this.canZoomIn ? this.zoom(step(), x, y, true) : this.reset());
    this.#stopCoasting = listen(
      this.#stage,
      { move: (dx, dy) => this.move(dx, dy), zoom: (factor, x, y) => this.zoom(factor, x, y), doubleTap, swipe, tap, canMove: () => this.isZoomed },
      this.#signal,
    );
  }

  #glide(to, smoothly) {
    cancelAnimationFrame(this.#gliding);
    const target = this.#within(to);
    const arrive = () => {
      this.#view = target;
      this.#schedule();
      this.#changed();
    };
    if (!smoothly || isStill()) return arrive();
    this.#stopCoasting();
    const [from, since] = [this.#view, performance.now()];
    const step = (now) => {
      const part = (now - since) / GLIDE_MS;
      // The powers below do not end on the target to the last bit.
      if (part >= 1) return arrive();
      const eased = 1 - (1 - part) ** 3;
      const scale = from.scale * (target.scale / from.scale) ** eased;
      // The point moves as if the zoom were around a fixed one.
      const way = from.scale === target.scale ? eased : (1 / scale - 1 / from.scale) / (1 / target.scale - 1 / from.scale);
      this.#view = this.#within({ scale, x: from.x + (target.x - from.x) * way, y: from.y + (target.y - from.y) * way });
      this.draw();
      this.#gliding = requestAnimationFrame(step);
    };
    this.#gliding = requestAnimationFrame(step);
  }

  /** A view without a margin that the picture could fill. */
  #within({ scale, x, y }) {
    const bound = (at, side, box) => {
      const half = box / scale / 2;
      return half * 2 >= side ? side / 2 : Math.min(side - half, Math.max(half, at));
    };
    const { width, height } = this.#item;
    return { scale, x: bound(x, width, this.#box.width), y: bound(y, height, this.#box.height) };
  }

  #measure() {
    const { clientWidth, clientHeight } = this.#stage;
    this.#box = { width: clientWidth, height: clientHeight };
    const [width, height] = [clientWidth, clientHeight].map((side) => Math.round(side * devicePixelRatio));
    // To set its size empties a canvas.
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
  }

  #resize() {
    if (!this.#first) return;
    const wasZoomed = this.isZoomed;
    this.#measure();
    if (wasZoomed) this.#glide({ ...this.#view, scale: Math.min(this.max, Math.max(this.fit, this.#view.scale)) }, false);
    else this.reset(false);
    // A changed canvas is empty until it is drawn.
    this.draw();
  }

  #schedule() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.draw();
    });
  }

  /** Draws the view with what is loaded, the finest last, and asks for what is missing. */
  draw() {
    if (!this.#first || this.#signal.aborted) return;
    const { width, height } = this.#item;
    const context = this.#canvas.getContext("2d");
    const scale = this.#view.scale * devicePixelRatio;
    const [left, top] = [this.#view.x - this.#canvas.width / 2 / scale, this.#view.y - this.#canvas.height / 2 / scale];
    const area = { left, top, right: left + this.#canvas.width / scale, bottom: top + this.#canvas.height / scale };
    // Edges lie on pixels of the screen, so that no line shows between tiles.
    const put = (image, x, y, w, h) => {
      const [x0, y0, x1, y1] = [x - left, y - top, x + w - left, y + h - top].map((at) => Math.round(at * scale));
      context.drawImage(image, x0, y0, x1 - x0, y1 - y0);
    };
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    put(this.#first, 0, 0, width, height);
    if (this.#first.naturalWidth >= width * scale * 0.99 || this.#first.naturalWidth >= width) return this.#want([]);
    const finest = levelFor(scale, this.#item);
    for (let level = finest + 3; level >= finest; level -= 1) {
      const tiles = tilesOf(level, this.#item, area);
      for (const { key, n, x, y, w, h } of tiles) {
        const image = this.#tiles.get(key);
        if (image) put(image, x * n, y * n, Math.min(w * n, width - x * n), Math.min(h * n, height - y * n));
      }
      if (level === finest) this.#want(tiles);
    }
  }

  #want(tiles) {
    this.#tiles.want(tiles);
    if (this.missing !== this.#missing) {
      this.#missing = this.missing;
      this.#changed();
    }
  }
}
