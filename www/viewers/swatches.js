// A strip of swatches, of which one is chosen: with a click, or with the arrow keys.
import { element, isStill, sheet } from "./dom.js";

const SIDE = 56;

export const swatchSheet = sheet(`
  .swatches { display: flex; gap: 6px; overflow: auto; flex: 0 0 auto; padding: 3px; justify-content: safe center; scrollbar-width: thin }
  .swatches [role="option"] { flex: 0 0 auto; width: ${SIDE + 8}px; height: ${SIDE + 8}px; padding: 3px; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; position: relative }
  .swatches [aria-selected="true"] { border: 3px solid var(--accent); padding: 1px }
  .swatches img, .swatches .color { width: 100%; height: 100%; object-fit: contain; display: block; border-radius: 3px }
  .swatches .kind { position: absolute; right: 4px; bottom: 4px; background: var(--button); border-radius: 4px; width: 22px; height: 22px; padding: 2px }
  .viewer.vertical { display: grid; grid-template: "swatches stage" minmax(0, 1fr) "bar bar" auto / auto minmax(0, 1fr) }
  .viewer.vertical .stage { grid-area: stage; place-self: stretch }
  .viewer.vertical .stage::before { content: ""; display: block; aspect-ratio: var(--ratio) }
  .viewer.vertical .bar { grid-area: bar }
  .viewer.vertical .swatches { grid-area: swatches; flex-direction: column; min-height: 0 }
`);

/** What an item is called: its own label, its swatch's, or its place. */
export const nameOf = (item, at, items) => item.label || item.swatch?.label || `${at + 1} of ${items.length}`;

/** A strip for the items of a set. `choose(index)` is called for another choice. */
export class Swatches {
  #options;
  #at = 0;
  #choose;

  constructor(items, server, { choose, label = "Views", vertical = false, kind = () => undefined }) {
    this.#choose = choose;
    this.#options = items.map((item, at) => {
      const { swatch } = item;
      const picture = swatch?.color
        ? element("span", { class: "color" })
        : element("img", { alt: "", loading: "lazy", draggable: "false", src: server.image(swatch?.name ? { name: swatch.name } : { ...item, version: undefined }, size()) });
      if (swatch?.color) picture.style.background = `#${swatch.color}`;
      else picture.addEventListener("error", () => picture.removeAttribute("src"));
      const option = element("div", { role: "option", "aria-label": nameOf(item, at, items), "aria-selected": String(at === 0), tabindex: at === 0 ? "0" : "-1" }, picture, ...[kind(item)].filter(Boolean));
      option.addEventListener("click", () => this.#pick(at));
      return option;
    });
    this.element = element("div", { class: "swatches", part: "swatches", role: "listbox", "aria-label": label, "aria-orientation": vertical ? "vertical" : "horizontal" }, ...this.#options);
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  get index() {
    return this.#at;
  }

  /** Marks an item as the chosen one. */
  select(at) {
    this.#at = at;
    for (const [index, option] of this.#options.entries()) {
      option.setAttribute("aria-selected", String(index === at));
      option.tabIndex = index === at ? 0 : -1;
    }
    // Only the strip scrolls, never the page around it.
    const [option, strip] = [this.#options[at], this.element];
    const middle = (start, side, all) => start + side / 2 - all / 2;
    strip.scrollTo({
      left: middle(option.offsetLeft - strip.offsetLeft, option.offsetWidth, strip.clientWidth),
      top: middle(option.offsetTop - strip.offsetTop, option.offsetHeight, strip.clientHeight),
      behavior: isStill() ? "instant" : "smooth",
    });
  }

  #pick(at) {
    if (at === this.#at) return;
    this.select(at);
    this.#choose(at);
  }

  #key(event) {
    const last = this.#options.length - 1;
    const to = { ArrowLeft: this.#at - 1, ArrowUp: this.#at - 1, ArrowRight: this.#at + 1, ArrowDown: this.#at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const at = Math.min(last, Math.max(0, to));
    this.#pick(at);
    this.#options[at].focus();
  }
}

const size = () => {
  const side = Math.round(SIDE * Math.min(3, devicePixelRatio));
  return `wid=${side}&hei=${side}&fit=constrain`;
};
