import { Viewer } from "./viewer.js";

/** `<azulejo-mixed-media>` */
export class MixedMedia extends Viewer {
  /** The element that shows the present item. */
  readonly shown: Viewer | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-mixed-media": MixedMedia;
  }
}
