// The words of an RTF text, which can be edited while their format stays, and the simplest of its format.

/** Groups without words. */
const SILENT = /^\\(?:\*|(?:fonttbl|colortbl|cmykcolortbl|stylesheet|info|generator)(?![a-z]))/;
/** Control words that are characters. */
const CHARACTERS = { par: "\n", line: "\n", tab: "\t", bullet: "•", endash: "–", emdash: "—", lquote: "‘", rquote: "’", ldblquote: "“", rdblquote: "”" };
const TOKEN = /\\([a-z]+)(-?\d+)? ?|\\'([0-9a-f]{2})|\\(.)|[{}]|[\r\n]+|[^\\{}\r\n]/giuy;

/** The runs of words: `{ text, from, to }` with their places in the text. Formatting within words parts them. */
export function runsOf(rtf) {
  const runs = [];
  let run;
  let depth = 0;
  let silent = 0;
  let skipped = 0;
  const put = (text, from, to) => {
    if (!run) runs.push((run = { text: "", from, to }));
    run.text += text;
    run.to = to;
  };
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(rtf); match; match = TOKEN.exec(rtf)) {
    const [token, word, number, byte, symbol] = match;
    const [from, to] = [match.index, TOKEN.lastIndex];
    if (token === "{") {
      depth += 1;
      if (!silent && SILENT.test(rtf.slice(to))) silent = depth;
      run = undefined;
    } else if (token === "}") {
      if (silent === depth) silent = 0;
      depth -= 1;
      run = undefined;
    } else if (silent || /^[\r\n]/.test(token)) {
      continue;
    } else if (word === "u" && number !== undefined) {
      put(String.fromCodePoint(((Number(number) % 65536) + 65536) % 65536), from, to);
      // One character stands for it where Unicode is not read.
      skipped = 1;
    } else if (word !== undefined) {
      const character = CHARACTERS[word];
      // An end of a line before the first word is format.
      if (character !== undefined && (run || character !== "\n")) put(character, from, to);
      else run = undefined;
    } else if (skipped > 0) {
      skipped -= 1;
      run.to = to;
    } else if (byte !== undefined) {
      put(new TextDecoder("windows-1252").decode(Uint8Array.of(parseInt(byte, 16))), from, to);
    } else if (symbol !== undefined) {
      put(symbol === "~" ? "\u00a0" : symbol === "_" ? "‑" : symbol, from, to);
    } else {
      put(token, from, to);
    }
  }
  return runs.filter(({ text }) => text.trim() !== "");
}

/** All words of a text, without their format. */
export const plain = (rtf) => runsOf(rtf).map(({ text }) => text).join("");

/** Where words can be put into a text that has none: before the groups that end it. */
const nowhere = (rtf) => {
  const at = /}*$/.exec(rtf).index;
  return { text: "", from: at, to: at };
};

/** The only run of a text; nothing if its format changes within. */
export function onlyRun(rtf) {
  const runs = runsOf(rtf);
  if (runs.length > 1) return undefined;
  return runs[0] ?? nowhere(rtf);
}

/** The text with other words in a run. */
export function setWords(rtf, { from, to }, words) {
  const before = rtf.slice(0, from);
  const isLines = /\\line\b/.test(rtf.slice(from, to));
  const written = words
    .replace(/[\\{}]/g, "\\$&")
    .replace(/\r?\n/g, isLines ? "\\line " : "\\par ")
    .replace(/\t/g, "\\tab ");
  // A control word ends where a blank is.
  const blank = /\\[a-z]+(-?\d+)?$/i.test(before) && written !== "" ? " " : "";
  return before + blank + written + rtf.slice(to);
}

/** `{ size, bold, italic, align, color }` of a text in one format. The size is in points, a colour six digits. */
export function formatOf(rtf) {
  const head = visible(rtf);
  const size = /\\fs(\d+)/.exec(head)?.[1];
  const align = /\\q([lrcj])(?![a-z])/.exec(head)?.[1];
  return {
    size: size ? Number(size) / 2 : 12,
    bold: /\\b(?![a-z0])/.test(head),
    italic: /\\i(?![a-z0])/.test(head),
    align: align ?? "l",
    color: colorOf(rtf),
  };
}

/** The text without its tables, in which the same letters have other meanings. */
const visible = (rtf) => rtf.replace(/\{\\(\*|fonttbl|colortbl|cmykcolortbl)(?:[^{}]|\{[^{}]*\})*\}/g, "");

const TABLE = /\{\\colortbl([^{}]*)\}/;

function colorOf(rtf) {
  const number = Number(/\\cf(\d+)/.exec(rtf)?.[1] ?? 0);
  const entry = TABLE.exec(rtf)?.[1].split(";")[number];
  const part = (name) => /\d+/.exec(new RegExp(`\\\\${name}\\d+`).exec(entry ?? "")?.[0] ?? "0")[0];
  return ["red", "green", "blue"].map((name) => Math.min(255, Number(part(name))).toString(16).padStart(2, "0")).join("");
}

/** The text with another size, weight, slant, alignment or colour of its only run. */
export function setFormat(rtf, name, value) {
  if (name === "size") return control(rtf, /\\fs\d+/, `\\fs${Math.round(value * 2)}`);
  if (name === "align") return control(rtf, /\\q[lrcj](?![a-z])/, `\\q${value}`);
  if (name === "bold") return control(rtf, /\\b0?(?![a-z0-9])/, value ? "\\b" : "\\b0");
  if (name === "italic") return control(rtf, /\\i0?(?![a-z0-9])/, value ? "\\i" : "\\i0");
  return setColor(rtf, value);
}

/** Replaces a control word, or puts it before the words. */
function control(rtf, pattern, written) {
  const tables = new RegExp(`(\\{\\\\(?:\\*|fonttbl|colortbl|cmykcolortbl)(?:[^{}]|\\{[^{}]*\\})*\\})|${pattern.source}`, "g");
  let isThere = false;
  const changed = rtf.replace(tables, (found, table) => {
    if (table) return table;
    isThere = true;
    return written;
  });
  if (isThere) return changed;
  const { from } = runsOf(rtf)[0] ?? nowhere(rtf);
  return `${rtf.slice(0, from)}${written} ${rtf.slice(from)}`;
}

function setColor(rtf, hex) {
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const entry = `\\red${red}\\green${green}\\blue${blue}`;
  const number = Number(/\\cf(\d+)/.exec(rtf)?.[1] ?? 0);
  const table = TABLE.exec(rtf);
  if (table && number > 0) {
    const entries = table[1].split(";");
    while (entries.length <= number + 1) entries.push("");
    entries[number] = entry;
    return rtf.replace(TABLE, () => `{\\colortbl${entries.join(";")}}`);
  }
  if (table) {
    const entries = table[1].replace(/;\s*$/, "").split(";");
    const extended = rtf.replace(TABLE, () => `{\\colortbl${[...entries, entry].join(";")};}`);
    return control(extended, /\\cf\d+/, `\\cf${entries.length}`);
  }
  return control(`{\\colortbl;${entry};}${rtf}`, /\\cf\d+/, "\\cf1");
}
