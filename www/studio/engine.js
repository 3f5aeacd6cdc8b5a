// The engine as the page sees it: promises for what the Web Worker does.
import { Sources } from "./sources.js";

/** Where records, presets and pyramids are read, so that a picture is the server's own. */
const STORE = new URL("../preview/", new URL(".", import.meta.url));

/** The engine of the server, run on this device. */
export class Engine {
  #worker;
  #open = new Map();
  #last = 0;
  #commands;
  #sources = new Sources();

  /**
   * Draws `rootId/id?modifiers`. A file of any kind that ingest reads may stand for the pyramid of that object;
   * `onprogress` hears of the pyramid that is made of it. Where there is more to draw than time, the higher `urgency`
   * comes first. An error of the request is a reply, too. Rejects with an `AbortError` as soon as `signal` aborts.
   * With `cache` false, no layer of an earlier picture is used.
   */
  async render(request, { source, signal, urgency = 0, cache = true, onprogress } = {}) {
    const options = { store: STORE.href, cache };
    if (source) options.source = await this.#sources.of(source, (file) => this.#isPyramid(file), { onprogress });
    return this.#ask("render", [request, options], { signal, urgency });
  }

  /** Whether the engine can draw a TIFF as it is. */
  async #isPyramid(file) {
    const reply = await this.#ask("render", ["Preview/file?wid=1", { source: file }], { urgency: 3 });
    return reply.status === 200;
  }

  /** What the linter finds in a URL: the object that `azulejo check --json` prints. */
  check(url) {
    return this.#ask("check", [url]);
  }

  /** All commands of the protocol, in canonical order. */
  commands() {
    this.#commands ??= this.#ask("commands", []).catch((reason) => {
      this.#commands = undefined;
      throw reason;
    });
    return this.#commands;
  }

  /** The commands, macros and variables of a query string, with their places in it. */
  read(modifiers) {
    return this.#ask("read", [modifiers]);
  }

  /** Forgets what was read from the server, since it has changed there. */
  async refresh() {
    if (this.#worker) await this.#ask("refresh", []);
  }

  #ask(task, parameters, { signal, urgency } = {}) {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const worker = (this.#worker ??= this.#start());
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#open.delete(id);
        worker.postMessage({ abort: id });
        reject(signal.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      const settled = (settle) => (value) => {
        signal?.removeEventListener("abort", abort);
        settle(value);
      };
      this.#open.set(id, { resolve: settled(resolve), reject: settled(reject) });
      worker.postMessage({ id, task, parameters, urgency });
    });
  }

  #start() {
    const worker = new Worker(new URL("engine-worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data: { id, value, message, broken } }) => {
      const task = this.#open.get(id);
      this.#open.delete(id);
      if (message === undefined) task?.resolve(value);
      else task?.reject(new Error(message));
      if (broken) this.#restart(worker, message);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#restart(worker, event.message || "its script could not be loaded");
    });
    return worker;
  }

  /** Ends a worker that is of no use any more. The next question starts another. */
  #restart(worker, why) {
    if (this.#worker !== worker) return;
    worker.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#open.values()) reject(new Error(`The engine stopped: ${why}`));
    this.#open.clear();
  }
}
