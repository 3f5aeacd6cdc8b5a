// Changes one command in a string of modifiers and leaves the rest as it was typed. `items` are what the engine
// has read in it: names in the protocol's spelling, with their places.

/** Where a command applies: a layer and an effect of it, or neither. */
const isAt = (item, { layer, effect } = {}) => item.layer === layer && item.effect === effect;

const commands = (items, name, place) => items.filter((item) => item.kind === "command" && item.name === name && isAt(item, place));

/** The value that counts, which is the last one; nothing if the command is not there. */
export function valueOf(items, name, place) {
  return commands(items, name, place).at(-1)?.value;
}

/** The modifiers with another value of a command, or without it if the value is undefined. */
export function change(modifiers, items, name, value, place = {}) {
  const found = commands(items, name, place);
  if (value === undefined) return found.reduceRight((text, item) => remove(text, item), modifiers);
  const last = found.at(-1);
  const written = `${name}=${encode(value)}`;
  if (last) return modifiers.slice(0, last.from) + written + modifiers.slice(last.to);
  return insert(modifiers, items, written, place);
}

/** A value as it is written: what separates commands is encoded. Nested requests are written as they are. */
export function encode(value) {
  if (/^(?:(?:is|ir|fxg)[({]|\((?:https?:)?\/\/)/i.test(value)) return value;
  return value.replace(/[%&#+"<>\s]/g, encodeURIComponent);
}

/** The modifiers without one of their items. */
export function remove(modifiers, { from, to }) {
  if (modifiers[to] === "&") return modifiers.slice(0, from) + modifiers.slice(to + 1);
  return modifiers.slice(0, from).replace(/&$/, "") + modifiers.slice(to);
}

/** Inserts a command where it applies to the place: at the end of its layer, or before all layers. */
function insert(modifiers, items, written, place) {
  const starts = (item) => item.kind === "command" && (item.name === "layer" || item.name === "effect");
  const join = (...parts) => parts.map((part) => part.replace(/^&+|&+$/g, "")).filter(Boolean).join("&");
  if (place.layer === undefined) {
    const at = items.find(starts)?.from ?? modifiers.length;
    return join(modifiers.slice(0, at), written, modifiers.slice(at));
  }
  const own = items.filter((item) => isAt(item, place)).at(-1);
  if (own) return join(modifiers.slice(0, own.to), written, modifiers.slice(own.to));
  const effect = place.effect === undefined ? "" : `effect=${place.effect}`;
  return join(modifiers, `layer=${place.layer}`, effect, written);
}
