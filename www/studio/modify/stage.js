// The picture: fitted or pixel by pixel, with a loupe, and a boundary between the picture before and after.
import { element } from "../dom.js";

/** The diameter of the loupe, and how much it enlarges what is shown, at least. */
const LOUPE = 180;
/** Pictures are looked through for transparency at this width and height at most. */
const LOOKED_AT = 1024;

export class Stage {
  #picture = element("img", { id: "picture", alt: "", hidden: true });
  #before = element("img", { class: "before", alt: "", hidden: true });
  #line = element("div", { class: "line", hidden: true });
  #loupe = element("canvas", { class: "loupe", width: LOUPE * 2, height: LOUPE * 2, hidden: true, "aria-hidden": "true" });
  #message = element("pre", { id: "message", role: "status", hidden: true });
  #frame = element("div", { class: "frame" }, this.#picture, this.#before, this.#line);
  #area = element("div", { class: "stage", id: "stage", "aria-busy": "true", tabindex: "0", role: "group", "aria-label": "Picture" }, this.#frame, this.#loupe);
  #slider = element("input", { type: "range", min: 0, max: 100, value: 50, step: 1, "aria-label": "Boundary between before and after", hidden: true });
  #zoom = element("output", { class: "zoom" }, "");
  #buttons = {};
  #scale = "fit";

  /** What is put into the page. */
  get element() {
    return this.#root;
  }

  #root = element("div", { class: "picture" });

