import { Viewer } from "./viewer.js";

/** `<azulejo-carousel>` */
export class Carousel extends Viewer {
  /** The slide that is shown, from 0. */
  readonly index: number;
}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-carousel": Carousel;
  }
}
