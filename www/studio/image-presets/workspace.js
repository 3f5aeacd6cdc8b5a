// The presets in work: the macro files of the catalogs, their changes, and how they are saved.
import { catalogs, presets, savePresets } from "../server.js";
import { token } from "../token.js";
import { draftOf, keepDraft } from "./drafts.js";
import { add, byName, differences, parse, presetsOf, problemsOf, rebase } from "./macro-file.js";

/** The catalog below all others. */
export const DEFAULT = "default";
const PREVIEW = new URL("../../preview/", import.meta.url);
/** How long after a change of the same kind another one belongs to it, in milliseconds. */
const TOGETHER = 1500;
/** How many changes can be undone, and the characters of all files that are kept for that. */
const HISTORY = 200;
const ROOM = 20e6;
/** How long after a change a draft is kept, in milliseconds. */
const PAUSE = 250;

/** Fires `change` whenever a file or what is known of it has changed. */
export class Workspace extends EventTarget {
  /** By rootId: `{ root, text, base, tag, origin, trouble, entries, presets, stale }`. */
  files = new Map();
  /** Whether the server takes edits; nothing while that is not known. */
  edit;
  /** Whether drafts can be kept. */
  isKept = true;

  #past = [];
  #future = [];
  #kind;
  #changed = 0;
  #loading = new Map();
  #timer;
  #connecting;
  #isReadOnly;

  /** With `isReadOnly`, the presets are those that are published, without drafts. */
  constructor({ isReadOnly = false } = {}) {
    super();
    this.#isReadOnly = isReadOnly;
  }

  /** Finds out whether the server takes edits. Asks for a token only if `ask`. */
  connect({ ask = false } = {}) {
    return (this.#connecting = this.#connect(ask));
  }

  async #connect(ask) {
    if (this.#isReadOnly) {
      this.edit = false;
    } else if (!ask && !token()) {
      // Nobody is to be asked for a token before anything is wanted from the server.
      const reply = await fetch(new URL("list", PREVIEW), { cache: "no-store" }).catch(() => undefined);
      this.edit = reply?.status === 200 ? (await reply.json().catch(() => ({}))).edit === true : false;
      this.isLocked = reply?.status === 401;
    } else {
      const { edit } = await catalogs().catch((reason) => {
        if (ask) throw reason;
        return { edit: false };
      });
      this.edit = edit === true;
      this.isLocked = false;
    }
    this.#tell();
  }

