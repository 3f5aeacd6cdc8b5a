// Pyramids of local files, the score of two pictures, and reports on files: what the page needs now
// and then. A worker does it, which starts with the first task.

/** The largest file in bytes: what the 32-bit memory of wasm holds besides the pyramid. */
export const LARGEST = 2e9;

/** How much memory a pyramid may take; crates/browser-tools/src/pyramid.rs has the bound. */
const BOUND = "1 GiB of memory";

const WAY = "store it with azulejo ingest";

function size(bytes) {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** What happened, for a person. `file` is missing where the task has none. */
function sentence({ kind, message }, file) {
  const what = file ? `${file.name || "the file"} (${size(file.size)})` : "the pictures";
  const instead = file ? WAY : "compare smaller ones";
  switch (kind) {
    case "missing":
      return `the tools of this page could not be loaded (${message}): see whether the server still runs, and reload the page`;
    case "unreadable":
      return `${what}: the browser cannot read the file (${message}). It reads files of up to ${size(LARGEST)} that have not changed since they were chosen: choose it again, or ${WAY}`;
    case "memory":
      return `${what}: the memory of the page was not enough; it takes files of up to ${size(LARGEST)} and a pyramid of up to ${BOUND}: ${instead}`;
    case "panic":
      return `${what}: the decoder failed (${message}); save the picture again as PNG or TIFF, or ${instead}`;
    default:
      return message;
  }
}

/**
 * Runs one task at a time. A task that is aborted ends the worker, so that a long decode really stops;
 * the next task starts another one.
 */
export class Tools {
  #worker;
  #waiting = [];
  #running;

  /**
   * The pyramid TIFF of a file in any format that `azulejo ingest` reads, with the same bytes.
   * `onprogress` gets the part that is done, from 0 to 1, and "decoding" or "writing".
   */
  async pyramid(file, { onprogress, signal } = {}) {
    check(file);
    return this.#run("pyramid", { file, name: file.name ?? "the file" }, { file, onprogress, signal });
  }

  /** What `azulejo inspect --json` prints of a file. */
  async inspect(file, { signal } = {}) {
    check(file);
    return this.#run("inspect", { file, name: file.name ?? "the file" }, { file, signal });
  }

  /** The SSIMULACRA2 score of two pictures in sRGB, over white: 100 if they are equal. */
  async ssimulacra2(one, other, { signal } = {}) {
    const { width, height } = one;
    if (other.width !== width || other.height !== height) {
      throw new RangeError(
        `pictures of ${width} × ${height} and ${other.width} × ${other.height} pixels have no score: give both one size`,
      );
    }
    for (const { colorSpace = "srgb", data } of [one, other]) {
      if (colorSpace !== "srgb" || data.BYTES_PER_ELEMENT !== 1) {
        throw new RangeError(`the score is of 8 bits in srgb: read the picture with getImageData(…, { colorSpace: "srgb" })`);
      }
    }
    return this.#run("ssimulacra2", { one: one.data, other: other.data, width, height }, { signal });
  }

  /** Ends the worker and all tasks. */
  close() {
    const tasks = [this.#running, ...this.#waiting].filter(Boolean);
    this.#waiting = [];
    this.#end();
    for (const task of tasks) task.reject(new DOMException("the tools were closed", "AbortError"));
  }

  #run(name, options, { file, onprogress, signal }) {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers();
    const task = { name, options, file, onprogress, resolve, reject };
    const abort = () => this.#abort(task, signal.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiting.push(task);
    this.#next();
    return promise.finally(() => signal?.removeEventListener("abort", abort));
  }

  #abort(task, reason) {
    this.#waiting = this.#waiting.filter((other) => other !== task);
    if (this.#running === task) this.#end();
    task.reject(reason);
    this.#next();
  }

  /** Starts the next task, unless one runs. */
  #next() {
    if (this.#running || this.#waiting.length === 0) return;
    this.#running = this.#waiting.shift();
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage({ task: this.#running.name, options: this.#running.options });
    } catch (error) {
      // What cannot be sent is no file.
      this.#done().reject(error);
    }
  }

  #start() {
    const worker = new Worker(new URL("tools-worker.js", import.meta.url), { type: "module" });
    // A message of a worker that has been ended may still arrive.
    const receive = (message) => worker === this.#worker && this.#receive(message);
    worker.onmessage = ({ data }) => receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      receive({ failure: { kind: "missing", message: event.message || "its worker did not start" } });
    };
    return worker;
  }

  #receive({ progress, failure, value, large }) {
    if (!this.#running) return;
    if (progress) {
      this.#running.onprogress?.(progress.done, progress.stage);
      return;
    }
    const { file, resolve, reject } = this.#done();
    // After a trap the state of the module is unknown. A large memory is given back.
    if (failure?.kind || large) this.#end();
    if (failure) reject(new Error(sentence(failure, file)));
    else resolve(value);
  }

  /** Takes the running task out, and starts the next one after its promise is settled. */
  #done() {
    const task = this.#running;
    this.#running = undefined;
    queueMicrotask(() => this.#next());
    return task;
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = this.#running = undefined;
  }
}

/** Throws if a file is too large to be read. */
function check(file) {
  if (!(file.size <= LARGEST)) {
    throw new RangeError(
      `${file.name || "the file"} (${size(file.size)}): this page reads files of up to ${size(LARGEST)}; ${WAY}`,
    );
  }
}
