import { Viewer } from "./viewer.js";

/** `<azulejo-zoom>` */
export class ZoomViewer extends Viewer {
  /** The zoom: 1 is a pixel of the picture for each CSS pixel. */
  readonly zoom: number | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-zoom": ZoomViewer;
  }
}
