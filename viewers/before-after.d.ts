import { Viewer } from "./viewer.js";

/** `<azulejo-before-after>` */
export class BeforeAfter extends Viewer {}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-before-after": BeforeAfter;
  }
}
