import { Viewer } from "./viewer.js";

/** `<azulejo-flyout>` */
export class FlyoutViewer extends Viewer {
  /** The enlargement at present: CSS pixels for each pixel of the picture, and the point in its middle. */
  readonly enlarged: { scale: number; x: number; y: number } | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-flyout": FlyoutViewer;
  }
}
