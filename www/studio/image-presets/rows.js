// A list of rows of one height, of which only those in view are in the page: thousands stay usable.
import { element } from "../dom.js";

/** The height of a row, in pixels; presets.css has it, too. */
const ROW = 64;
/** Rows beyond the view that are there, too. */
const BEYOND = 4;
/** How long a row must be in view before its picture is drawn, in milliseconds. */
const PAUSE = 150;

let lists = 0;

/**
 * A listbox. `describe(item)` gives what a row shows: `{ title, detail, badge, mark, request }`; `draw(request,
 * signal)` the address of its picture. Items have a `key`. With `multiple`, several can be chosen.
 */
export class Rows {
  /** The keys that are chosen. */
  chosen = new Set();
  #items = [];
  #active = -1;
  #made = new Map();
  #timer;
  #options;
  #id = `rows-${(lists += 1)}`;
  #space = element("div", { class: "space", role: "presentation" });

  constructor(options) {
    this.#options = options;
    const { label, multiple } = options;
    this.element = element(
      "div",
      { class: "preset-rows", role: "listbox", tabindex: "0", "aria-label": label, "aria-multiselectable": multiple ? "true" : undefined },
      this.#space,
    );
    this.element.addEventListener("scroll", () => this.#render(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("focus", () => this.#active < 0 && this.#items.length > 0 && this.#activate(0));
    this.#sizes.observe(this.element);
  }

  #sizes = new ResizeObserver(() => this.#render());

  end() {
    this.#sizes.disconnect();
    clearTimeout(this.#timer);
    for (const key of [...this.#made.keys()]) this.#drop(key);
  }

  /** Shows items. The active row stays, if it is still there. */
  show(items) {
    const active = this.#items[this.#active]?.key;
    this.#items = items;
    this.#active = active === undefined ? -1 : items.findIndex(({ key }) => key === active);
    this.#space.style.height = `${items.length * ROW}px`;
    this.#render();
  }

  /** Makes a row the active and, without `multiple`, the chosen one; brings it into view. */
  select(key) {
    const at = this.#items.findIndex((item) => item.key === key);
    if (!this.#options.multiple) this.chosen = new Set(at < 0 ? [] : [key]);
    this.#active = at;
    this.#reveal(at);
    this.#render();
  }

  #activate(at, { toggle = false } = {}) {
    const item = this.#items[at];
    if (!item) return;
    this.#active = at;
    if (!this.#options.multiple) this.chosen = new Set([item.key]);
    else if (toggle) this.chosen.has(item.key) ? this.chosen.delete(item.key) : this.chosen.add(item.key);
    this.#reveal(at);
    this.#render();
    if (!this.#options.multiple || toggle) this.#options.choose(item);
  }

  #reveal(at) {
    if (at < 0) return;
    const { scrollTop, clientHeight } = this.element;
    if (at * ROW < scrollTop) this.element.scrollTop = at * ROW;
    else if ((at + 1) * ROW > scrollTop + clientHeight) this.element.scrollTop = (at + 1) * ROW - clientHeight;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key === " " || event.key === "Enter") this.#activate(Math.max(0, this.#active), { toggle: true });
    else if (event.key in steps) this.#activate(Math.max(0, Math.min(this.#items.length - 1, this.#active + steps[event.key])));
    else return;
    event.preventDefault();
  }

  /** Puts the rows in view into the page, and takes out those that are not. */
  #render() {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - BEYOND);
    const last = Math.min(this.#items.length, Math.ceil((scrollTop + clientHeight) / ROW) + BEYOND);
    const wanted = new Map();
    for (let at = first; at < last; at += 1) wanted.set(this.#items[at].key, at);
    if (this.#active >= 0) wanted.set(this.#items[this.#active].key, this.#active);
    for (const key of [...this.#made.keys()]) if (!wanted.has(key)) this.#drop(key);
    const nodes = [...wanted].sort(([, one], [, other]) => one - other).map(([, at]) => this.#row(at));
    const present = [...this.#space.children];
    if (nodes.length !== present.length || nodes.some((node, at) => node !== present[at])) this.#space.replaceChildren(...nodes);
    const active = this.#items[this.#active] && this.#made.get(this.#items[this.#active].key);
    if (active) this.element.setAttribute("aria-activedescendant", active.node.id);
    else this.element.removeAttribute("aria-activedescendant");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), PAUSE);
  }

  #drop(key) {
    const made = this.#made.get(key);
    made.drawing?.abort();
    made.node.remove();
    this.#made.delete(key);
  }

  #row(at) {
    const item = this.#items[at];
    const about = this.#options.describe(item);
    let made = this.#made.get(item.key);
    if (!made) {
      const image = element("img", { alt: "" });
      const text = element("span", { class: "text" });
      const node = element("div", { class: "preset-row", role: "option", id: `${this.#id}-${(this.#count += 1)}` }, element("span", { class: "preset-thumb" }, image), text);
      node.addEventListener("click", () => this.#activate(made.at, { toggle: true }));
      made = { node, image, text };
      this.#made.set(item.key, made);
    }
    made.at = at;
    made.request = about.request;
    const signature = JSON.stringify([about.title, about.detail, about.badge, about.mark]);
    if (made.signature !== signature) {
      made.signature = signature;
      made.text.replaceChildren(
        element("span", { class: "title" }, element("b", {}, about.title), about.mark ? element("span", { class: "preset-mark" }, about.mark) : ""),
        element("span", { class: "detail" }, about.badge ? element("span", { class: "preset-badge" }, about.badge) : "", about.detail),
      );
    }
    made.node.style.top = `${at * ROW}px`;
    made.node.classList.toggle("active", at === this.#active);
    for (const [name, value] of [["aria-selected", this.chosen.has(item.key)], ["aria-posinset", at + 1], ["aria-setsize", this.#items.length]]) made.node.setAttribute(name, String(value));
    return made.node;
  }

  #count = 0;

  /** Draws the pictures of the rows that have stayed in view. */
  #draw() {
    if (this.element.clientHeight === 0) return;
    for (const made of this.#made.values()) {
      if (made.drawn === made.request) continue;
      made.drawing?.abort();
      made.drawing = new AbortController();
      made.drawn = made.request;
      const { signal } = made.drawing;
      this.#options.draw(made.request, signal).then(
        (address) => {
          if (signal.aborted) return;
          made.image.src = address;
          made.node.classList.remove("failed");
          made.node.classList.toggle("transparent", made.drawn.includes("-alpha"));
        },
        () => {
          if (signal.aborted) return;
          made.image.removeAttribute("src");
          made.node.classList.add("failed");
        },
      );
    }
  }
}
