import { Viewer } from "./viewer.js";

/** `<azulejo-spin>` */
export class SpinViewer extends Viewer {
  /** The view that is shown, from 0. */
  readonly position: { row: number; column: number };
}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-spin": SpinViewer;
  }
}
