import { Viewer } from "./viewer.js";

/** `<azulejo-video>` */
export class VideoViewer extends Viewer {}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-video": VideoViewer;
  }
}
