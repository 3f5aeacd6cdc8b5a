// <azulejo-carousel>: the pictures of a set as slides, each with the links of its image map.
import { leaves, sized } from "./asset.js";
import { button, element, enable, isStill, sheet } from "./dom.js";
import { follow, hotspotSheet, hotspots } from "./hotspots.js";
import { nameOf } from "./swatches.js";
import { Viewer, define } from "./viewer.js";

const MOST_PIXELS = 2000;
const SECONDS = 9;

const own = sheet(`
  .slides { display: flex; height: 100%; overflow: auto hidden; scroll-snap-type: x mandatory; scrollbar-width: none; touch-action: pan-x pan-y }
  .slide { flex: 0 0 100%; scroll-snap-align: start; scroll-snap-stop: always; position: relative; overflow: hidden }
  .dots { display: flex; gap: 2px; flex-wrap: wrap }
  .dots button { min-width: 32px; border: 0; background: none; padding: 0 }
  .dots button::before { content: ""; width: 14px; height: 14px; border-radius: 50%; border: 2px solid var(--ink) }
  .dots [aria-current="true"]::before { background: var(--accent); border-color: var(--accent) }
`);

export class Carousel extends Viewer {
  static tag = "azulejo-carousel";
  static label = "Carousel";
  static sheets = [own, hotspotSheet];

  #items;
  #slides;
  #strip;
  #dots;
  #buttons;
  #at = 0;
  #timer;
  #scrollingTo;

  get index() {
    return this.#at;
  }

  async show(set, signal) {
    this.#items = leaves(set.items);
    this.#at = 0;
    this.#stop();
    this.frame.setAttribute("aria-roledescription", "carousel");
    this.shape(await sized(this.server, this.#items[0], signal));
    this.#slides = this.#items.map((item, at) => element("div", { class: "slide", role: "group", "aria-roledescription": "slide", "aria-label": nameOf(item, at, this.#items) }));
    this.#strip = element("div", { class: "slides", tabindex: "0", role: "group", "aria-label": "Slides" }, ...this.#slides);
    this.stage.append(this.#strip);
    this.#toolbar();
    this.#listen(signal);
    await this.#fill(0, signal);
    this.#mark();
    const [on, seconds] = (this.param("autoplay", "CarouselView") ?? "").split(",");
    if (/^(1|true)$/.test(on) && !isStill()) this.#play(Number(seconds) || SECONDS);
  }

  /** Loads the picture and the links of a slide. */
  async #fill(at, signal) {
    const slide = this.#slides[at];
    if (!slide || slide.hasChildNodes()) return;
    const picture = element("img", { class: "fill", alt: this.#items[at].label, draggable: "false", role: this.#items[at].label ? undefined : "presentation" });
    slide.append(picture);
    try {
      const item = await sized(this.server, this.#items[at], signal);
      const width = Math.max(1, Math.min(MOST_PIXELS, item.width, Math.round(this.stage.clientWidth * devicePixelRatio)));
      picture.src = this.server.image(item, `wid=${width}`);
      const [text] = await Promise.all([this.server.map(item, signal), picture.decode()]);
      const activate = (data) => {
        this.dispatchEvent(new CustomEvent("quickview", { detail: data, bubbles: true, composed: true }));
        this.track("HREF", data.href ?? data.sku ?? "");
      };
      const layer = hotspots(text, item, { base: this.ownerDocument.baseURI, activate });
      slide.append(layer);
      follow(layer, slide, item, signal);
    } catch (error) {
      if (signal.aborted) return;
      slide.replaceChildren();
      if (at === 0) throw error instanceof DOMException ? new Error(`The picture ${this.#items[at].name} could not be loaded.`) : error;
      const retry = () => {
        slide.replaceChildren();
        void this.#fill(at, signal);
      };
      const again = element("button", { type: "button", onclick: retry }, "Try again");
      slide.append(element("div", { class: "problem", role: "alert" }, element("p", {}, `The picture ${this.#items[at].name} could not be loaded.`), again));
    }
  }

  #toolbar() {
    const back = button("left", "Previous slide", () => this.#user(this.#at - 1));
    const on = button("right", "Next slide", () => this.#user(this.#at + 1));
    const play = button("play", "Play slides", () => (this.#timer ? this.#stop() : this.#play(SECONDS)));
    this.#dots = element("div", { class: "dots" }, ...this.#items.map((item, at) => element("button", { type: "button", "aria-label": `Slide ${at + 1}`, onclick: () => this.#user(at) })));
    this.#buttons = { back, on, play };
    this.bar.append(back, this.#dots, on, play);
  }

  #listen(signal) {
    const on = (target, type, run) => target.addEventListener(type, run, { signal });
    on(this.#strip, "scroll", () => {
      const at = Math.round(this.#strip.scrollLeft / Math.max(1, this.#strip.clientWidth));
      if (this.#scrollingTo !== undefined && at !== this.#scrollingTo) return;
      this.#scrollingTo = undefined;
      if (at !== this.#at) {
        this.#at = at;
        this.#mark();
      }
    });
    on(this.#strip, "keydown", (event) => {
      const to = { ArrowLeft: this.#at - 1, ArrowRight: this.#at + 1, Home: 0, End: this.#items.length - 1 }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#user(to);
    });
    // Nobody reads a slide that moves away under the pointer or the focus.
    for (const type of ["pointerdown", "focusin"]) on(this.stage, type, () => this.#stop());
    const observer = new ResizeObserver(() => this.#strip.scrollTo({ left: this.#at * this.#strip.clientWidth, behavior: "instant" }));
    observer.observe(this.#strip);
    const end = () => {
      observer.disconnect();
      this.#stop();
    };
    signal.addEventListener("abort", end, { once: true });
  }

  /** What a person does ends the slide show. */
  #user(at) {
    this.#stop();
    this.#go(at);
  }

  #go(at) {
    const to = Math.min(this.#items.length - 1, Math.max(0, at));
    if (to === this.#at) return;
    this.#at = to;
    this.#scrollingTo = to;
    this.#strip.scrollTo({ left: to * this.#strip.clientWidth, behavior: isStill() ? "instant" : "smooth" });
    this.#mark();
  }

  /** Marks the present slide, and loads it and its neighbours. */
  #mark() {
    const last = this.#items.length - 1;
    for (const [at, dot] of [...this.#dots.children].entries()) dot.setAttribute("aria-current", String(at === this.#at));
    // What is not seen is not reached by keyboard.
    for (const [at, slide] of this.#slides.entries()) slide.inert = at !== this.#at;
    enable(this.#buttons.back, this.#at > 0);
    enable(this.#buttons.on, this.#at < last);
    for (const at of [this.#at, this.#at + 1, this.#at - 1]) if (at !== 0) void this.#fill(at, this.signal);
    if (!this.#timer) this.say(`Slide ${this.#at + 1} of ${this.#items.length}`);
    this.track("PAGE", this.#at + 1);
  }

  #play(seconds) {
    this.#timer = setInterval(() => (this.#at === this.#items.length - 1 ? this.#go(0) : this.#go(this.#at + 1)), seconds * 1000);
    this.#label("pause", "Pause slides");
  }

  #stop() {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#label("play", "Play slides");
  }

  #label(name, label) {
    const { play } = this.#buttons;
    play.replaceChildren(...button(name, label, () => {}).childNodes);
    play.title = label;
    play.setAttribute("aria-label", label);
  }
}

define(Carousel);
