// Files of this device as the engine can read them. It reads pyramid TIFFs. Of all other files a pyramid is made
// first, as `azulejo ingest` does, once for each file.

/** The beginnings of TIFF and BigTIFF files. Only those with pyramids are read as they are. */
const TIFF = [
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x49, 0x49, 0x2b, 0x00],
  [0x4d, 0x4d, 0x00, 0x2b],
];

const begins = (bytes, beginnings) => beginnings.some((beginning) => beginning.every((byte, at) => bytes[at] === byte));

export class Sources {
  #made = new WeakMap();
  #tools;

  /**
   * What stands for a file. `isPyramid(file)` says whether the engine can draw a TIFF as it is; `onprogress` gets the
   * part that is done, from 0 to 1, and what is being done.
   */
  of(file, isPyramid, { onprogress } = {}) {
    let entry = this.#made.get(file);
    if (!entry) {
      entry = { listeners: new Set() };
      entry.promise = this.#make(file, isPyramid, (...progress) => entry.listeners.forEach((listener) => listener(...progress)));
      this.#made.set(file, entry);
      // A file that could not be read may be readable later, such as one on a drive that was away.
      entry.promise.catch(() => this.#made.delete(file));
    }
    if (onprogress) entry.listeners.add(onprogress);
    return entry.promise;
  }

  async #make(file, isPyramid, onprogress) {
    const head = await file.slice(0, 4).arrayBuffer().catch((reason) => {
      throw new Error(`${file.name} cannot be read any more (${reason.message}): choose it again`);
    });
    const bytes = new Uint8Array(head);
    if (begins(bytes, TIFF) && (await isPyramid(file))) return file;
    this.#tools ??= import("./tools.js").then(({ Tools }) => new Tools());
    const tools = await this.#tools.catch((reason) => {
      this.#tools = undefined;
      throw reason;
    });
    const pyramid = await tools.pyramid(file, { onprogress });
    return new File([pyramid], file.name, { type: "image/tiff", lastModified: file.lastModified });
  }
}
