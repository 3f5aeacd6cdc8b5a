import { Viewer } from "./viewer.js";

/** `<azulejo-interactive-image>` */
export class InteractiveImage extends Viewer {}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-interactive-image": InteractiveImage;
  }
}
