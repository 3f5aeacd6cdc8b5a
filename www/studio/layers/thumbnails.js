// Small pictures of single layers, drawn by the engine.
import { request as requestOf } from "../names.js";
import { remove } from "../modify/edit.js";
import { join } from "./write.js";

/** Their box on screens of double density. */
const BOX = [128, 96];
/** How many are kept. */
const KEPT = 200;
/** Commands of the view, which a small picture has its own of. */
const VIEW = ["wid", "hei", "fit", "fmt", "qlt", "scl", "rgn", "rgnN", "rect", "dpr", "req", "bgc", "align", "cache"];

export class LayerThumbnails {
  #kept = new Map();

  constructor(engine) {
    this.engine = engine;
  }

  /** The address of a picture of one layer; nothing if it cannot be drawn alone. */
  async draw({ object, modifiers, source }, layers, layer, signal) {
    const request = await this.#request(object, modifiers, layers, layer);
    if (signal.aborted) return undefined;
    const kept = this.#kept.get(request);
    if (kept && kept.source === source) return kept.address;
    const { status, contentType, bytes } = await this.engine.render(request, { source, signal, urgency: 0 });
    const address = status === 200 && contentType.startsWith("image/") ? URL.createObjectURL(new Blob([bytes], { type: contentType })) : undefined;
    this.#keep(request, { source, address });
    return address;
  }

  /** The request of a layer without the others, cut to where it lies. */
  async #request(object, modifiers, layers, layer) {
    const items = await this.engine.read(modifiers);
    const others = layers.filter(({ number }) => number !== layer.number && number > 0);
    const own = new Set(others.filter(({ isOwn }) => isOwn).map(({ number }) => number));
    const isOut = (item) => own.has(item.layer) || (item.kind === "command" && VIEW.includes(item.name));
    const rest = items.filter(isOut).reduceRight((text, item) => remove(text, item), modifiers);
    // What a record or a preset adds can only be hidden.
    const hidden = others.filter(({ isOwn }) => !isOwn).map(({ number }) => `layer=${number}&hide=1`);
    if (layer.number > 0) hidden.push("layer=0&hide=1");
    const canvas = layers.find(({ number }) => number === 0)?.placed?.rect;
    const region = layer.placed && canvas ? cut(layer.placed.rect, canvas) : "";
    const view = `layer=comp&${region}&wid=${BOX[0]}&hei=${BOX[1]}&fit=fit,1&fmt=png-alpha`;
    return requestOf(object, join(rest, ...hidden, `layer=${layer.number}&hide=0`, view));
  }

  #keep(request, entry) {
    this.#kept.set(request, entry);
    for (const [old, { address }] of this.#kept) {
      if (this.#kept.size <= KEPT) break;
      if (address) URL.revokeObjectURL(address);
      this.#kept.delete(old);
    }
  }

  end() {
    for (const { address } of this.#kept.values()) if (address) URL.revokeObjectURL(address);
    this.#kept.clear();
  }
}

/** `rgn=` of the part of a layer that lies on the canvas. */
function cut({ x, y, width, height }, canvas) {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(canvas.width, x + width), Math.min(canvas.height, y + height)];
  return right > left && bottom > top ? `rgn=${left},${top},${right - left},${bottom - top}` : "";
}
