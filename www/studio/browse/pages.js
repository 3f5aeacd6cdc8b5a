// The pages of a list, one after another. The server says only where the next page begins, so the beginnings
// of those before it are remembered.
import { list } from "../server.js";

/** How many assets a page has. */
export const SIZE = 60;

/**
 * One page. A search may look at many assets and find few, so it goes on until the page is full; `found(objects)`
 * is called with what there is so far.
 */
export async function readPage(rootId, { prefix, contains, after, signal }, found) {
  const objects = [];
  let next = after;
  do {
    const before = objects.length;
    const part = await list(rootId, { prefix, contains, after: next, limit: SIZE - objects.length, signal });
    objects.push(...part.objects);
    next = part.next;
    if (next && objects.length < SIZE && objects.length > before) found?.(objects);
  } while (next && objects.length < SIZE);
  return { objects, next };
}

/** Where in a list one is. */
export class Place {
  #begins = [undefined];

  constructor(rootId, filter = {}) {
    this.rootId = rootId;
    this.filter = filter;
  }

  /** The number of the page, from 0. */
  get page() {
    return this.#begins.length - 1;
  }

  get after() {
    return this.#begins.at(-1);
  }

  /** Where the next page begins; nothing on the last page, or while it is not known. */
  next;

  /** Goes a page on or back. Returns whether there is one. */
  turn(by) {
    if (by > 0 && this.next) this.#begins.push(this.next);
    else if (by < 0 && this.page > 0) this.#begins.pop();
    else return false;
    this.next = undefined;
    return true;
  }

  /** Reads the page. */
  async read(signal, found) {
    const page = await readPage(this.rootId, { ...this.filter, after: this.after, signal }, found);
    this.next = page.next;
    return page.objects;
  }
}
