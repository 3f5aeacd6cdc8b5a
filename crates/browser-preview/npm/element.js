// <azulejo-image>: an image that the engine renders on this device.
import init, { Preview } from "./browser_preview.js";

/** The engine, loaded once for all elements. */
let engine;

/** One preview for all elements, so that they share what it has read and drawn. */
const preview = () => (engine ??= init().then(() => new Preview({})));

/** An element with one image, whose `src` is `rootId/id?modifiers`. */
export class AzulejoImage extends HTMLElement {
  static observedAttributes = ["src", "store", "alt"];

  #image = document.createElement("img");
  #source;
  #scheduled = false;
  /** The number of the last render. An earlier one that ends later is dropped. */
  #latest = 0;

  constructor() {
    super();
    const style = document.createElement("style");
    style.textContent = ":host { display: inline-block } :host([hidden]) { display: none } img { display: block; max-width: 100%; height: auto }";
    this.#image.part = "image";
    this.#image.hidden = true;
    this.attachShadow({ mode: "open" }).append(style, this.#image);
  }

  /** The request: `rootId/id?modifiers`. */
  get src() {
    return this.getAttribute("src") ?? "";
  }

  set src(src) {
    this.setAttribute("src", src);
  }

  /** The URL of a server's `/preview/`; a relative one counts from the page. */
  get store() {
    return this.getAttribute("store") ?? "";
  }

  set store(store) {
    this.setAttribute("store", store);
  }

  /** The text that replaces the image for those who cannot see it. */
  get alt() {
    return this.getAttribute("alt") ?? "";
  }

  set alt(alt) {
    this.setAttribute("alt", alt);
  }

  /** A pyramid TIFF, a JPEG or a PNG that replaces the pyramid of the object in `src`. */
  get source() {
    return this.#source;
  }

  set source(source) {
    this.#source = source;
    this.#schedule();
  }

  connectedCallback() {
    this.#schedule();
  }

  disconnectedCallback() {
    this.#latest++;
    this.#show("");
  }

  attributeChangedCallback(name) {
    if (name === "alt") this.#image.alt = this.alt;
    else this.#schedule();
  }

  /** Renders once after all changes of the present task. */
  #schedule() {
    if (this.#scheduled || !this.isConnected) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.isConnected) void this.#render();
    });
  }

  async #render() {
    const current = ++this.#latest;
    if (!this.src || (!this.store && this.#source === undefined)) {
      this.#show("");
      return;
    }
    try {
      const options = {};
      if (this.store) options.store = new URL(this.store, this.ownerDocument.baseURI);
      if (this.#source !== undefined) options.source = this.#source;
      const reply = await (await preview()).render(this.src, options);
      if (current !== this.#latest) return;
      if (reply.status !== 200 || !reply.contentType.startsWith("image/")) {
        const text = new TextDecoder().decode(reply.bytes);
        throw new Error(reply.contentType.startsWith("image/") ? `status ${reply.status}` : text);
      }
      this.#show(URL.createObjectURL(new Blob([reply.bytes], { type: reply.contentType })));
      this.dispatchEvent(new CustomEvent("load", { detail: reply }));
    } catch (error) {
      // The last image stays: a request that is being typed is wrong most of the time.
      if (current === this.#latest) this.dispatchEvent(new CustomEvent("error", { detail: error }));
    }
  }

  /** Shows the image with this URL; none if it is empty. */
  #show(url) {
    if (this.#image.src) URL.revokeObjectURL(this.#image.src);
    if (url) this.#image.src = url;
    else this.#image.removeAttribute("src");
    this.#image.hidden = !url;
  }
}

if (!customElements.get("azulejo-image")) customElements.define("azulejo-image", AzulejoImage);
