// <azulejo-spin>: an object seen from all sides. The items of a two-dimensional spin are rows of views.
import { leaves, sized } from "./asset.js";
import { button, element, enable, isStill, sheet } from "./dom.js";
import { listen } from "./gestures.js";
import { loadImage } from "./tiles.js";
import { Viewer, define } from "./viewer.js";
import { ZoomView } from "./zoom-view.js";

const AT_ONCE = 6;
const MOST_PIXELS = 2000;
/** Milliseconds for each view while it turns by itself. */
const TURN_MS = 110;

const own = sheet(`
  .stage { cursor: ew-resize; touch-action: pan-y }
  .stage.rows { cursor: move; touch-action: none }
  .stage.zoomed { cursor: grab; touch-action: none }
  .loading { position: absolute; left: 0; bottom: 0; height: 4px; background: var(--accent); width: var(--part, 0%) }
`);

export class SpinViewer extends Viewer {
  static tag = "azulejo-spin";
  static label = "Spin viewer";
  static sheets = [own];

  /** Rows of items, and the loaded pictures at the same places. */
  #rows;
  #images;
  #canvas;
  #at = { row: 0, column: 0 };
  #rest = { x: 0, y: 0 };
  #turning;
  #view;
  #buttons;

  /** The view that is shown: row and column, from 0. */
  get position() {
    return { ...this.#at };
  }

  async show(set, signal) {
    const rows = set.items.some(({ items }) => items) ? set.items.map((item) => item.items ?? [item]) : [set.items];
    this.#rows = rows.map((row) => leaves(row));
    this.#images = this.#rows.map((row) => row.map(() => undefined));
    this.#rest = { x: 0, y: 0 };
    this.#stop();
    const initial = Number(this.param("initialframe", "SpinView") ?? 0) || 0;
    this.#at = { row: 0, column: this.#wrapped(0, initial) };
    const first = await sized(this.server, this.#rows[0][0], signal);
    this.shape(first);
    this.#canvas = element("canvas", { "aria-hidden": "true" });
    this.stage.classList.toggle("rows", this.#rows.length > 1);
    this.stage.append(this.#canvas, element("div", { class: "loading" }));
    this.#describe();
    this.#toolbar();
    this.#listen(signal);
    await this.#load(signal);
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.stage);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    this.#draw();
    if (/^(1|true)/.test(this.param("autospin", "SpinView") ?? "") && !isStill()) this.#turn();
  }

  /** Loads the first view, then all others in the background, the nearest first. */
  async #load(signal) {
    const places = this.#rows.flatMap((row, y) => row.map((_, x) => ({ row: y, column: x })));
    const far = ({ row, column }) => {
      const side = Math.abs(column - this.#at.column);
      return Math.abs(row - this.#at.row) * 4 + Math.min(side, this.#rows[row].length - side);
    };
    places.sort((one, other) => far(one) - far(other));
    const [first, ...others] = places;
    await this.#fetch(first, signal);
    let done = 1;
    let failed = 0;
    const bar = this.stage.querySelector(".loading");
    const next = async () => {
      for (let place = others.shift(); place && !signal.aborted; place = others.shift()) {
        await this.#fetch(place, signal).catch(() => (failed += 1));
        done += 1;
        bar.style.setProperty("--part", `${(100 * done) / places.length}%`);
        bar.hidden = done === places.length;
        if (done === places.length && failed > 0 && !signal.aborted) this.fail(new Error(`${failed} of ${places.length} views could not be loaded.`));
      }
    };
    bar.hidden = others.length === 0;
    for (let at = 0; at < AT_ONCE; at += 1) void next();
  }

  async #fetch({ row, column }, signal) {
    const item = this.#rows[row][column];
    const { clientWidth, clientHeight } = this.stage;
    const side = [clientWidth, clientHeight].map((pixels) => Math.max(1, Math.min(MOST_PIXELS, Math.round(pixels * devicePixelRatio))));
    try {
      this.#images[row][column] = await loadImage(this.server.image(item, `wid=${side[0]}&hei=${side[1]}&fit=constrain`), signal);
    } catch {
      throw new Error(`The picture ${item.name} could not be loaded.`);
    }
    if (row === this.#at.row && column === this.#at.column) this.#draw();
  }

  #draw() {
    const image = this.#images[this.#at.row][this.#at.column];
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight].map((side) => Math.round(side * devicePixelRatio));
    // A view that is not loaded yet leaves the last one in its place.
    if (!image) return;
    Object.assign(this.#canvas, { width, height });
    const scale = Math.min(width / image.naturalWidth, height / image.naturalHeight);
    const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
    this.#canvas.getContext("2d").drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
  }

  #wrapped(row, column) {
    const { length } = this.#rows[row];
    return ((column % length) + length) % length;
  }

  /** Turns to another view. Columns go round, rows end. */
  #go(columns, rows = 0) {
    if (this.#view) return;
    const row = Math.min(this.#rows.length - 1, Math.max(0, this.#at.row + rows));
    this.#at = { row, column: this.#wrapped(row, this.#at.column + columns) };
    this.#describe();
    this.#draw();
  }

  #describe() {
    const { row, column } = this.#at;
    const count = this.#rows[row].length;
    const text = `View ${column + 1} of ${count}${this.#rows.length > 1 ? `, row ${row + 1} of ${this.#rows.length}` : ""}`;
    const attributes = { tabindex: "0", role: "slider", "aria-label": this.label, "aria-orientation": "horizontal", "aria-valuemin": 1, "aria-valuemax": count, "aria-valuenow": column + 1, "aria-valuetext": text };
    for (const [name, value] of Object.entries(attributes)) this.stage.setAttribute(name, value);
  }

  #toolbar() {
    const [left, right, turn, zoom] = [
      button("left", "Turn left", () => this.#go(-1)),
      button("right", "Turn right", () => this.#go(1)),
      button("play", "Turn by itself", () => (this.#turning ? this.#stop() : this.#turn()), { "aria-pressed": "false" }),
      button("in", "Zoom", () => void this.#zoom(), { "aria-pressed": "false" }),
    ];
    this.#buttons = { left, right, turn, zoom };
    this.bar.append(left, right, turn, zoom);
    if (this.#rows.length > 1) this.bar.prepend(button("up", "Turn up", () => this.#go(0, -1)), button("down", "Turn down", () => this.#go(0, 1)));
  }

  #listen(signal) {
    const move = (dx, dy) => {
      if (this.#view) return this.#view.move(dx, dy);
      this.#stop();
      const each = Math.max(6, this.stage.clientWidth / this.#rows[this.#at.row].length / 1.2);
      const row = Math.max(24, this.stage.clientHeight / this.#rows.length / 1.5);
      this.#rest = { x: this.#rest.x + dx, y: this.#rest.y + dy };
      const [columns, rows] = [Math.trunc(this.#rest.x / each), this.#rows.length > 1 ? Math.trunc(this.#rest.y / row) : 0];
      this.#rest = { x: this.#rest.x - columns * each, y: this.#rows.length > 1 ? this.#rest.y - rows * row : 0 };
      if (columns || rows) this.#go(columns, -rows);
    };
    const zoom = (factor, x, y) => this.#view?.zoom(factor, x, y) ?? false;
    listen(this.stage, { move, zoom, doubleTap: () => void this.#zoom(), canMove: () => true }, signal);
    this.stage.onkeydown = (event) => {
      const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (event.target !== this.stage || event.ctrlKey || event.metaKey || event.altKey) return;
      if (arrow && this.#view) this.#view.move(-80 * arrow[0], -80 * arrow[1]);
      else if (arrow && (arrow[0] || this.#rows.length > 1)) this.#go(...arrow);
      else if (event.key === "Home" || event.key === "End") this.#go((event.key === "Home" ? 0 : -1) - this.#at.column);
      else if (event.key === " ") this.#turning ? this.#stop() : this.#turn();
      else if (event.key === "Enter") void this.#zoom();
      else if (event.key === "Escape" && this.#view) void this.#zoom();
      else return;
      event.preventDefault();
    };
    signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  #turn() {
    this.#stop();
    if (this.#view) return;
    this.#turning = setInterval(() => this.#go(1), TURN_MS);
    this.#buttons.turn.setAttribute("aria-pressed", "true");
  }

  #stop() {
    clearInterval(this.#turning);
    this.#turning = undefined;
    this.#buttons?.turn.setAttribute("aria-pressed", "false");
  }

  /** Zooms into the present view, and back. */
  async #zoom() {
    this.#stop();
    const { zoom, left, right, turn } = this.#buttons;
    if (this.#view) {
      this.stage.querySelector(".zooming")?.remove();
      this.#view = undefined;
    } else {
      const item = await sized(this.server, this.#rows[this.#at.row][this.#at.column], this.signal);
      const layer = element("div", { class: "fill zooming" });
      this.stage.append(layer);
      const view = new ZoomView(layer, this.server, { signal: this.signal });
      try {
        await view.open(item);
      } catch (error) {
        layer.remove();
        return this.say(error.message);
      }
      view.zoom(3, undefined, undefined, true);
      this.#view = view;
    }
    zoom.setAttribute("aria-pressed", String(Boolean(this.#view)));
    this.stage.classList.toggle("zoomed", Boolean(this.#view));
    for (const control of [left, right, turn]) enable(control, !this.#view);
    this.say(this.#view ? "Enlarged" : "");
  }
}

define(SpinViewer);
