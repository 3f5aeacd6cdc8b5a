// The pieces of a picture: which are needed for a view, and those that have been loaded.

/** Tiles are squares of this side, in pixels of their level. */
export const TILE = 512;
const AT_ONCE = 6;
const KEPT = 160;

/** The level whose pixels are the finest that a view shows: it is the picture at 1 / 2^level. */
export function levelFor(scale, picture) {
  const coarsest = Math.max(0, Math.ceil(Math.log2(Math.max(picture.width, picture.height) / TILE)));
  return Math.min(coarsest, Math.max(0, Math.floor(Math.log2(1 / scale) + 0.01)));
}

/** The tiles of a level that an area of the picture touches, the middle ones first. */
export function tilesOf(level, picture, { left, top, right, bottom }) {
  const n = 2 ** level;
  const [width, height] = [Math.ceil(picture.width / n), Math.ceil(picture.height / n)];
  const first = (from) => Math.max(0, Math.floor(from / n / TILE));
  const found = [];
  for (let y = first(top); y * TILE < Math.min(height, bottom / n); y += 1) {
    for (let x = first(left); x * TILE < Math.min(width, right / n); x += 1) {
      const [w, h] = [Math.min(TILE, width - x * TILE), Math.min(TILE, height - y * TILE)];
      found.push({ key: `${level}/${x}/${y}`, level, n, x: x * TILE, y: y * TILE, w, h });
    }
  }
  const [midX, midY] = [(left + right) / 2 / n, (top + bottom) / 2 / n];
  const distance = ({ x, y, w, h }) => Math.hypot(x + w / 2 - midX, y + h / 2 - midY);
  return found.sort((one, other) => distance(one) - distance(other));
}

/** Loads an image that may be drawn. Resolves once it is decoded. */
export async function loadImage(url, signal) {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.decoding = "async";
  image.src = url;
  const stop = () => (image.src = "");
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await image.decode();
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  return image;
}

/** The loaded tiles of one picture. `changed` is called when there is one more. */
export class Tiles {
  #loaded = new Map();
  #wanted = [];
  #failed = new Map();
  #loading = 0;
  #url;
  #changed;
  #signal;

  constructor(url, signal, changed) {
    this.#url = url;
    this.#signal = signal;
    this.#changed = changed;
  }

  /** How many tiles that are wanted now could not be loaded. */
  get missing() {
    return this.#wanted.filter(({ key }) => (this.#failed.get(key) ?? 0) > 1).length;
  }

  /** A loaded tile, which is then among the last to be dropped. */
  get(key) {
    const image = this.#loaded.get(key);
    if (image) {
      this.#loaded.delete(key);
      this.#loaded.set(key, image);
    }
    return image;
  }

  /** Loads these tiles, in this order. Those that were wanted before and are not begun are dropped. */
  want(tiles) {
    this.#wanted = tiles;
    this.#next();
  }

  /** Tries those again that failed. */
  retry() {
    this.#failed.clear();
    this.#next();
  }

  #next() {
    for (const tile of this.#wanted) {
      if (this.#loading >= AT_ONCE || this.#signal.aborted) return;
      if (this.#loaded.has(tile.key) || (this.#failed.get(tile.key) ?? 0) > 1) continue;
      this.#loaded.set(tile.key, undefined);
      this.#loading += 1;
      void this.#load(tile);
    }
  }

  async #load(tile) {
    try {
      this.#loaded.set(tile.key, await loadImage(this.#url(tile), this.#signal));
    } catch {
      this.#loaded.delete(tile.key);
      this.#failed.set(tile.key, (this.#failed.get(tile.key) ?? 0) + 1);
    }
    this.#loading -= 1;
    for (const [key, image] of this.#loaded) {
      if (this.#loaded.size <= KEPT) break;
      if (image && !this.#wanted.some((wanted) => wanted.key === key)) this.#loaded.delete(key);
    }
    if (this.#signal.aborted) return;
    this.#changed();
    this.#next();
  }
}
