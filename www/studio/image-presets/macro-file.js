// Adobe's macro files: on each line a name, white space and modifiers. What is changed changes; comments, order,
// line ends and lines that are not understood stay as they are.

/** How a preset may be called. */
export const NAME = /^[A-Za-z0-9_.-]+$/;

const same = (one, other) => one.toLowerCase() === other.toLowerCase();

/**
 * The entries of a file, each with the number of its first line and with `raw`, its text with the line end. A
 * preset has `name` and `modifiers`; `overridden` if a later line defines it again. `problem` is a sentence.
 */
export function parse(text) {
  const entries = [];
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    let raw = lines[at];
    // A backslash at the end of a line joins the next one to it.
    while (/\\[\r\n]+$/.test(lines[at]) && at + 1 < lines.length) raw += lines[(at += 1)];
    entries.push(entry(raw, line));
  }
  const last = new Map();
  for (const found of entries) {
    if (found.kind !== "preset") continue;
    const before = last.get(found.name.toLowerCase());
    if (before) {
      before.overridden = true;
      found.problem = `$${found.name}$ is also defined in line ${before.line}; this line counts.`;
    }
    last.set(found.name.toLowerCase(), found);
  }
  return entries;
}

function entry(raw, line) {
  const goesOn = raw.includes("\\");
  const joined = (goesOn ? raw.replace(/\\(?:\r\n|\r|\n)/g, "\n").replace(/\\?[\r\n]*$/, "") : raw).replace(/^\uFEFF/, "").trim();
  const other = (problem) => ({ kind: "other", raw, line, problem });
  if (joined === "" || joined.startsWith("#")) return other();
  const [, name, modifiers] = /^(\S+)\s*([^]*)$/.exec(joined);
  if (same(name, "Name") && same(modifiers, "Definition")) return other();
  if (!NAME.test(name)) return other(`The name “${name.length > 40 ? `${name.slice(0, 40)}…` : name}” may have only letters, digits, - _ and . (no blanks).`);
  return { kind: "preset", raw, line, name, modifiers, problem: modifiers === "" ? `$${name}$ has no modifiers.` : undefined };
}

/** The presets that count. */
export const presetsOf = (entries) => entries.filter((one) => one.kind === "preset" && !one.overridden);

/** What is wrong in a file, with its lines. */
export const problemsOf = (entries) => entries.filter(({ problem }) => problem).map(({ line, problem }) => ({ line, message: problem }));

const lineEnd = (text) => /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
const join = (entries) => entries.map(({ raw }) => raw).join("");

/** A changed line, which keeps its white space and its end. */
function written({ raw }, name, modifiers) {
  const end = /(?:\r\n|\r|\n)$/.exec(raw)?.[0] ?? "";
  const [, lead, blank] = /^(\uFEFF?\s*)\S+([ \t]*)/.exec(raw);
  return `${lead}${name}${blank || "\t"}${modifiers.replaceAll("\n", `\\${end || "\n"}`)}${end}`;
}

/** A new line. A line end in modifiers is kept by a backslash. */
const lineOf = (name, modifiers, end) => ({ raw: `${name}\t${modifiers.replaceAll("\n", `\\${end}`)}${end}` });

const isCalled = (name) => (one) => one.kind === "preset" && same(one.name, name);

/** The file with other modifiers for a preset. */
export function setModifiers(text, name, modifiers) {
  const entries = parse(text);
  const found = entries.findLast(isCalled(name));
  found.raw = written(found, found.name, modifiers);
  return join(entries);
}

/** The file with one more preset: after another one, or at the end. */
export function add(text, name, modifiers, after) {
  const entries = parse(text);
  const end = lineEnd(text);
  const at = after === undefined ? -1 : entries.findLastIndex(isCalled(after));
  const place = at < 0 ? entries.length : at + 1;
  const before = entries[place - 1];
  if (before && !/[\r\n]$/.test(before.raw)) before.raw += end;
  entries.splice(place, 0, lineOf(name, modifiers, end));
  return join(entries);
}

/** The file without a preset. */
export function remove(text, name) {
  const is = isCalled(name);
  return join(parse(text).filter((one) => !is(one)));
}

/** The file with another name for a preset, also where other presets call it. */
export function rename(text, name, wanted) {
  const entries = parse(text);
  for (const one of entries.filter(({ kind }) => kind === "preset")) {
    const modifiers = one.modifiers.replace(callOf(name), `$1$$${wanted}$$`);
    const own = same(one.name, name);
    if (own || modifiers !== one.modifiers) one.raw = written(one, own ? wanted : one.name, modifiers);
  }
  return join(entries);
}

/** The names of the presets that call one. */
export const callers = (presets, name) => presets.filter(({ modifiers }) => callOf(name).test(modifiers)).map((one) => one.name);

const callOf = (name) => new RegExp(`(^|&)\\$${name.replace(/[.-]/g, "\\$&")}\\$(?=&|=|$)`, "gi");

/**
 * The presets in which two files, or two maps of presets, differ: `{ name, one, other }`, the modifiers or nothing where a file does not
 * have it. In the order of the second file, then of the first.
 */
export function differences(one, other) {
  const [first, second] = [one, other].map((file) => (typeof file === "string" ? byName(presetsOf(parse(file))) : file));
  const keys = [...second.keys(), ...[...first.keys()].filter((key) => !second.has(key))];
  return keys
    .map((key) => ({ name: (second.get(key) ?? first.get(key)).name, one: first.get(key)?.modifiers, other: second.get(key)?.modifiers }))
    .filter((pair) => pair.one !== pair.other);
}

/** Presets by their names in lower case. */
export const byName = (presets) => new Map(presets.map((preset) => [preset.name.toLowerCase(), preset]));

/** A file in which presets have the given modifiers; nothing removes them. New ones come at the end. */
export function apply(text, wanted) {
  const open = new Map(wanted.map((one) => [one.name.toLowerCase(), one]));
  const entries = parse(text).filter((one) => one.kind !== "preset" || !open.has(one.name.toLowerCase()) || open.get(one.name.toLowerCase()).modifiers !== undefined);
  for (const one of presetsOf(entries)) {
    const given = open.get(one.name.toLowerCase());
    open.delete(one.name.toLowerCase());
    if (given && given.modifiers !== one.modifiers) one.raw = written(one, one.name, given.modifiers);
  }
  const added = [...open.values()].filter(({ modifiers }) => modifiers !== undefined);
  const end = lineEnd(text);
  const last = entries.at(-1);
  if (added.length > 0 && last && !/[\r\n]$/.test(last.raw)) last.raw += end;
  return join([...entries, ...added.map(({ name, modifiers }) => lineOf(name, modifiers, end))]);
}

/** The file `theirs` with the changes that were made from `base` to `mine`; nothing if its presets are not those of `base`. */
export function rebase(mine, base, theirs) {
  if (differences(base, theirs).length > 0) return undefined;
  return apply(theirs, differences(base, mine).map(({ name, other }) => ({ name, modifiers: other })));
}

/** The text of a file's bytes: UTF-8, or else the code page of old Windows programs. */
export function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