  /** Reads the file of a catalog once. */
  load(root) {
    if (!this.#loading.has(root)) this.#loading.set(root, this.#load(root));
    return this.#loading.get(root);
  }

  async #load(root) {
    let found;
    await (this.#connecting ?? this.connect()).catch(() => {});
    try {
      found = await this.fromServer(root);
    } catch (reason) {
      found = { text: "", origin: "none", trouble: reason.message };
      // The next one who asks tries again.
      this.#loading.delete(root);
    }
    const file = { root, base: found.text, ...found };
    const draft = this.#isReadOnly ? undefined : draftOf(root);
    if (draft && found.trouble) Object.assign(file, draft);
    else if (draft) Object.assign(file, onto(draft, found));
    this.files.set(root, file);
    this.#read(file);
    this.#tell();
    return file;
  }

  /** The file that the server has: `{ text, tag, origin }`. */
  async fromServer(root) {
    if (this.edit) {
      const found = await presets(root);
      if (found) return { ...found, origin: "file" };
    }
    const reply = await fetch(new URL(`catalog/${encodeURIComponent(root)}`, PREVIEW), { cache: "no-store" }).catch(() => {
      throw new Error("The server cannot be reached. What you changed is kept; try again when it is back.");
    });
    if (reply.status === 403) return { text: "", origin: "closed" };
    if (reply.status === 200) {
      const { macros = [] } = await reply.json();
      return { text: macros.reduce((text, [name, modifiers]) => text + add("", name, modifiers), ""), origin: this.edit ? "new" : "published" };
    }
    if (reply.status !== 204) throw new Error(`The presets of ${root} could not be read: the server answers ${reply.status}.`);
    if (root !== DEFAULT) return { text: "", origin: "new" };
    const builtIn = await fetch(new URL("default_macros.txt", import.meta.url));
    return { text: await builtIn.text(), origin: "built in" };
  }

  /** Reads again what the server has, and puts the changes on top of it, as far as they fit. */
  async refresh() {
    for (const file of this.files.values()) {
      const found = await this.fromServer(file.root);
      Object.assign(file, { base: found.text, ...found, ...onto(file, found), trouble: undefined });
      this.#read(file);
    }
    this.#tell();
  }

  /** Changes a file. Changes of one `kind` that follow each other quickly are undone together. */
  change(root, text, kind) {
    const file = this.files.get(root);
    if (text === file.text) return;
    const now = performance.now();
    const isSame = kind !== undefined && `${root} ${kind}` === this.#kind && now - this.#changed < TOGETHER;
    [this.#kind, this.#changed] = [kind === undefined ? undefined : `${root} ${kind}`, now];
    if (!isSame) this.#past.push({ root, text: file.text });
    const kept = Math.max(1, Math.min(HISTORY, Math.floor(ROOM / (file.text.length + 1))));
    this.#past = this.#past.slice(-kept);
    this.#future = [];
    this.#become(file, text);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  #step(from, to) {
    const step = from.pop();
    if (!step) return;
    const file = this.files.get(step.root);
    to.push({ root: step.root, text: file.text });
    this.#kind = undefined;
    this.#become(file, step.text);
  }

  #become(file, text) {
    file.text = text;
    this.#read(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), PAUSE);
    this.#tell();
  }

  #read(file) {
    file.entries = parse(file.text);
    file.presets = presetsOf(file.entries);
    file.byName = byName(file.presets);
    file.problems = problemsOf(file.entries);
    if (file.compared?.text !== file.base) file.compared = { text: file.base, byName: byName(presetsOf(parse(file.base))) };
    file.changes = file.text === file.base ? [] : differences(file.compared.byName, file.byName);
    file.changedNames = new Set(file.changes.map(({ name }) => name.toLowerCase()));
  }

  /** Keeps the changes that are not saved in the browser. */
  keep() {
    clearTimeout(this.#timer);
    const before = this.isKept;
    this.isKept = [...this.files.values()].every(({ root, text, base, tag }) => keepDraft(root, text === base ? undefined : { text, base, tag }));
    if (before !== this.isKept) this.#tell();
  }

  /** Takes back all changes that are not saved. That can be undone, too. */
  revert() {
    for (const { root, base } of this.changed) this.change(root, base);
  }

  /** The files with changes that are not saved. */
  get changed() {
    return [...this.files.values()].filter(({ text, base }) => text !== base);
  }

  /** The modifiers of a preset that is called in a catalog, which may be one of the default catalog. */
  lookUp(root, name) {
    const key = name.toLowerCase();
    return this.files.get(root)?.byName.get(key)?.modifiers ?? this.files.get(DEFAULT)?.byName.get(key)?.modifiers;
  }

  /** Saves a file on the server. Throws a ServerError; one of status 412 if another one has changed the file. */
  async save(root) {
    const file = this.files.get(root);
    const { text } = file;
    const tag = await savePresets(root, text, file.tag);
    this.settle(root, { base: text, tag: tag ?? (await presets(root))?.tag });
  }

  /** Takes note of what the server has now. */
  settle(root, { base, tag, text, origin = "file" }) {
    const file = this.files.get(root);
    Object.assign(file, { base, tag, origin, stale: false, trouble: undefined });
    if (text !== undefined && text !== file.text) this.change(root, text);
    this.#read(file);
    this.keep();
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** A draft on top of what the server has: as it is, moved to it, or `stale` if the server's presets have changed. */
function onto({ text, base, tag }, found) {
  if (base === found.text) return { text, base };
  const moved = rebase(text, base, found.text);
  return moved === undefined ? { text, base, tag, stale: true } : { text: moved, base: found.text };
}
