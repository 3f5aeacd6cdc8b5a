// The facts about a reply.
import { element } from "../dom.js";

/**
 * Puts facts, as pairs of a name and a text, into a list. Pairs without a text are left out. `details` is the list
 * of those that need a line of their own, if there is one.
 */
export function showFacts(list, entries, details = list) {
  const [short, long] = [[], []];
  for (const [name, value, isLong] of entries) {
    if (!value) continue;
    (isLong ? long : short).push(element("div", { class: isLong ? "long" : undefined }, element("dt", {}, name), element("dd", {}, value)));
  }
  if (details === list) return list.replaceChildren(...short, ...long);
  list.replaceChildren(...short);
  details.replaceChildren(...long);
}

/** The facts of a local reply, and of the server's where that was asked for, too. */
export function factsOf({ here, edge, size, before }) {
  const shown = edge ?? here;
  return [
    ["Status", !size && String(shown.status)],
    ["Size", size?.width && `${size.width} × ${size.height} px`],
    ["Bytes", `${shown.bytes.length.toLocaleString("en")}${change(shown.bytes.length, before?.length)}`],
    ["Type", shown.contentType.split(";")[0]],
    ["Time", `${shown.milliseconds.toFixed(0)} ms`],
    ["Stages", !edge && stages(here.timing), true],
    ["X-Azulejo-Cache", edge?.headers["x-azulejo-cache"]],
    ["Not read here", here.closed.length > 0 && `${here.closed.join(", ")}: the server may draw another picture`, true],
    ["Bytes as here", edge && (same(edge.bytes, here.bytes) ? "the same" : "different")],
  ];
}

function change(bytes, before) {
  if (!before || before === bytes) return "";
  const percent = ((bytes - before) / before) * 100;
  return ` (${percent > 0 ? "+" : "−"}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0)} % of before)`;
}

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

const stages = (timing) =>
  Object.entries(timing)
    .filter(([, milliseconds]) => milliseconds >= 0.5)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(0)} ms`)
    .join(" · ");
