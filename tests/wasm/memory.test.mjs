// The plan knows the peak before it reads: what it allows fits in 64 MB, what it refuses is not read.
import assert from "node:assert/strict";
import test from "node:test";
import { startCapped } from "./capped.mjs";
import { counted, file, text } from "./preview.mjs";
import { pyramid } from "./pyramid.mjs";

const BUDGET = 64;
const { preview, memory } = startCapped(BUDGET);

// A real photograph, as dense as tiles are.
const tile = await preview.render("Test/dandelions?crop=0,0,256,256&scl=1&qlt=90,0", {
  source: file("tests/fixtures/dandelions.tif"),
});
assert.equal(tile.status, 200, text(tile));

const dimensions = ({ bytes }) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint16(0) !== 0xffd8) return [view.getUint32(16), view.getUint32(20)];
  let at = 2;
  while (![0xc0, 0xc2].includes(bytes[at + 1])) at += 2 + view.getUint16(at + 2);
  return [view.getUint16(at + 7), view.getUint16(at + 5)];
};

test("the memory cannot grow past the cap", () => {
  const pages = (BUDGET << 20) / 65536;
  assert.throws(() => memory.grow(pages - memory.buffer.byteLength / 65536 + 1), RangeError);
});

test("500 megapixels are rendered at 800 pixels", async () => {
  const source = counted(pyramid(25_000, 20_000, tile.bytes));
  const reply = await preview.render("Test/sky?wid=800", { source });
  assert.equal(reply.status, 200, text(reply));
  assert.deepEqual(dimensions(reply), [800, 640]);
  assert.ok(source.size > 100e6, `the tiles are ${source.size} bytes`);
  const read = source.reads.reduce((sum, [, length]) => sum + length, 0);
  assert.ok(read < 2e6, `${read} bytes were read`);
});

test("2000 × 2000 pixels are rendered from 100 megapixels", async (t) => {
  const source = pyramid(10_000, 10_000, tile.bytes);
  for (const modifiers of ["", "&fmt=pjpeg", "&fmt=png", "&fmt=png-alpha", "&op_usm=1,1,5,0", "&qlt=90,1"]) {
    await t.test(`wid=2000&hei=2000${modifiers}`, async () => {
      const reply = await preview.render(`Test/sky?wid=2000&hei=2000${modifiers}`, { source });
      assert.equal(reply.status, 200, text(reply));
      assert.deepEqual(dimensions(reply), [2000, 2000]);
    });
  }
});

test("the largest reply is drawn or refused, the memory never runs out", async (t) => {
  // Each level is a little less than twice as wide as the reply: the most there is to decode.
  const source = pyramid(11_990, 11_990, tile.bytes);
  for (const modifiers of ["", "&fmt=png-alpha", "&op_usm=1,100,5,0", "&op_sharpen=1&fmt=png", "&flip=lr"]) {
    await t.test(`wid=3000&hei=3000${modifiers}`, async () => {
      const reply = await preview.render(`Test/sky?wid=3000&hei=3000${modifiers}`, { source });
      if (reply.status === 200) return assert.deepEqual(dimensions(reply), [3000, 3000]);
      assert.equal(reply.status, 403);
      assert.match(text(reply), /memory/);
    });
  }
});

test("what needs more than the budget is refused before a tile is read", async () => {
  // A single level: the whole of it would have to be read.
  const source = counted(pyramid(25_000, 20_000, tile.bytes, { halved: false }));
  const reply = await preview.render("Test/sky?wid=800", { source });
  assert.equal(reply.status, 403, `${reply.status} ${reply.contentType}`);
  assert.match(text(reply), /memory/);
  assert.ok(source.reads.length > 0);
  for (const [start, length] of source.reads) {
    // A piece of the directory, which may pass its end; never one that begins with tiles.
    assert.ok(start < source.tilesAt && length <= 48 << 10, `${length} bytes were read from ${start}`);
  }
});
