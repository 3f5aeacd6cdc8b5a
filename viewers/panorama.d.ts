import { Viewer } from "./viewer.js";

/** `<azulejo-panorama>` */
export class Panorama extends Viewer {
  /** Where it looks, in degrees: to the right, up, and how wide. */
  readonly look: { yaw: number; pitch: number; field: number };
}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-panorama": Panorama;
  }
}
