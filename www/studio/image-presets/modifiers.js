// The fields of the preset editor and the line of modifiers: each can be made from the other.

/** Top-level commands of a line. Text in brackets, a nested request, stays within its command. */
export function tokens(line) {
  const found = [""];
  let depth = 0;
  for (const character of line) {
    if ("({[".includes(character)) depth += 1;
    if (")}]".includes(character)) depth = Math.max(0, depth - 1);
    if (character === "&" && depth === 0) found.push("");
    else found[found.length - 1] += character;
  }
  return found.filter((token) => token.trim() !== "").map((text) => {
    const [, name, value] = /^([^=]*)=?([^]*)$/.exec(text);
    const isMacro = /^\$[\w.-]+\$$/.test(name.trim()) && value === "";
    return { text, name: name.trim().toLowerCase(), value, isMacro };
  });
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)$/;
const SWITCH = /^[01]$/;
const ANY = /^[^&]*$/;

/** The fields of each command, in the order in which Adobe's editor writes the commands. */
const COMMANDS = [
  ["wid", [["width", NUMBER]]],
  ["hei", [["height", NUMBER]]],
  ["fmt", [["format", ANY], ["space", ANY], ["compression", ANY]]],
  ["qlt", [["quality", NUMBER], ["chroma", SWITCH]]],
  ["quantize", [["palette", ANY], ["diffusion", ANY], ["colors", NUMBER], ["colorList", ANY]]],
  ["op_sharpen", [["sharpen", SWITCH]]],
  ["resMode", [["resampling", ANY]]],
  ["op_usm", [["amount", NUMBER], ["radius", NUMBER], ["threshold", NUMBER], ["monochrome", SWITCH]]],
  ["icc", [["profile", ANY], ["intent", ANY], ["blackPoint", SWITCH], ["dither", SWITCH]]],
  ["iccEmbed", [["embed", SWITCH]]],
  ["printRes", [["printResolution", NUMBER]]],
];
const KNOWN = new Map(COMMANDS.map(([name, fields]) => [name.toLowerCase(), fields]));

/** Whether the form has fields for a command. */
export const isField = (name) => KNOWN.has(name.toLowerCase());

/**
 * Reads a line: `fields` of the editor, `modifier`, all other commands as they are, and `head`, what ends with
 * the last call of a preset: what follows it wins, so it stays in front.
 */
export function read(line) {
  const all = tokens(line);
  const lastCall = all.findLastIndex(({ isMacro }) => isMacro);
  const fields = {};
  const rest = [];
  let inLayers = false;
  for (const token of all.slice(lastCall + 1)) {
    inLayers ||= token.name === "layer" || token.name === "effect";
    const values = inLayers ? undefined : valuesOf(token);
    if (values) Object.assign(fields, values);
    else rest.push(token.text);
  }
  return { head: all.slice(0, lastCall + 1).map(({ text }) => text).join("&"), fields, modifier: rest.join("&") };
}

/** The fields of a command that the editor has; nothing if it cannot show the value, such as a variable. */
function valuesOf({ name, value }) {
  const fields = KNOWN.get(name);
  if (!fields) return undefined;
  const parts = value.replace(/%2c/gi, ",").split(",");
  const given = parts.slice(0, fields.length - 1);
  if (parts.length >= fields.length) given.push(parts.slice(fields.length - 1).join(","));
  const fits = given.every((part, at) => part.trim() === "" || fields[at][1].test(part.trim()));
  if (!fits || value.includes("$")) return undefined;
  return Object.fromEntries(fields.map(([field], at) => [field, (given[at] ?? "").trim()]));
}

/** Writes a line, in Adobe's order. The modifier comes last, as it is. */
export function write({ head = "", fields, modifier = "" }) {
  const commands = COMMANDS.map(([name, parts]) => {
    const values = parts.map(([field]) => fields[field] ?? "");
    while (values.at(-1) === "") values.pop();
    return values.length > 0 ? `${name}=${values.join(",")}` : "";
  });
  const trimmed = modifier.replace(/^[?&\s]+|[&\s]+$/g, "");
  return [head, ...commands, trimmed].filter(Boolean).join("&");
}

/** The line with the presets that it calls put in, as the server does it. */
export function expand(line, lookUp, depth = 0) {
  if (depth > 20) return line;
  return tokens(line)
    .map(({ text, name, isMacro }) => {
      const found = isMacro && lookUp(name.slice(1, -1));
      return found ? expand(found, lookUp, depth + 1) : text;
    })
    .join("&");
}

/** The kind of a preset, its size and its format in words: what a list shows of it. */
export function summary(expanded) {
  const { fields, modifier } = read(expanded);
  const names = new Set(tokens(modifier).map(({ name }) => name));
  const isEffect = ["opac", "blendmode", "color"].some((name) => names.has(name)) && !fields.format && !names.has("layer");
  const isSized = Boolean(fields.width || fields.height) || ["wid", "hei", "scl", "size", "layer"].some((name) => names.has(name));
  const kind = isEffect ? "effect" : isSized ? "sized" : "responsive";
  return { kind, size: sizeOf(fields), format: formatOf(fields) };
}

function sizeOf({ width, height }) {
  if (width && height) return `${width} × ${height}`;
  if (width) return `${width} wide`;
  return height ? `${height} high` : "";
}

function formatOf({ format = "", quality, compression }) {
  const [base, alpha] = format.toLowerCase().split("-");
  const name = { "": "JPEG", jpg: "JPEG", jpeg: "JPEG", pjpeg: "JPEG", tif: "TIFF", webp: "WebP" }[base] ?? base.toUpperCase();
  const detail = quality && ["JPEG", "WebP", "AVIF"].includes(name) ? ` ${quality}` : compression ? ` ${compression}` : "";
  return `${name}${detail}${alpha ? " with alpha" : ""}`;
}
