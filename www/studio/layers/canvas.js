// The picture with a frame around each layer, which can be dragged, moved with the keyboard, and typed into.
import { element } from "../dom.js";

/** How far an arrow key moves a layer, in pixels of the composite; with Shift ten times as far. */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * `on.choose(number)`, `on.grab(number)`, `on.move(number, across, down)` in pixels of the composite since it was
 * grabbed, `on.nudge(number, across, down)`, `on.type(number)`, `on.remove(number)`.
 */
export class Canvas {
  #picture = element("img", { alt: "", id: "layers-picture", hidden: true });
  #frames = element("div", { class: "frames", role: "group", "aria-label": "Layers on the picture" });
  #stage = element("div", { class: "sheet" }, this.#picture, this.#frames);
  #message = element("p", { class: "problem alarming", role: "status", hidden: true });
  #on;
  #layers = [];
  #chosen = 0;
  #mirrored = [1, 1];
  /** The drag that is under way. */
  #drag;

  element = element("div", { class: "canvas", "aria-busy": "true" }, this.#stage, this.#message);

  constructor(on) {
    this.#on = on;
    new ResizeObserver(() => this.#place()).observe(this.#picture);
  }

  busy() {
    clearTimeout(this.busyTimer);
    this.busyTimer = setTimeout(() => this.element.setAttribute("aria-busy", "true"), 300);
  }

  #ready() {
    clearTimeout(this.busyTimer);
    this.element.setAttribute("aria-busy", "false");
  }

  /** Says why there is no new picture. The last good one stays. */
  tell(text) {
    this.#ready();
    this.#message.replaceChildren(text);
    this.#message.hidden = false;
    this.element.classList.add("stale");
  }

  /** Shows a picture. `current` says whether it is still wanted. */
  async picture({ bytes, contentType }, name, current) {
    const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
    const next = Object.assign(new Image(), { src: address });
    const readable = await next.decode().then(() => true, () => false);
    if (!current() || !readable) {
      URL.revokeObjectURL(address);
      if (!readable) this.tell(`This browser cannot show ${contentType}.`);
      return;
    }
    URL.revokeObjectURL(this.#picture.src);
    this.#picture.src = address;
    this.#picture.alt = name;
    await this.#picture.decode().catch(() => {});
    this.#picture.hidden = false;
    this.#message.hidden = true;
    this.element.classList.remove("stale");
    this.#ready();
    this.#place();
  }

  /** Puts the frames where the layers lie. `mirrored` is −1 where the composite is flipped. */
  layers(layers, chosen, mirrored) {
    this.#layers = layers.filter(({ number, placed }) => placed && number > 0);
    [this.#chosen, this.#mirrored] = [chosen, mirrored];
    const made = new Map([...this.#frames.children].map((frame) => [Number(frame.dataset.layer), frame]));
    const wanted = [...this.#layers].sort((one, other) => one.number - other.number).map((layer) => made.get(layer.number) ?? this.#frame(layer.number));
    // What is in place stays there: an element that is moved loses the focus.
    if (wanted.some((frame, at) => frame !== this.#frames.children[at]) || wanted.length !== this.#frames.children.length) {
      const focused = document.activeElement;
      this.#frames.replaceChildren(...wanted);
      if (wanted.includes(focused)) focused.focus({ preventScroll: true });
    }
    for (const frame of wanted) {
      const layer = this.#layers.find(({ number }) => number === Number(frame.dataset.layer));
      const how = layer.kind === "text" ? "Arrow keys move it, Enter edits its words" : "Arrow keys move it";
      frame.setAttribute("aria-label", `Layer ${layer.number}: ${layer.label}. ${how}.`);
      frame.setAttribute("aria-pressed", String(layer.number === chosen));
    }
    this.#place();
  }

  /** Gives a frame the focus. */
  focus(number) {
    this.#frames.querySelector(`[data-layer="${number}"]`)?.focus({ preventScroll: true });
  }

  /** Pixels of the page for each pixel of the composite, across and down, at a layer. */
  #scale({ placed: { rect, area } }) {
    const shown = this.#shown();
    return [(area.width / rect.width) * shown, (area.height / rect.height) * shown];
  }

  /** Pixels of the page for each pixel of the reply. */
  #shown() {
    return this.#picture.naturalWidth ? this.#picture.clientWidth / this.#picture.naturalWidth : 0;
  }

  #place() {
    const shown = this.#shown();
    for (const frame of this.#frames.children) {
      const layer = this.#layers.find(({ number }) => number === Number(frame.dataset.layer));
      // A frame that is dragged lies where the pointer has it.
      if (!layer || this.#drag?.number === layer.number) continue;
      const { x, y, width, height } = layer.placed.area;
      Object.assign(frame.style, { left: `${x * shown}px`, top: `${y * shown}px`, width: `${width * shown}px`, height: `${height * shown}px` });
    }
  }

  #frame(number) {
    const frame = element("button", { type: "button", class: "frame-of", "data-layer": number });
    frame.addEventListener("pointerdown", (event) => this.#grab(event, frame, number));
    frame.addEventListener("pointermove", (event) => this.#pull(event, frame));
    frame.addEventListener("pointerup", () => this.#release());
    frame.addEventListener("pointercancel", () => this.#release());
    frame.addEventListener("focus", () => this.#chosen !== number && this.#on.choose(number));
    frame.addEventListener("dblclick", () => this.#on.type(number));
    frame.addEventListener("keydown", (event) => this.#key(event, number));
    return frame;
  }

  #grab(event, frame, number) {
    if (event.button !== 0) return;
    const layer = this.#layers.find((one) => one.number === number);
    frame.setPointerCapture(event.pointerId);
    this.#on.grab(number);
    this.#drag = { number, x: event.clientX, y: event.clientY, left: frame.offsetLeft, top: frame.offsetTop, scale: this.#scale(layer), moved: false };
  }

  #pull(event, frame) {
    const drag = this.#drag;
    if (!drag) return;
    const by = [event.clientX - drag.x, event.clientY - drag.y];
    // A click that shakes a little is no drag.
    if (!drag.moved && Math.hypot(...by) < 3) return;
    drag.moved = true;
    const pixels = by.map((length, axis) => Math.round(length / drag.scale[axis]));
    frame.style.left = `${drag.left + pixels[0] * drag.scale[0]}px`;
    frame.style.top = `${drag.top + pixels[1] * drag.scale[1]}px`;
    this.#on.move(drag.number, ...pixels.map((length, axis) => length * this.#mirrored[axis]));
  }

  #release() {
    this.#drag = undefined;
  }

  #key(event, number) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.#drag?.moved) {
      this.#on.move(number, 0, 0);
      this.#release();
    } else if (event.key === "Enter") {
      this.#on.type(number);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.#on.remove(number);
    } else if (Object.hasOwn(STEPS, event.key)) {
      const far = event.shiftKey ? 10 : 1;
      this.#on.nudge(number, ...STEPS[event.key].map((step, axis) => step * far * this.#mirrored[axis]));
    } else {
      return;
    }
    event.preventDefault();
  }

  /**
   * A field in the place of a layer. `done(text)` is called when it is left, and with nothing after Escape;
   * `typed(text)` after each change.
   */
  type(number, text, { typed, done }) {
    const frame = this.#frames.querySelector(`[data-layer="${number}"]`);
    if (!frame) return false;
    const field = element("textarea", { class: "typing", "aria-label": `Words of layer ${number}. Escape takes the change back.`, spellcheck: "true" });
    field.value = text;
    const { left, top, width, height } = frame.style;
    Object.assign(field.style, { left, top, width, height });
    let ended = false;
    const end = (value) => {
      if (ended) return;
      ended = true;
      field.remove();
      done(value);
    };
    field.addEventListener("input", () => typed(field.value));
    field.addEventListener("blur", () => end(field.value));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
        event.preventDefault();
        end(event.key === "Escape" ? undefined : field.value);
        this.focus(number);
      }
      event.stopPropagation();
    });
    this.#stage.append(field);
    field.focus();
    field.select();
    return true;
  }

  end() {
    clearTimeout(this.busyTimer);
    URL.revokeObjectURL(this.#picture.src);
  }
}
