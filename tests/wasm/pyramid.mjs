// Pyramids of any size without their bytes: every tile is the same JPEG, each at a place of its own.

/** Types of TIFF values: 3 is SHORT, 4 is LONG. */
const SHORT = 3;
const LONG = 4;

/** The levels of a picture, halved until one tile holds it, or only the first. */
function sizes(width, height, tile, halved) {
  const all = [{ width, height }];
  while (halved && Math.max(all.at(-1).width, all.at(-1).height) > tile) {
    const last = all.at(-1);
    all.push({ width: Math.ceil(last.width / 2), height: Math.ceil(last.height / 2) });
  }
  return all;
}

function directory({ width, height }, number, tile, offsets, length) {
  const count = offsets.length;
  return [
    [254, LONG, [number && 1]],
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, [8, 8, 8]],
    [259, SHORT, [7]],
    [262, SHORT, [6]],
    [277, SHORT, [3]],
    [284, SHORT, [1]],
    [322, LONG, [tile]],
    [323, LONG, [tile]],
    [324, LONG, offsets],
    [325, LONG, new Array(count).fill(length)],
    [530, SHORT, [2, 2]],
  ];
}

/** A directory with its arrays behind it, and the offset of the next. */
function write(file, at, entries, last) {
  const view = new DataView(file.buffer);
  let arrays = at + 2 + entries.length * 12 + 4;
  view.setUint16(at, entries.length, true);
  at += 2;
  for (const [tag, kind, values] of entries) {
    const bytes = values.length * (kind === SHORT ? 2 : 4);
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, kind, true);
    view.setUint32(at + 4, values.length, true);
    if (bytes > 4) view.setUint32(at + 8, arrays, true);
    let to = bytes > 4 ? arrays : at + 8;
    for (const value of values) {
      if (kind === SHORT) view.setUint16(to, value, true);
      else view.setUint32(to, value, true);
      to += kind === SHORT ? 2 : 4;
    }
    if (bytes > 4) arrays += bytes + (bytes % 4);
    at += 12;
  }
  view.setUint32(at, last ? 0 : arrays, true);
  return arrays;
}

/**
 * A source with a pyramid of `width` × `height`, directories first as our own files are, whose
 * tiles are all `jpeg`. `tilesAt` is where they begin.
 */
export function pyramid(width, height, jpeg, { tile = 256, halved = true } = {}) {
  const levels = sizes(width, height, tile, halved).map((level) => ({
    ...level,
    tiles: Math.ceil(level.width / tile) * Math.ceil(level.height / tile),
  }));
  const tiles = levels.reduce((sum, level) => sum + level.tiles, 0);
  const tilesAt = 8 + levels.length * 256 + tiles * 8;
  let offset = tilesAt;
  // The smallest level comes first.
  for (const level of levels.toReversed()) {
    level.offsets = Array.from({ length: level.tiles }, (_, at) => offset + at * jpeg.length);
    offset += level.tiles * jpeg.length;
  }
  const head = new Uint8Array(tilesAt);
  head.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  let at = 8;
  levels.forEach((level, number) => {
    const entries = directory(level, number, tile, level.offsets, jpeg.length);
    at = write(head, at, entries, number === levels.length - 1);
  });
  const read = async (start, len) => {
    const part = new Uint8Array(Math.max(0, Math.min(len, offset - start)));
    part.set(head.subarray(start, start + part.length));
    let to = Math.max(0, tilesAt - start);
    while (to < part.length) {
      const from = (start + to - tilesAt) % jpeg.length;
      const piece = jpeg.subarray(from, from + part.length - to);
      part.set(piece, to);
      to += piece.length;
    }
    return part;
  };
  return { size: offset, tilesAt, read };
}
