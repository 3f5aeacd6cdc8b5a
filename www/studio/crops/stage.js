// The picture with a box for each part, which is dragged by mouse, touch and keys.
import { element } from "../dom.js";
import { inPixels } from "./boxes.js";
import { SWATCH } from "./parts.js";

/** How far an arrow key moves an edge, as a fraction of the picture. */
const STEP = 0.01;

const HANDLES = [[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0]].map(([x, y]) => ({ x, y }));

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The stage. `choose(name)` is called when a box is chosen, `drag(name, rect, handle, dx, dy, kind)` when the box that
 * was at `rect` is to be moved, or to be resized by a handle; `settle()` at the end of a drag.
 */
export class CropStage {
  #image = element("img", { alt: "" });
  #boxes = element("div", { class: "boxes" });
  #handles = element("div", { class: "handles", "aria-hidden": "true", hidden: true });
  #frame = element("div", { class: "frame" }, this.#image, this.#boxes, this.#handles);
  #problem = element("p", { class: "problem alarming", role: "alert", hidden: true });
  #parts = {};
  #chosen;
  #call;

  constructor(object, picture, call) {
    this.#call = call;
    this.picture = picture;
    this.#image.alt = object;
    this.#frame.style.aspectRatio = `${picture.width} / ${picture.height}`;
    // The whole picture is in the window, below what stands above it.
    this.#frame.style.maxWidth = `calc(max(45vh, 100vh - 20rem) * ${picture.width / picture.height})`;
    this.element = element("div", { class: "crop-stage" }, this.#frame, this.#problem);
    for (const handle of HANDLES) {
      const grip = element("span", { class: "grip", "data-x": handle.x, "data-y": handle.y });
      grip.addEventListener("pointerdown", (event) => this.#begin(event, this.#chosen, handle));
      this.#handles.append(grip);
    }
  }

  /** Shows the bytes of the picture, or why there are none. */
  async fill({ bytes, contentType, status }) {
    if (status !== 200) return this.fail(new TextDecoder().decode(bytes).trim());
    const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
    this.#image.src = address;
    await this.#image.decode().catch(() => {});
    URL.revokeObjectURL(address);
    return undefined;
  }

  fail(why) {
    this.#problem.textContent = `The picture cannot be drawn: ${why}`;
    this.#problem.hidden = false;
  }

  /** The mean colour of a part of the picture in view, as `0xRRGGBB`. */
  colorOf([x, y, width, height]) {
    const { naturalWidth, naturalHeight } = this.#image;
    if (!naturalWidth) return undefined;
    // Scaling to one pixel would look at few pixels; sixteen steps of each side are enough for a patch.
    const grid = new OffscreenCanvas(16, 16).getContext("2d", { willReadFrequently: true });
    grid.imageSmoothingQuality = "high";
    grid.drawImage(this.#image, x * naturalWidth, y * naturalHeight, Math.max(1, width * naturalWidth), Math.max(1, height * naturalHeight), 0, 0, 16, 16);
    const { data } = grid.getImageData(0, 0, 16, 16);
    const mean = [0, 1, 2].map((channel) => Math.round(data.reduce((sum, value, at) => (at % 4 === channel ? sum + value : sum), 0) / 256));
    return `0x${mean.map((value) => value.toString(16).toUpperCase().padStart(2, "0")).join("")}`;
  }

  /** Brings the boxes up to date. */
  show(parts, chosen) {
    this.#parts = parts;
    this.#chosen = chosen;
    for (const box of [...this.#boxes.children]) if (!parts[box.dataset.name]) box.remove();
    const names = Map.groupBy(Object.keys(parts), (name) => parts[name].rect.join());
    for (const [name, part] of Object.entries(parts)) {
      const box = this.#box(name);
      const { rect: [x, y, width, height] } = part;
      place(box, part.rect);
      // A box within another one can be reached, too.
      box.style.zIndex = String(1 + 2 * Math.round((1 - width * height) * 900) + Number(name === chosen));
      box.firstChild.textContent = names.get(part.rect.join()).join(", ");
      box.classList.toggle("chosen", name === chosen);
      box.setAttribute("aria-current", String(name === chosen));
      const [left, top, wide, high] = inPixels([x, y, width, height], this.picture);
      box.setAttribute("aria-label", `${name}: ${wide} × ${high} pixels, ${left} from the left, ${top} from the top`);
    }
    this.#handles.hidden = !parts[chosen];
    if (parts[chosen]) place(this.#handles, parts[chosen].rect);
  }

  focus(name) {
    this.#find(name)?.focus({ preventScroll: true });
  }

  #find = (name) => [...this.#boxes.children].find((box) => box.dataset.name === name);

  #box(name) {
    const there = this.#find(name);
    if (there) return there;
    const box = element("div", { class: name === SWATCH ? "box swatch" : "box", role: "group", "aria-roledescription": "box", tabindex: "0", "data-name": name }, element("span", { class: "label" }, name));
    box.addEventListener("focus", () => this.#call.choose(name));
    box.addEventListener("pointerdown", (event) => this.#begin(event, name));
    box.addEventListener("keydown", (event) => this.#key(event, name));
    this.#boxes.append(box);
    return box;
  }

  #begin(event, name, handle) {
    if (event.button !== 0 || !this.#parts[name]) return;
    event.preventDefault();
    // Boxes that lie upon each other are told apart by what is chosen.
    const chosen = this.#parts[this.#chosen];
    const meant = !handle && chosen && chosen.rect.join() === this.#parts[name].rect.join() ? this.#chosen : name;
    this.focus(meant);
    const { rect } = this.#parts[meant];
    const frame = this.#frame.getBoundingClientRect();
    const ended = new AbortController();
    const listen = (type, listener) => window.addEventListener(type, listener, { signal: ended.signal });
    listen("pointermove", (moved) => {
      if (moved.pointerId !== event.pointerId) return;
      this.#call.drag(meant, rect, handle, (moved.clientX - event.clientX) / frame.width, (moved.clientY - event.clientY) / frame.height, `drag ${event.timeStamp}`);
    });
    const end = (last) => {
      if (last.pointerId !== event.pointerId) return;
      ended.abort();
      this.#call.settle();
    };
    listen("pointerup", end);
    listen("pointercancel", end);
  }

  #key(event, name) {
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.metaKey) return;
    event.preventDefault();
    const [x, y] = event.ctrlKey ? [1 / this.picture.width, 1 / this.picture.height] : [STEP, STEP];
    // To resize, right and down are larger, left and up smaller.
    const handle = event.shiftKey ? { x: Math.abs(arrow[0]), y: Math.abs(arrow[1]) } : undefined;
    this.#call.drag(name, this.#parts[name].rect, handle, arrow[0] * x, arrow[1] * y, `${event.shiftKey ? "resize" : "move"} ${name}`);
  }
}

function place({ style }, [x, y, width, height]) {
  [style.left, style.top, style.width, style.height] = [x, y, width, height].map((part) => `${part * 100}%`);
}
