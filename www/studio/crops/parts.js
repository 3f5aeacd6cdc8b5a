// The parts of a picture that its record names: smart crops and the swatch, by name.

/** The name under which a swatch is served. */
export const SWATCH = "Swatch";
/** How many crops a picture may have. */
const MOST = 100;
/** The largest side that a crop may be meant for. */
export const LARGEST = 65500;

/** As many crops of other pictures are offered at most. */
const OFFERED_OF_OTHERS = 8;

/** What Dynamic Media offers for a new crop; the sizes are only a beginning. */
const OFFERED = [
  { name: "Large", width: 1200, height: 800 },
  { name: "Medium", width: 800, height: 600 },
  { name: "Small", width: 420, height: 420 },
];

/** What is offered for a new crop of a picture: the crops that others have, and a beginning. */
export function offersFor(others) {
  const offers = new Map();
  for (const parts of others) for (const [name, { width, height }] of Object.entries(parts)) if (name !== SWATCH) offers.set(name, { name, width, height });
  const theirs = [...offers.values()].slice(0, OFFERED_OF_OTHERS);
  return [...theirs, ...OFFERED.filter(({ name }) => !offers.has(name)), { name: SWATCH, width: 200, height: 200 }];
}

/** The parts of a record, by name; the swatch last. */
export function partsOf({ crops = {}, swatch }) {
  const { [SWATCH]: _, ...named } = crops;
  return swatch ? { ...named, [SWATCH]: swatch } : named;
}

/** The record with these parts. */
export function withParts(record, { [SWATCH]: swatch, ...crops }) {
  const { crops: _, swatch: old, ...rest } = record;
  return { ...rest, ...(Object.keys(crops).length > 0 ? { crops } : {}), ...(swatch ? { swatch } : {}) };
}

const same = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const sorted = (part) => part && Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1));

/** The names of parts that differ. */
export function changed(before, after) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !same(before[name], after[name]));
}

/** Whether somebody set the box, or ingest found it. */
export const isByHand = ({ rect, found }) => !found || rect.some((part, at) => part !== found[at]);

export const hasRatio = (one, other) => Math.abs(one.width * other.height - other.width * one.height) <= 0.005 * one.width * other.height;

/** What is wrong with a name for a part; nothing if it can be used. */
export function problemOfName(name, parts, old) {
  if (name === "") return "A crop needs a name.";
  if (name === SWATCH) return `${SWATCH} is the name of the swatch.`;
  if (/[:/?#&%$\\]|[\u0000-\u001f]/.test(name)) return "The name goes into addresses: leave out : / ? # & % $ and \\.";
  if (new TextEncoder().encode(name).length > 100) return "A name has at most 100 bytes.";
  if (name !== old && Object.hasOwn(parts, name)) return `There is a crop ${name} already.`;
  if (old === undefined && Object.keys(parts).filter((one) => one !== SWATCH).length >= MOST) return `A picture has at most ${MOST} crops.`;
  return undefined;
}

/** What is wrong with the size that a crop is meant for; nothing if it can be used. */
export function problemOfSize(...sides) {
  return sides.every((side) => Number.isInteger(side) && side >= 1 && side <= LARGEST) ? undefined : `Width and height are whole numbers from 1 to ${LARGEST}.`;
}

/**
 * Joins what two people did to the same parts. `parts` has the changes of both; of what both changed in different
 * ways it has mine, and the names are in `conflicts`.
 */
export function merge(base, mine, theirs) {
  const parts = {};
  const conflicts = [];
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(base)])) {
    const own = !same(base[name], mine[name]);
    if (own && !same(base[name], theirs[name]) && !same(mine[name], theirs[name])) conflicts.push(name);
    const part = own ? mine[name] : theirs[name];
    if (part) parts[name] = part;
  }
  return { parts, conflicts };
}
