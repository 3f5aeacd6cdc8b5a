// <azulejo-mixed-media>: a set of pictures, spins and videos; each is shown by the viewer of its kind.
import { assetOf } from "./asset.js";
import { element, icon, sheet } from "./dom.js";
import { Swatches, nameOf, swatchSheet } from "./swatches.js";
import { Viewer, define } from "./viewer.js";

/** The viewer of a kind of item, and the icon on its swatch. */
const KINDS = {
  spin: { module: "spin", icon: "turn" },
  video: { module: "video", icon: "film" },
  video_set: { module: "video", icon: "film" },
};
const PICTURE = { module: "zoom" };

const own = sheet(`
  .stage { overflow: visible }
  .stage > [embedded] { position: absolute; inset: 0 }
`);

export class MixedMedia extends Viewer {
  static tag = "azulejo-mixed-media";
  static label = "Mixed media viewer";
  static sheets = [own, swatchSheet];

  #items;
  #child;
  #at = 0;

  async show(set, signal) {
    // A spin is one item of such a viewer, not all of its views; so is a video with its streams.
    this.#items = KINDS[set.type] ? [set] : set.items;
    // An item's set of pictures is as many items.
    this.#items = this.#items.flatMap((item) => (item.items && !KINDS[item.type] ? item.items : [item]));
    const [first] = this.#items;
    this.shape(first.width ? first : { width: 4, height: 3 });
    if (this.#items.length > 1) {
      const kind = (item) => {
        const { icon: name } = KINDS[item.type] ?? PICTURE;
        return name && element("span", { class: "kind" }, icon(name));
      };
      const swatches = new Swatches(this.#items, this.server, { kind, choose: (at) => this.attempt(this.#open(at)) });
      this.frame.insertBefore(swatches.element, this.bar);
    }
    await this.#open(0, signal);
  }

  /** The element that shows the present item. */
  get shown() {
    return this.#child;
  }

  async #open(at) {
    const item = this.#items[at];
    const { module } = KINDS[item.type] ?? PICTURE;
    const { signal } = this;
    this.#at = at;
    await import(`./${module}.js`);
    if (signal.aborted || at !== this.#at) return;
    const child = element(`azulejo-${module}`, { embedded: true });
    const copied = this.getAttributeNames().filter((name) => !["asset", "share", "stagesize", "class", "style", "id", "embedded"].includes(name));
    for (const name of copied) child.setAttribute(name, this.getAttribute(name));
    child.setAttribute("title", nameOf(item, at, this.#items));
    child.setAttribute("asset", assetOf(item));
    // Events of the child are those of this viewer.
    child.addEventListener("track", ({ detail }) => this.dispatchEvent(new CustomEvent("track", { detail })));
    this.#child = child;
    this.stage.replaceChildren(child);
    this.track("SWATCH", item.name ?? "");
    await new Promise((done) => {
      for (const type of ["ready", "error"]) child.addEventListener(type, done, { once: true });
      signal.addEventListener("abort", done, { once: true });
    });
  }
}

define(MixedMedia);
