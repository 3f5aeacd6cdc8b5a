// The crops of one picture while they are edited: what the server has, what is wanted, what can be undone. What is
// not saved yet outlives the page.
import { request } from "../names.js";
import { readRecord } from "../record.js";
import { saveRecord } from "../server.js";
import { valueOf } from "../browse/about.js";
import { changed, merge, partsOf, withParts } from "./parts.js";

/** How long after a change of the same kind another one belongs to it, in milliseconds. */
const TOGETHER = 1000;

/** How often a save is tried that somebody else's comes before. */
const ATTEMPTS = 4;

const sessions = new Map();
const keyOf = (object) => `azulejo-crops ${object}`;

/** All pictures that were opened in this visit. */
export const opened = () => [...sessions.values()];

/** Opens the crops of a picture; one with unsaved changes is as it was left. Rejects where it has no record. */
export async function openSession(object, engine, signal) {
  const before = sessions.get(object);
  if (before?.changed.length > 0) return before;
  const stored = await readRecord(object, signal);
  if (!stored) throw new Error(`${object} has no record. Crops belong to an asset that azulejo ingest has stored.`);
  const picture = await sizeOf(object, stored.record, engine, signal);
  if (sessions.get(object) === before) sessions.set(object, new Session(object, stored, picture));
  return sessions.get(object);
}

/** Forgets pictures without unsaved changes, so that their records are read again. */
export function refresh() {
  for (const [object, session] of sessions) if (session.changed.length === 0) sessions.delete(object);
}

async function sizeOf(object, { width, height }, engine, signal) {
  if (width && height) return { width, height };
  const reply = await engine.render(request(object, "req=imageprops,json"), { signal, urgency: 1 });
  const props = (reply.status === 200 && valueOf(new TextDecoder().decode(reply.bytes))) || {};
  const size = { width: Number(props["image.width"]), height: Number(props["image.height"]) };
  if (!(size.width > 0 && size.height > 0)) throw new Error(`${object} is no picture that has a size.`);
  return size;
}

/** Fires `change` after each change. */
export class Session extends EventTarget {
  #stored;
  #base;
  #past = [];
  #future = [];
  #kind;
  #time = 0;
  /** The parts by name, as they are wanted. */
  parts;
  /** The names of parts that somebody else changed in another way, until it is decided. */
  conflicts = [];
  #theirs;

  constructor(object, stored, picture) {
    super();
    this.object = object;
    this.picture = picture;
    this.#stored = stored;
    this.#base = this.parts = partsOf(stored.record);
    this.#restore();
  }

  get editable() {
    return this.#stored.editable;
  }

  /** The names of parts that are not saved. */
  get changed() {
    return changed(this.#base, this.parts);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Changes the parts. Changes of the same `kind` that follow each other quickly are undone together. */
  set(parts, kind) {
    const now = performance.now();
    const together = kind !== undefined && kind === this.#kind && now - this.#time < TOGETHER;
    [this.#kind, this.#time] = [kind, now];
    if (!together) this.#past.push(this.parts);
    this.#future = [];
    this.#become(parts);
  }

  /** The next change is undone alone, such as after a drag. */
  settle() {
    this.#kind = undefined;
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  #step(from, to) {
    if (from.length === 0) return;
    to.push(this.parts);
    this.settle();
    this.#become(from.pop());
  }

  /** Takes back all that is not saved. This can be undone. */
  revert() {
    if (this.changed.length > 0) this.set(this.#base);
  }

  /** The fields of the record that crops are, to be saved by hand. */
  get fields() {
    return withParts({}, this.parts);
  }

  /**
   * Saves the parts. Where the record was changed meanwhile, changes of other parts are taken over and it is saved
   * again; changes of the same part wait in `conflicts` for `decide`. Returns the names that were taken over.
   */
  async save() {
    let taken = [];
    for (let times = 1; ; times += 1) {
      const { parts } = this;
      const record = withParts(this.#stored.record, parts);
      try {
        const tag = await saveRecord(this.object, record, this.#stored.tag);
        this.#stored = { ...this.#stored, record, tag };
        this.#base = parts;
        this.#become(this.parts);
        return taken;
      } catch (reason) {
        if (reason.status !== 412 || times === ATTEMPTS) throw reason;
      }
      const names = await this.#takeOver();
      if (this.conflicts.length > 0) return names;
      taken = [...new Set([...taken, ...names])];
    }
  }

  /** Reads the record again, and joins its changes with ours. */
  async #takeOver() {
    const stored = await readRecord(this.object);
    if (!stored) throw new Error(`${this.object} is not there any more. Your crops are kept in this browser.`);
    this.#theirs = partsOf(stored.record);
    const names = changed(this.#base, this.#theirs);
    const { parts, conflicts } = merge(this.#base, this.parts, this.#theirs);
    this.#stored = stored;
    this.#base = this.#theirs;
    this.conflicts = conflicts;
    this.set(parts);
    return names.filter((name) => !conflicts.includes(name));
  }

  /** Decides what counts of the parts in conflict. */
  decide(mine) {
    const { conflicts } = this;
    this.conflicts = [];
    const parts = { ...this.parts };
    if (!mine) {
      for (const name of conflicts) {
        delete parts[name];
        if (this.#theirs[name]) parts[name] = this.#theirs[name];
      }
    }
    this.set(parts);
  }

  #become(parts) {
    this.parts = parts;
    try {
      if (this.changed.length === 0) localStorage.removeItem(keyOf(this.object));
      else localStorage.setItem(keyOf(this.object), JSON.stringify({ base: this.#base, parts }));
    } catch {
      // Without room in the browser's storage it is kept until the page is left.
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Brings back what an earlier visit left unsaved. */
  #restore() {
    const kept = valueOf(localStorage.getItem(keyOf(this.object)) ?? "");
    if (!kept) return;
    const { parts, conflicts } = merge(kept.base, kept.parts, this.#base);
    this.#theirs = this.#base;
    this.conflicts = conflicts;
    this.set(parts);
  }
}
