// <azulejo-panorama>: an equirectangular picture, 360° wide and 180° high, seen from its middle.
import { leaves, sized } from "./asset.js";
import { button, element, enable, isStill, sheet } from "./dom.js";
import { listen } from "./gestures.js";
import { Sphere } from "./sphere.js";
import { loadImage } from "./tiles.js";
import { Viewer, define } from "./viewer.js";

/** The widest picture that is loaded, and the side of the pieces in which it comes. */
const WIDEST = 4096;
const PIECE = 1024;
const AT_ONCE = 6;
const FIELD = { least: 30, most: 100, first: 75 };
const KEY_DEGREES = 8;
const TURN_DEGREES = 4;

const own = sheet(`.stage { touch-action: none; cursor: grab } .stage:active { cursor: grabbing }`);

export class Panorama extends Viewer {
  static tag = "azulejo-panorama";
  static label = "Panorama";
  static sheets = [own];

  #sphere;
  /** Where it looks, in degrees: to the right, up, and how wide. */
  #look = { yaw: 0, pitch: 0, field: FIELD.first };
  #frame;
  #turning;
  #buttons;

  get look() {
    return { ...this.#look };
  }

  async show(set, signal) {
    const item = await sized(this.server, leaves(set.items)[0], signal);
    this.#look = { yaw: 0, pitch: 0, field: FIELD.first };
    this.shape({ width: 16, height: 9 });
    const canvas = element("canvas", { "aria-hidden": "true" });
    this.stage.append(canvas);
    this.#sphere = new Sphere(canvas, WIDEST);
    const hint = "Arrow keys turn, plus and minus zoom, 0 looks ahead.";
    const attributes = { tabindex: "0", role: "application", "aria-roledescription": "panorama", "aria-description": hint, "aria-label": item.label || this.label };
    for (const [name, value] of Object.entries(attributes)) this.stage.setAttribute(name, value);
    this.#toolbar();
    this.#listen(signal);
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.stage);
    const sphere = this.#sphere;
    const end = () => {
      observer.disconnect();
      this.#stop();
      sphere.end();
    };
    signal.addEventListener("abort", end, { once: true });
    await this.#load(item, signal);
    if (/^(1|true)/.test(this.param("autorotate", "PanoramicView") ?? "") && !isStill()) this.#turn();
  }

  /** Loads the picture, coarse at first, then in pieces of a finer level. */
  async #load(item, signal) {
    const first = await loadImage(this.server.image(item, `wid=${Math.min(PIECE, item.width)}`), signal).catch(() => {
      throw new Error(`The picture ${item.name} could not be loaded.`);
    });
    this.#sphere.begin(first);
    this.#draw();
    const level = Math.max(0, Math.ceil(Math.log2(item.width / this.#sphere.widest)));
    const n = 2 ** level;
    const [width, height] = [Math.ceil(item.width / n), Math.ceil(item.height / n)];
    if (width <= first.naturalWidth) return;
    const pieces = [];
    for (let y = 0; y < height; y += PIECE) {
      for (let x = 0; x < width; x += PIECE) pieces.push({ x, y, w: Math.min(PIECE, width - x), h: Math.min(PIECE, height - y) });
    }
    this.#sphere.resize(width, height);
    const next = async () => {
      for (let piece = pieces.shift(); piece && !signal.aborted; piece = pieces.shift()) {
        const { x, y, w, h } = piece;
        try {
          const image = await loadImage(this.server.image(item, `scl=${n}&req=tile&rect=${x},${y},${w},${h}`), signal);
          if (!signal.aborted) this.#sphere.put(image, x, y);
          this.#draw();
        } catch {
          // The coarse picture stays in its place.
        }
      }
    };
    for (let at = 0; at < AT_ONCE; at += 1) void next();
  }

  #toolbar() {
    const [zoomIn, zoomOut, turn, ahead] = [
      button("in", "Zoom in", () => this.#see(0, 0, 0.8)),
      button("out", "Zoom out", () => this.#see(0, 0, 1.25)),
      button("play", "Turn by itself", () => (this.#turning ? this.#stop() : this.#turn()), { "aria-pressed": "false" }),
      button("reset", "Look ahead", () => this.#ahead()),
    ];
    this.#buttons = { zoomIn, zoomOut, turn };
    this.bar.append(zoomIn, zoomOut, turn, ahead);
  }

  #listen(signal) {
    const move = (dx, dy) => {
      this.#stop();
      const degrees = this.#look.field / Math.max(1, this.stage.clientWidth);
      this.#see(-dx * degrees, dy * degrees);
    };
    listen(this.stage, { move, zoom: (factor) => this.#see(0, 0, 1 / factor), doubleTap: () => this.#see(0, 0, 0.6), canMove: () => true }, signal);
    this.stage.onkeydown = (event) => {
      const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (event.target !== this.stage || event.ctrlKey || event.metaKey || event.altKey) return;
      if (arrow) {
        this.#stop();
        this.#see(arrow[0] * KEY_DEGREES, arrow[1] * KEY_DEGREES);
      } else if (event.key === "+" || event.key === "=") this.#see(0, 0, 0.8);
      else if (event.key === "-") this.#see(0, 0, 1.25);
      else if (event.key === "0" || event.key === "Home") this.#ahead();
      else if (event.key === " ") this.#turning ? this.#stop() : this.#turn();
      else return;
      event.preventDefault();
    };
  }

  #ahead() {
    this.#stop();
    this.#look = { yaw: 0, pitch: 0, field: FIELD.first };
    this.#draw();
  }

  /** Turns and zooms. Says whether anything changed. */
  #see(yaw, pitch, factor = 1) {
    const { field } = this.#look;
    const within = (value, least, most) => Math.min(most, Math.max(least, value));
    this.#look = {
      yaw: (((this.#look.yaw + yaw + 180) % 360) + 360) % 360 - 180,
      pitch: within(this.#look.pitch + pitch, -85, 85),
      field: within(field * factor, FIELD.least, FIELD.most),
    };
    enable(this.#buttons.zoomIn, this.#look.field > FIELD.least);
    enable(this.#buttons.zoomOut, this.#look.field < FIELD.most);
    this.#draw();
    return factor === 1 || field !== this.#look.field;
  }

  #turn() {
    this.#stop();
    let last = performance.now();
    const step = (now) => {
      this.#see((TURN_DEGREES * Math.min(100, now - last)) / 1000);
      last = now;
      this.#turning = requestAnimationFrame(step);
    };
    this.#turning = requestAnimationFrame(step);
    this.#buttons.turn.setAttribute("aria-pressed", "true");
  }

  #stop() {
    cancelAnimationFrame(this.#turning);
    this.#turning = undefined;
    this.#buttons?.turn.setAttribute("aria-pressed", "false");
  }

  #draw() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (!this.signal.aborted) this.#sphere.draw(this.#look);
    });
  }
}

define(Panorama);