  constructor() {
    const button = (name, label, onclick) => {
      this.#buttons[name] = element("button", { type: "button", class: "quiet", "aria-pressed": "false", onclick }, label);
      return this.#buttons[name];
    };
    const bar = element(
      "div",
      { class: "bar", role: "toolbar", "aria-label": "Display of the picture" },
      button("fit", "Fit", () => this.#setScale("fit")),
      button("one", "100 %", () => this.#setScale(1)),
      element("button", { type: "button", class: "quiet", "aria-label": "Smaller", onclick: () => this.#step(0.5) }, "−"),
      this.#zoom,
      element("button", { type: "button", class: "quiet", "aria-label": "Larger", onclick: () => this.#step(2) }, "+"),
      button("loupe", "Loupe", () => this.#toggle("loupe")),
      button("compare", "Before and after", () => this.#toggle("compare")),
      element("button", { type: "button", class: "quiet", onclick: () => this.keep() }, "Use as before"),
    );
    this.#root.append(bar, this.#area, this.#slider, this.#message);
    this.#area.addEventListener("pointermove", (event) => this.#look(event));
    this.#area.addEventListener("pointerdown", (event) => this.#look(event));
    this.#area.addEventListener("pointerleave", () => (this.#loupe.hidden = true));
    this.#area.addEventListener("keydown", (event) => this.#key(event));
    this.#slider.addEventListener("input", () => this.#divide());
    this.#setScale("fit");
  }

  /** The bytes of the picture to compare with. */
  beforeBytes;
  #bytes;
  /** Whether the next picture is of another object. */
  #isOther = false;

  /** Shows a picture of `{bytes, contentType}`. Returns its size, or nothing if `current` says that it is overtaken. */
  async show(name, { bytes, contentType }, current) {
    const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
    const next = Object.assign(new Image(), { src: address });
    const readable = await next.decode().then(() => true, () => false);
    if (!current()) {
      URL.revokeObjectURL(address);
      return undefined;
    }
    if (!readable) {
      URL.revokeObjectURL(address);
      this.tell(`This browser cannot show ${contentType}. The file has ${bytes.length.toLocaleString("en")} bytes.`, false);
      return {};
    }
    const old = this.#picture.src;
    this.#picture.src = address;
    this.#picture.alt = name;
    await this.#picture.decode().catch(() => {});
    if (old !== this.#before.src) URL.revokeObjectURL(old);
    this.#bytes = bytes;
    this.#picture.hidden = false;
    this.#message.hidden = true;
    this.#root.classList.remove("stale");
    this.#area.setAttribute("aria-busy", "false");
    this.#area.classList.toggle("transparent", isTransparent(this.#picture));
    if (this.#isOther || !this.#before.src) this.keep();
    this.#isOther = false;
    this.#layout();
    return { width: next.naturalWidth, height: next.naturalHeight };
  }

  /** Says why there is no new picture, by a text or an element. The last good one stays, and is marked as such. */
  tell(text, alarming) {
    this.#message.replaceChildren(text);
    this.#message.classList.toggle("alarming", alarming);
    this.#message.hidden = false;
    this.#root.classList.toggle("stale", !this.#picture.hidden);
    this.#area.setAttribute("aria-busy", "false");
  }

  /** Another object is wanted: its first picture is the one to compare with. What is in view stays until it is there. */
  startAnew() {
    this.#isOther = true;
  }

  busy() {
    this.#area.setAttribute("aria-busy", "true");
  }

  /** Keeps the picture in view as the one to compare with. */
  keep() {
    if (this.#before.src && this.#before.src !== this.#picture.src) URL.revokeObjectURL(this.#before.src);
    if (!this.#picture.src) return;
    this.#before.src = this.#picture.src;
    this.beforeBytes = this.#bytes;
    this.#divide();
  }

  #setScale(scale) {
    this.#scale = scale;
    this.#buttons.fit.setAttribute("aria-pressed", String(scale === "fit"));
    this.#buttons.one.setAttribute("aria-pressed", String(scale === 1));
    this.#layout();
  }

  /** Shown pixels for each pixel of the picture. */
  #shown() {
    return this.#picture.naturalWidth ? this.#picture.getBoundingClientRect().width / this.#picture.naturalWidth : 1;
  }

  #step(factor) {
    const now = this.#scale === "fit" ? this.#shown() : this.#scale;
    const power = factor > 1 ? Math.floor(Math.log2(now) + 1.001) : Math.ceil(Math.log2(now) - 1.001);
    this.#setScale(Math.min(8, Math.max(1 / 8, 2 ** power)));
  }

  #layout() {
    const fits = this.#scale === "fit";
    this.#area.classList.toggle("fits", fits);
    this.#picture.style.width = fits ? "" : `${this.#picture.naturalWidth * this.#scale}px`;
    this.#area.classList.toggle("pixels", !fits && this.#scale >= 2);
    this.#zoom.textContent = this.#picture.naturalWidth ? `${Math.round(this.#shown() * 100)} %` : "";
    this.#divide();
  }

  #toggle(name) {
    const on = this.#buttons[name].getAttribute("aria-pressed") !== "true";
    this.#buttons[name].setAttribute("aria-pressed", String(on));
    if (!on) this.#loupe.hidden = true;
    this.#divide();
  }

  #is(name) {
    return this.#buttons[name].getAttribute("aria-pressed") === "true";
  }

  /** Shows the picture before, left of the boundary. */
  #divide() {
    const on = this.#is("compare") && Boolean(this.#before.src) && !this.#picture.hidden;
    for (const part of [this.#before, this.#line, this.#slider]) part.hidden = !on;
    const at = Number(this.#slider.value);
    this.#before.style.clipPath = `inset(0 ${100 - at}% 0 0)`;
    this.#line.style.left = `${at}%`;
  }

  #look(event) {
    if (this.#is("compare") && event.buttons === 1) {
      const { left, width } = this.#picture.getBoundingClientRect();
      this.#slider.value = String(((event.clientX - left) / width) * 100);
      this.#divide();
    }
    if (!this.#is("loupe") || this.#picture.hidden) return;
    const shown = this.#picture.getBoundingClientRect();
    const area = this.#area.getBoundingClientRect();
    const scale = Math.max(1, this.#shown() * 2);
    const [x, y] = [(event.clientX - shown.left) / this.#shown(), (event.clientY - shown.top) / this.#shown()];
    const context = this.#loupe.getContext("2d");
    const side = LOUPE / scale;
    context.imageSmoothingEnabled = scale < 2;
    context.clearRect(0, 0, LOUPE * 2, LOUPE * 2);
    context.drawImage(this.#picture, x - side / 2, y - side / 2, side, side, 0, 0, LOUPE * 2, LOUPE * 2);
    this.#loupe.style.left = `${event.clientX - area.left - LOUPE / 2 + this.#area.scrollLeft}px`;
    this.#loupe.style.top = `${event.clientY - area.top - LOUPE / 2 + this.#area.scrollTop}px`;
    this.#loupe.hidden = x < 0 || y < 0 || x > this.#picture.naturalWidth || y > this.#picture.naturalHeight;
  }

  #key(event) {
    const keys = { "+": () => this.#step(2), "-": () => this.#step(0.5), 0: () => this.#setScale("fit"), 1: () => this.#setScale(1), c: () => this.#toggle("compare") };
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }
}

/** Whether any pixel lets the ground through. */
function isTransparent(picture) {
  const scale = Math.min(1, LOOKED_AT / Math.max(picture.naturalWidth, picture.naturalHeight, 1));
  const [width, height] = [picture.naturalWidth, picture.naturalHeight].map((side) => Math.max(1, Math.round(side * scale)));
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  for (let at = 3; at < data.length; at += 4) if (data[at] < 255) return true;
  return false;
}
