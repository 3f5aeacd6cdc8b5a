// What the page is about: an object with modifiers, and the part of the page that shows it. It is kept in the
// address, and each change can be undone.
import { picture, request } from "./names.js";

/** How long after a change of the same kind another one belongs to it, in milliseconds. */
const TOGETHER = 1000;
/** How many changes can be undone. */
const HISTORY = 200;

/** Fires `change` after each change, and `route` if another part of the page is to be shown. */
export class State extends EventTarget {
  /** `rootId/id`. */
  object = "";
  modifiers = "";
  /** A file that stands for the object's pyramid. */
  source;
  /** The part of the page, such as `modify` or `docs/op_usm`. */
  route = "modify";

  #past = [];
  #future = [];
  #kind;
  #changed = 0;

  constructor(otherwise) {
    super();
    this.object = otherwise.object;
    this.modifiers = otherwise.modifiers;
    this.#restore();
    addEventListener("hashchange", () => {
      const before = this.route;
      if (!this.#restore()) return;
      this.dispatchEvent(new Event("change"));
      if (this.route !== before) this.dispatchEvent(new Event("route"));
    });
  }

  /** The request `rootId/id?modifiers`, its object encoded for a path. */
  get request() {
    return request(this.object, this.modifiers);
  }

  /** The address of the picture on the server. */
  get url() {
    return new URL(picture(this.object, this.modifiers), location.href).href;
  }

  /**
   * Changes object, modifiers or source. Changes of the same `kind` that follow each other quickly are undone
   * together, such as those of a slider.
   */
  set({ object = this.object, modifiers = this.modifiers, source = object === this.object ? this.source : undefined }, kind) {
    modifiers = modifiers.trim().replace(/\s*\n\s*/g, "&").replace(/^\?/, "");
    const before = this.#now();
    if (object === before.object && modifiers === before.modifiers && source === before.source) return;
    const now = performance.now();
    const together = kind !== undefined && kind === this.#kind && now - this.#changed < TOGETHER;
    [this.#kind, this.#changed] = [kind, now];
    if (!together) this.#past = [...this.#past.slice(1 - HISTORY), before];
    this.#future = [];
    this.#become({ object, modifiers, source });
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    if (!this.canUndo) return;
    this.#future.push(this.#now());
    this.#kind = undefined;
    this.#become(this.#past.pop());
  }

  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.#now());
    this.#kind = undefined;
    this.#become(this.#future.pop());
  }

  /** Shows another part of the page. The browser's back button returns. */
  go(route) {
    if (route === this.route) return;
    this.route = route;
    history.pushState(null, "", this.#hash());
    this.dispatchEvent(new Event("route"));
  }

  #now() {
    const { object, modifiers, source } = this;
    return { object, modifiers, source };
  }

  #become(state) {
    Object.assign(this, state);
    history.replaceState(null, "", this.#hash());
    this.dispatchEvent(new Event("change"));
  }

  #hash() {
    const { object, modifiers, source } = this;
    return `#${this.route}?${new URLSearchParams(source ? { modifiers } : { id: object, modifiers })}`;
  }

  /** Reads the address: `#route?id=…&modifiers=…`, or without a route. Returns whether anything changed. */
  #restore() {
    const text = location.hash.slice(1);
    const [route, query] = text.includes("?") || !text.includes("=") ? text.split(/\?(.*)/s) : ["modify", text];
    const saved = new URLSearchParams(query);
    const before = JSON.stringify([this.route, this.object, this.modifiers]);
    this.route = decodeURIComponent(route) || "modify";
    const object = saved.get("id") ?? this.object;
    if (object !== this.object) this.source = undefined;
    this.object = object;
    this.modifiers = saved.get("modifiers") ?? this.modifiers;
    return before !== JSON.stringify([this.route, this.object, this.modifiers]);
  }
}
