// The levels of a pyramid TIFF, read by other means than the engine's.

const SIZES = { 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
const [WIDTH, HEIGHT, TILE_BYTES, SUB_DIRECTORIES, STRIP_BYTES] = [256, 257, 325, 330, 279];

/**
 * Each level's size, what its tiles hold together, and how libvips is told to open it.
 * Largest first.
 */
export function levels(bytes) {
  const little = bytes.toString("latin1", 0, 2) === "II";
  const big = number(bytes, 2, 2, little) === 43;
  const found = [];
  let page = 0;
  for (let at = number(bytes, big ? 8 : 4, big ? 8 : 4, little); at; page += 1) {
    const { tags, next } = directory(bytes, at, little, big);
    found.push({ ...level(tags), open: { page } });
    for (const [subifd, sub] of (tags.get(SUB_DIRECTORIES) ?? []).entries()) {
      found.push({ ...level(directory(bytes, sub, little, big).tags), open: { page, subifd } });
    }
    at = next;
  }
  return found.sort((one, other) => other.width - one.width);
}

/** The smallest level that is at least `width` wide. */
export function levelFor(bytes, width) {
  return levels(bytes).findLast((level) => level.width >= width);
}

function level(tags) {
  const pieces = tags.get(TILE_BYTES) ?? tags.get(STRIP_BYTES) ?? [];
  const [width, height] = [WIDTH, HEIGHT].map((tag) => tags.get(tag)[0]);
  return { width, height, bytes: pieces.reduce((sum, piece) => sum + piece, 0) };
}

function directory(bytes, at, little, big) {
  const [countSize, entrySize, offsetSize] = big ? [8, 20, 8] : [2, 12, 4];
  const count = number(bytes, at, countSize, little);
  const tags = new Map();
  for (let index = 0; index < count; index += 1) {
    const entry = at + countSize + index * entrySize;
    const size = SIZES[number(bytes, entry + 2, 2, little)];
    if (!size) continue;
    const values = number(bytes, entry + 4, offsetSize, little);
    const inline = entry + 4 + offsetSize;
    const from = values * size <= offsetSize ? inline : number(bytes, inline, offsetSize, little);
    const value = (_, index) => number(bytes, from + index * size, size, little);
    tags.set(number(bytes, entry, 2, little), Array.from({ length: values }, value));
  }
  return { tags, next: number(bytes, at + countSize + count * entrySize, offsetSize, little) };
}

function number(bytes, at, size, little) {
  if (size === 8) return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}
