// <azulejo-before-after>: two pictures on one place, and a slider between them.
import { leaves, sized } from "./asset.js";
import { element, sheet } from "./dom.js";
import { loadImage } from "./tiles.js";
import { Viewer, define } from "./viewer.js";

const MOST_PIXELS = 2000;

const own = sheet(`
  .stage { touch-action: pan-y; cursor: ew-resize }
  .after { clip-path: inset(0 0 0 var(--at, 50%)) }
  .line { position: absolute; top: 0; bottom: 0; left: var(--at, 50%); width: 4px; margin-left: -2px; background: #ffffff; box-shadow: 0 0 0 1px #000000; pointer-events: none }
  .line::before { content: "◂ ▸"; position: absolute; left: 50%; top: 50%; translate: -50% -50%; width: 44px; height: 44px; border-radius: 50%; background: #ffffff; color: #17202c; box-shadow: 0 0 0 1px #000000; display: grid; place-items: center; font-size: 18px; letter-spacing: -2px }
  input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: ew-resize; touch-action: pan-y }
  .stage:has(input:focus-visible) { outline: 3px solid var(--accent); outline-offset: -3px }
  .words { position: absolute; left: 8px; right: 8px; top: 8px; display: flex; justify-content: space-between; pointer-events: none }
  .words span { background: #17202c; color: #ffffff; padding: 2px 8px; border-radius: 4px; font-size: 14px }
`);

export class BeforeAfter extends Viewer {
  static tag = "azulejo-before-after";
  static label = "Before and after";
  static sheets = [own];

  async show(set, signal) {
    const pictures = leaves(set.items);
    if (pictures.length !== 2) {
      throw new Error(`Before and after needs two pictures, and the asset has ${pictures.length}: name two, as in asset="Shop/old,Shop/new".`);
    }
    const [before, after] = await Promise.all(pictures.map((item) => sized(this.server, item, signal)));
    this.shape(before);
    const width = Math.max(1, Math.min(MOST_PIXELS, before.width, Math.round(this.stage.clientWidth * devicePixelRatio)));
    const words = [before.label || "Before", after.label || "After"];
    const images = await Promise.all(
      [before, after].map(async (item) => {
        try {
          return (await loadImage(this.server.image(item, `wid=${width}`), signal)).src;
        } catch {
          throw new Error(`The picture ${item.name} could not be loaded.`);
        }
      }),
    );
    const [one, other] = images.map((src, at) => element("img", { class: `fill ${at ? "after" : "before"}`, src, alt: words[at], draggable: "false" }));
    const slider = element("input", { type: "range", min: "0", max: "100", step: "1", "aria-label": "Boundary of before and after" });
    const move = () => {
      this.stage.style.setProperty("--at", `${slider.value}%`);
      slider.setAttribute("aria-valuetext", `${slider.value} % ${words[0]}`);
    };
    slider.value = "50";
    slider.addEventListener("input", move);
    // A range moves its thumb by half of its width at the ends; the pointer itself is what counts here.
    slider.addEventListener("pointerdown", (event) => slider.setPointerCapture(event.pointerId));
    for (const type of ["pointerdown", "pointermove"]) {
      slider.addEventListener(type, (event) => {
        if (!event.buttons) return;
        const box = slider.getBoundingClientRect();
        slider.value = String(Math.round((100 * (event.clientX - box.left)) / box.width));
        move();
      });
    }
    this.stage.append(one, other, element("div", { class: "line" }), slider, element("div", { class: "words", "aria-hidden": "true" }, ...words.map((word) => element("span", {}, word))));
    move();
  }
}

define(BeforeAfter);
