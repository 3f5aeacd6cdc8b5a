// A TIFF of one level in uncompressed tiles: what takes most memory for its pixels.

const TILE = 256;

/** The bytes of a tiled RGB TIFF of `tiles` × `tiles` tiles, some 200 KB each. */
export function uncompressed(tiles) {
  const side = tiles * TILE;
  const count = tiles * tiles;
  const tileBytes = TILE * TILE * 3;
  const entries = 11;
  const arrays = 8 + 2 + entries * 12 + 4;
  const bits = arrays + 8 * count;
  const start = Math.ceil((bits + 6) / 16) * 16;
  const file = Buffer.alloc(start + count * tileBytes);
  file.write("II");
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries, 8);
  const long = (tag, number, value) => [tag, 4, number, value];
  const short = (tag, number, value) => [tag, 3, number, value];
  const directory = [
    long(256, 1, side),
    long(257, 1, side),
    short(258, 3, bits),
    short(259, 1, 1),
    short(262, 1, 2),
    short(277, 1, 3),
    short(284, 1, 1),
    long(322, 1, TILE),
    long(323, 1, TILE),
    long(324, count, arrays),
    long(325, count, arrays + 4 * count),
  ];
  directory.forEach(([tag, type, number, value], nth) => {
    const at = 10 + nth * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(number, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  for (let nth = 0; nth < count; nth += 1) {
    file.writeUInt32LE(start + nth * tileBytes, arrays + 4 * nth);
    file.writeUInt32LE(tileBytes, arrays + 4 * (count + nth));
    file.fill((nth * 37) & 255, start + nth * tileBytes, start + (nth + 1) * tileBytes);
  }
  [8, 8, 8].forEach((depth, nth) => file.writeUInt16LE(depth, bits + 2 * nth));
  return file;
}
