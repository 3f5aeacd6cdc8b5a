// What to look at in a preset: what Dynamic Media does not allow in one, and what experience warns of.
import { expand, read, tokens, write } from "./modifiers.js";

const NOT_ALLOWED = /^(icc|iccembed|text\w*|locale|template)$/;
/** Whether Dynamic Media's preset editor takes a command in its image modifier. */
export const isAllowed = (name) => !NOT_ALLOWED.test(name.toLowerCase());
const NOT_ASKED = /^(xlate|set|mbrset|savetofile|targets)(,|$)/i;

/**
 * Pieces of advice on a line: `{ text, serious, fix }`, where `fix` is `{ label, line }`, a line without the
 * fault. `lookUp(name)` gives the modifiers of a preset that is called.
 */
export function adviceOn(line, lookUp) {
  const own = read(line);
  const whole = read(expand(line, lookUp));
  const modifier = tokens(whole.modifier);
  const names = new Set(modifier.map(({ name }) => name));
  const changed = (fields) => write({ ...own, fields: { ...own.fields, ...fields } });
  const found = [];
  const say = (text, fix, serious = false) => found.push({ text, fix, serious });

  for (const { name, isMacro } of tokens(line)) {
    if (isMacro && lookUp(name.slice(1, -1)) === undefined) say(`There is no preset ${name} before this one: the server refuses such a request.`, undefined, true);
  }
  for (const { name, value } of modifier) {
    if (!isAllowed(name)) say(`Dynamic Media does not allow ${name}= in the image modifier of a preset. This server draws it.`);
    if (name === "req" && NOT_ASKED.test(value)) say(`Dynamic Media does not allow req=${value} in a preset.`);
  }

  const { fields } = whole;
  const isSized = Boolean(fields.width || fields.height);
  if (isSized && !["fit", "scl", "size", "layer"].some((name) => names.has(name))) {
    say(
      "A picture smaller than this size is padded with the background: nothing is enlarged without fit=. fit=constrain keeps it as it is.",
      { label: "Add fit=constrain", line: write({ ...own, modifier: [own.modifier, "fit=constrain"].filter(Boolean).join("&") }) },
    );
  }
  for (const side of ["width", "height"]) if (fields[side] && Number(fields[side]) <= 0) say(`The ${side} must be more than 0, or empty.`, { label: `Empty the ${side}`, line: changed({ [side]: "" }) }, true);
  if (Number(fields.quality) >= 100) say("Quality 100 costs many bytes that nobody sees: 80 for small pictures, 85 for middle ones, 90 to 95 where quality counts.", { label: "Use 90", line: changed({ quality: "90" }) });
  else if (fields.quality && Number(fields.quality) < 70) say("Below a quality of 70 the loss can be seen.", { label: "Use 80", line: changed({ quality: "80" }) });
  if (fields.sharpen === "1") {
    const usm = { amount: fields.amount || "1", radius: fields.radius || "1", threshold: fields.threshold || "6", monochrome: fields.monochrome || "0" };
    say("Simple sharpening cannot be controlled. An unsharp mask can.", { label: "Use an unsharp mask", line: changed({ sharpen: "", ...usm }) });
  }
  if (/^(webp|avif)(-alpha)?$/i.test(fields.format ?? "")) {
    const wanted = /-alpha$/i.test(fields.format) ? "png-alpha" : "jpeg";
    say(`With fmt=${fields.format} every browser gets this format. Smart Imaging chooses the best one for each browser where the format is JPEG or PNG.`, { label: `Use ${wanted}`, line: changed({ format: wanted, compression: "", space: "" }) });
  }
  return found;
}

/** What is wrong with a name for a preset; nothing if it can be used. `taken` are other names. */
export function nameProblem(name, taken) {
  if (name === "") return "A preset needs a name.";
  const bad = /[^A-Za-z0-9_.-]/.exec(name);
  if (bad) return `A name may have letters, digits, - _ and . only, not ${bad[0] === " " ? "a blank" : `“${bad[0]}”`}.`;
  if (taken.some((other) => other.toLowerCase() === name.toLowerCase())) return `There is already a preset $${name}$ here.`;
  return undefined;
}

/** A name that is free, such as `main-2`. */
export function freeName(name, taken) {
  const isTaken = (one) => taken.some((other) => other.toLowerCase() === one.toLowerCase());
  if (!isTaken(name)) return name;
  const base = name.replace(/-\d+$/, "");
  for (let number = 2; ; number += 1) if (!isTaken(`${base}-${number}`)) return `${base}-${number}`;
}
