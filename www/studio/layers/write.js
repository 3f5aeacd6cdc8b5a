// Changes layers and variables in a string of modifiers, and leaves the rest as it was typed. `read` gives the
// commands of such a string with their places.
import { change, encode, remove } from "../modify/edit.js";

export const join = (...parts) => parts.map((part) => part.replace(/^&+|&+$/g, "")).filter(Boolean).join("&");

/** The modifiers with another value of a layer's command, or without it. */
export function setCommand(modifiers, items, layer, name, value) {
  const place = { layer };
  const isThere = items.some((item) => item.kind === "command" && item.name === name && item.layer === layer && item.effect === undefined);
  const isSelected = items.some((item) => item.name === "layer" && item.layer === layer);
  // Without `layer=0`, some commands would be those of all layers together.
  if (layer === 0 && !isThere && !isSelected && value !== undefined) {
    const at = items.find((item) => item.kind === "command" && (item.name === "layer" || item.name === "effect"))?.from ?? modifiers.length;
    return join(modifiers.slice(0, at), `layer=0&${name}=${encode(value)}`, modifiers.slice(at));
  }
  return change(modifiers, items, name, value, place);
}

/** The modifiers with another value of a variable. */
export function setVariable(modifiers, items, name, value) {
  const last = items.findLast((item) => item.kind === "variable" && item.name === name);
  const written = `$${name}=${encode(value)}`;
  if (last) return modifiers.slice(0, last.from) + written + modifiers.slice(last.to);
  return join(written, modifiers);
}

export const addLayer = (modifiers, number, commands) => join(modifiers, `layer=${number}`, commands);

/** The modifiers without a layer. One that comes from a record can only be hidden. */
export function removeLayer(modifiers, items, number, isRecords) {
  const own = items.filter((item) => item.layer === number);
  const rest = own.reduceRight((text, item) => remove(text, item), modifiers);
  return isRecords ? join(rest, `layer=${number}&hide=1`) : rest;
}

/** The modifiers with other numbers of layers: `numbers` maps each old number to the new one. */
export function renumber(modifiers, items, numbers) {
  const selectors = items.filter((item) => item.kind === "command" && item.name === "layer" && numbers.has(item.layer));
  return selectors.reduceRight((text, item) => {
    const typed = text.slice(item.from, item.to);
    // Layers that are selected by their names stay so.
    const changed = typed.replace(/^([^=]*=\s*)\d+/, `$1${numbers.get(item.layer)}`);
    return text.slice(0, item.from) + changed + text.slice(item.to);
  }, modifiers);
}

/** The modifiers with a copy of a layer right above it, a little to the right and below. Resolves to `{ modifiers, number }`. */
export async function duplicate(modifiers, layer, layers, read) {
  const number = layer.number + 1;
  const taken = layers.filter((other) => other.number >= number && layers.some((one) => one.number === number));
  const canShift = taken.every(({ isOwn }) => isOwn);
  const to = canShift ? number : Math.max(...layers.map((one) => one.number)) + 1;
  const shifted = canShift ? renumber(modifiers, await read(modifiers), new Map(taken.map((one) => [one.number, one.number + 1]))) : modifiers;
  const items = await read(shifted);
  const copied = addLayer(shifted, to, commandsOf(shifted, items, layer));
  const [name, value] = moved(layer, 10, 10);
  return { modifiers: setCommand(copied, await read(copied), to, name, value), number: to };
}

/** The commands of a layer, without what selects it. */
function commandsOf(modifiers, items, layer) {
  const own = items.filter((item) => item.layer === layer.number);
  const isSelector = (item) => item.kind === "command" && item.name === "layer";
  const written = own.map((item, at) => {
    if (!isSelector(item)) return modifiers.slice(item.from, item.to);
    // A layer that is selected again begins outside of its effects.
    return own[at - 1]?.effect === undefined ? "" : "effect=0";
  });
  const has = (name) => own.some((item) => item.name === name && item.effect === undefined);
  // What the record says of it, too.
  const names = [layer.command, "size", "sizeN", "pos", "posN", "anchor", "anchorN", "origin", "originN", "rotate", "opac", "blendMode"];
  const theirs = names.filter((name) => !has(name) && layer.value(name) !== undefined).map((name) => `${name}=${encode(layer.value(name))}`);
  return join(...theirs, ...written);
}

/**
 * The command that moves a layer by pixels of the composite, as a pair of its name and value. `posN=` counts in sides
 * of the canvas.
 */
export function moved({ value }, across, down, canvas) {
  const numbers = (text) => (text ?? "").split(",").map(Number);
  const parts = value("pos") === undefined && value("posN") !== undefined && canvas ? numbers(value("posN")) : undefined;
  if (parts && parts.every(Number.isFinite)) {
    const [x, y] = [parts[0] + across / canvas.width, (parts[1] ?? 0) + down / canvas.height];
    return ["posN", [x, y].map((at) => Number(at.toFixed(5))).join(",")];
  }
  const [x, y = 0] = numbers(value("pos")).map((at) => (Number.isFinite(at) ? at : 0));
  return ["pos", `${Math.round(x + across)},${Math.round(y + down)}`];
}
