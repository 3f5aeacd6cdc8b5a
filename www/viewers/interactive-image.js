// <azulejo-interactive-image>: a picture whose image map is links and buttons.
import { leaves, sized } from "./asset.js";
import { element } from "./dom.js";
import { follow, hotspotSheet, hotspots } from "./hotspots.js";
import { loadImage } from "./tiles.js";
import { Viewer, define } from "./viewer.js";

const MOST_PIXELS = 2000;

export class InteractiveImage extends Viewer {
  static tag = "azulejo-interactive-image";
  static label = "Interactive image";
  static sheets = [hotspotSheet];

  async show(set, signal) {
    const [first] = leaves(set.items);
    const item = await sized(this.server, first, signal);
    this.shape(item);
    const { clientWidth } = this.stage;
    const width = Math.max(1, Math.min(MOST_PIXELS, item.width, Math.round(clientWidth * devicePixelRatio)));
    const alt = this.getAttribute("alt") ?? (item.label || this.label);
    const url = this.server.image(item, `wid=${width}`);
    const [text] = await Promise.all([
      this.server.map(item, signal),
      loadImage(url, signal).catch(() => {
        throw new Error(`The picture ${item.name} could not be loaded.`);
      }),
    ]);
    const picture = element("img", { class: "fill", alt, src: url, draggable: "false" });
    // Adobe's name of what pages do with a hotspot that is no link.
    const activate = (data) => {
      this.dispatchEvent(new CustomEvent("quickview", { detail: data, bubbles: true, composed: true }));
      this.track("HREF", data.href ?? data.sku ?? "");
    };
    const layer = hotspots(text, item, { base: this.ownerDocument.baseURI, activate });
    this.stage.append(picture, layer);
    follow(layer, this.stage, item, signal);
  }
}

define(InteractiveImage);
