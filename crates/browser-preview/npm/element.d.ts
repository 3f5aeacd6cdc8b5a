import type { Reply, Source } from "./browser_preview.js";

/**
 * `<azulejo-image src="rootId/id?modifiers" store="/preview/" alt="…">`: an image that the engine
 * renders on this device. Its part `image` can be styled.
 *
 * An event `load` carries the reply in `detail`, an event `error` an `Error`. After an error the
 * last image stays.
 */
export class AzulejoImage extends HTMLElement {
  /** The request: `rootId/id?modifiers`. */
  src: string;
  /** The URL of a server's `/preview/`; a relative one counts from the page. */
  store: string;
  /** The text that replaces the image for those who cannot see it. */
  alt: string;
  /** A pyramid TIFF, a JPEG or a PNG that replaces the pyramid of the object in `src`. */
  source: Source | undefined;
}

/** The events of an `<azulejo-image>`. */
export interface AzulejoImageEventMap {
  load: CustomEvent<Reply>;
  error: CustomEvent<Error>;
}

declare global {
  interface HTMLElementTagNameMap {
    "azulejo-image": AzulejoImage;
  }
}
