// What all viewers have in common: attributes, the asset's set, errors in place, buttons, embed code.
import { fetchSet } from "./asset.js";
import { button, element, icon, shared } from "./dom.js";
import { Server } from "./server.js";

/** Attributes that load the viewer anew. */
const ATTRIBUTES = ["asset", "serverurl", "contenturl", "config", "iscommand", "stagesize", "locale", "layout"];

/** A custom element that shows an asset. Subclasses have `static tag`, `sheets` and `show(set)`. */
export class Viewer extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  static sheets = [];
  /** What the viewer is called where nothing names the asset. */
  static label = "Viewer";

  #scheduled = false;
  #loading;
  #config = {};

  constructor() {
    super();
    this.status = element("p", { class: "status", role: "status" });
    this.stage = element("div", { class: "stage", part: "stage" });
    this.bar = element("div", { class: "bar", part: "bar" });
    this.frame = element("div", { class: "viewer", part: "viewer", role: "group" }, this.stage, this.bar, this.status);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [shared, ...this.constructor.sheets];
    root.append(this.frame);
  }

  connectedCallback() {
    this.#schedule();
  }

  disconnectedCallback() {
    this.#loading?.abort();
  }

  attributeChangedCallback(_, before, now) {
    if (before !== now) this.#schedule();
  }

  /** A parameter: the attribute `Component.name` or `name`, else that of the preset (`config`). */
  param(name, component = "") {
    const names = [component && `${component}.${name}`, name].filter(Boolean).map((one) => one.toLowerCase());
    for (const one of names) if (this.hasAttribute(one)) return this.getAttribute(one);
    for (const one of names) if (one in this.#config) return this.#config[one];
    return undefined;
  }

  /** The name of the viewer for those who do not see it. */
  get label() {
    return this.getAttribute("title") || this.constructor.label;
  }

  /** Loads after all changes of the present task. */
  #schedule() {
    if (this.#scheduled || !this.isConnected) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.isConnected) void this.load();
    });
  }

  /** Loads the asset, and shows it or says why it cannot be shown. */
  async load() {
    this.#loading?.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    this.signal = signal;
    this.#resize();
    this.frame.setAttribute("aria-label", this.label);
    this.#clear();
    for (const extra of this.frame.querySelectorAll(":scope > :not(.stage, .bar, .status)")) extra.remove();
    this.stage.classList.add("busy");
    this.say("Loading");
    try {
      await this.#begin(signal);
      if (signal.aborted) return;
      this.#buttons();
      this.say("");
      this.dispatchEvent(new CustomEvent("ready"));
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    } finally {
      if (!signal.aborted) this.stage.classList.remove("busy");
    }
  }

  /** An empty stage, which nobody can focus. */
  #clear() {
    for (const name of this.stage.getAttributeNames().filter((one) => /^(role|tabindex|aria-.*)$/.test(one))) this.stage.removeAttribute(name);
    this.stage.className = "stage";
    this.stage.onkeydown = null;
    this.stage.replaceChildren();
    this.bar.replaceChildren();
  }

  async #begin(signal) {
    const attribute = (name) => this.getAttribute(name) ?? undefined;
    const [serverurl, contenturl] = ["serverurl", "contenturl"].map(attribute);
    const server = (extra) => new Server({ serverurl, contenturl, base: this.ownerDocument.baseURI, ...extra });
    const preset = attribute("config");
    this.#config = preset ? await server().userData(preset, signal) : {};
    const format = this.param("fmt") ?? "";
    this.server = server({ iscommand: this.param("iscommand"), format });
    await this.show(await this.fetch(signal), signal);
  }

  /** The set of the asset. A viewer of something else has its own. */
  fetch(signal) {
    return fetchSet(this.server, this.getAttribute("asset"), { locale: this.param("locale"), signal });
  }

  /** `stagesize=width,height` in pixels; without it the size of the page's box, or the picture's shape. */
  #resize() {
    const [width, height] = (this.getAttribute("stagesize") ?? "").split(",").map(Number);
    const sized = width > 0 && height > 0;
    this.frame.classList.toggle("sized", sized);
    this.frame.style.width = sized ? `${width}px` : "";
    this.stage.style.setProperty("--ratio", sized ? `${width} / ${height}` : "4 / 3");
    this.stage.style.flexGrow = sized ? "0" : "";
  }

  /** The stage takes the shape of what it shows, unless the page gives it a size. */
  shape({ width, height }) {
    if (!this.frame.classList.contains("sized") && width && height) {
      this.stage.style.setProperty("--ratio", `${width} / ${height}`);
    }
  }

  /** Says in place what went wrong in work that began with the present asset. */
  attempt(work) {
    const { signal } = this;
    work.catch((error) => {
      if (!signal.aborted) this.fail(error);
    });
  }

  /** Tells those who do not see the viewer. */
  say(text) {
    this.status.textContent = text;
  }

  /** Says in place what is wrong, and lets the person try again. */
  fail(error) {
    this.say("");
    const again = element("button", { type: "button" }, "Try again");
    const box = element("div", { class: "problem", role: "alert" }, element("p", {}, error.message), again);
    again.addEventListener("click", () => {
      const hadFocus = this.shadowRoot.activeElement === again;
      void this.load().then(() => {
        if (hadFocus) this.frame.querySelector('[tabindex="0"], button, a, input, video')?.focus();
      });
    });
    this.#clear();
    this.stage.append(box);
    this.dispatchEvent(new CustomEvent("error", { detail: error }));
  }

  /** For scripts that count what visitors do: `[name, value]`. */
  track(...info) {
    this.dispatchEvent(new CustomEvent("track", { detail: { time: Date.now(), info: info.join(",") } }));
  }

  /** The buttons that every viewer may have: full screen, and the code that embeds it. */
  #buttons() {
    if (this.hasAttribute("embedded")) return;
    if (this.frame.requestFullscreen && document.fullscreenEnabled) {
      const full = button("full", "Full screen", () => {
        if (document.fullscreenElement) void document.exitFullscreen();
        else this.frame.requestFullscreen().catch((error) => this.say(error.message));
      });
      this.bar.append(full);
    }
    if (this.hasAttribute("share")) this.bar.append(button("code", "Copy embed code", () => this.#copy()));
  }

  /** HTML that embeds this viewer in a page. */
  get embedCode() {
    const copied = this.getAttributeNames().filter((name) => !["class", "style", "id", "share", "serverurl", "contenturl"].includes(name));
    const attributes = [...copied.map((name) => [name, this.getAttribute(name)]), ["serverurl", this.server.images], ["contenturl", this.server.content]];
    const escape = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
    const text = attributes.map(([name, value]) => (value ? `${name}="${escape(value)}"` : name)).join(" ");
    const { tag } = this.constructor;
    const module = new URL(`${tag.replace("azulejo-", "")}.js`, import.meta.url).href;
    return `<script type="module" src="${module}"></script>\n<${tag} ${text}></${tag}>`;
  }

  async #copy() {
    const code = this.embedCode;
    try {
      await navigator.clipboard.writeText(code);
      this.say("Embed code copied");
      const [copy] = this.bar.querySelectorAll('[aria-label="Copy embed code"]');
      copy.title = "Copied";
      copy.replaceChildren(icon("check"));
    } catch {
      // Frames and pages without TLS may not write to the clipboard.
      this.#showCode(code);
    }
  }

  #showCode(code) {
    const field = element("textarea", { readonly: true, "aria-label": "Embed code", spellcheck: "false" });
    field.value = code;
    const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
    const dialog = element("dialog", { class: "embed", "aria-label": "Embed code", onclose: () => dialog.remove() }, element("h2", {}, "Embed code"), field, close);
    this.frame.append(dialog);
    dialog.showModal();
    field.select();
  }
}

/** Registers a viewer, unless the page has registered one of its name already. */
export function define(viewer) {
  if (!customElements.get(viewer.tag)) customElements.define(viewer.tag, viewer);
}
