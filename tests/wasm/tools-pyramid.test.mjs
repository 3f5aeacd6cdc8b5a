// Pyramids that the page makes of local files: the bytes that `azulejo ingest` stores, or its error.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { lacks } from "../require.mjs";
import { corpus, file, root } from "./preview.mjs";
import { attempt, files, ingested, lacksAzulejo, tools } from "./tools.mjs";

const originals = join(root, "crates/originals/fixtures");
const fixtures = [
  ...files(originals),
  ...files(join(root, "tests/fixtures/jpeg")),
  ...files(join(root, "tests/fixtures/tiff")),
  ...["astronaut.jpg", "dandelions.tif", "inks.tif", "paths.tif", "turned.tif"].map((name) => join(root, "tests/fixtures", name)),
  ...["webp.webp", "webp-alpha.webp", "webp-lossless.webp"].map((name) => join(root, "tests/golden/output", name)),
  join(root, "samples/tulips.png"),
].filter((path) => !/\.(md|txt)$/.test(path));

const pyramid = (path, progress) => attempt(() => tools.pyramid(readFileSync(path), basename(path), progress));

/** Compares what the page makes of files with what ingest makes. Returns how many have a pyramid. */
function compared(paths) {
  const expected = ingested(paths);
  let pyramids = 0;
  for (const path of paths) {
    const name = basename(path);
    const own = pyramid(path);
    assert.equal(own.trap, undefined, name);
    const { bytes, error, key } = expected.get(name) ?? {};
    if (bytes && key.endsWith(".tif")) {
      assert.equal(own.error, undefined, name);
      assert.ok(bytes.equals(own.value), `${name}: ${own.value.length} bytes, ingest stores ${bytes.length}`);
      pyramids += 1;
    } else {
      // An SVG, which ingest stores as it is; or what it refuses, too, by name.
      assert.ok(own.error?.startsWith(name), `${name}: ${own.error}`);
      if (error) assert.ok(own.error.includes(error.split("; --allow-damaged")[0]), `${own.error}\n${error}`);
    }
  }
  return pyramids;
}

test("a file of each kind becomes the pyramid that ingest stores", (t) => {
  const lacking = lacksAzulejo();
  if (lacking) return t.skip(lacking);
  const kinds = new Set(fixtures.map((path) => path.split(".").at(-1)));
  for (const kind of ["bmp", "gif", "j2k", "jp2", "jpg", "jxl", "png", "psd", "tif", "webp"]) assert.ok(kinds.has(kind), kind);
  assert.ok(compared(fixtures) >= 50);
});

for (const folder of ["cmyk", "gamut", "heif-avif", "jpeg", "orientation", "paths", "png", "product", "psd", "svg", "tiff", "webp"]) {
  test(`the corpus: ${folder}`, (t) => {
    const lacking = lacksAzulejo();
    if (lacking) return t.skip(lacking);
    if (!existsSync(corpus)) return t.skip(lacks("corpus", "../shared/corpus is not here"));
    const paths = files(join(corpus, folder));
    const pyramids = compared(paths);
    t.diagnostic(`${pyramids} pyramids of ${paths.length} files`);
    assert.ok(pyramids > 0 || ["heif-avif", "svg"].includes(folder));
  });
}

test("progress never goes back and reaches 1, by rows that are decoded and written", () => {
  const told = [];
  const own = pyramid(join(root, "tests/fixtures/astronaut.jpg"), (done, stage) => told.push([done, stage]));
  assert.equal(own.error, undefined);
  const done = told.map(([done]) => done);
  assert.deepEqual(done, done.toSorted((one, other) => one - other));
  assert.equal(done.at(-1), 1);
  const stages = told.map(([, stage]) => stage);
  assert.ok(stages.indexOf("writing") > 10 && stages.lastIndexOf("decoding") < stages.indexOf("writing"));
  assert.ok(told.length > 50 && told.length < 250, `${told.length} calls`);
});

test("errors name the file, its kind and what to do", () => {
  const errors = {
    "album.svg": [file("tests/fixtures/album.svg"), /^Error: album\.svg, SVG: .*this page does not draw it; azulejo ingest stores it/],
    "half.jpg": [file("tests/fixtures/jpeg/half-missing.jpg"), /^Error: half\.jpg, JPEG: the JPEG is damaged: .*; azulejo ingest --allow-damaged/],
    "half.psd": [file("crates/originals/fixtures/selection.psd").slice(0, 900), /^Error: half\.psd, Photoshop: .*; save it again/],
    "photo.avif": [new TextEncoder().encode("\0\0\0\x1cftypavif\0\0\0\0"), /^Error: photo\.avif: AVIF is not accepted: .*avifdec/],
    "notes.txt": [new TextEncoder().encode("notes"), /^Error: notes\.txt: not a file of an accepted format: JPEG, PNG, TIFF/],
  };
  for (const [name, [bytes, pattern]] of Object.entries(errors)) assert.throws(() => tools.pyramid(bytes, name), pattern);
});

test("pictures that are too large for a page are refused by their headers", () => {
  // The JPEG's height and width, and the PNG's with the checksum of its header.
  const jpeg = file("tests/fixtures/astronaut.jpg").slice();
  const frame = jpeg.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc2].includes(jpeg[at + 1]));
  jpeg.fill(0xf0, frame + 5, frame + 9);
  const png = file("samples/tulips.png").slice();
  const header = Buffer.from(png.buffer, png.byteOffset, 33);
  header.writeUInt32BE(30_000, 16);
  header.writeUInt32BE(30_000, 20);
  header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
  assert.throws(
    () => tools.pyramid(jpeg, "large.jpg"),
    /^Error: large\.jpg, JPEG: 61680 × 61680 pixels are too many to make a pyramid of in a page; use azulejo ingest$/,
  );
  assert.throws(() => tools.pyramid(png, "large.png"), /^Error: large\.png, PNG: .*too much for a page; use azulejo ingest$/);
});

/** The checksum of PNG. */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  return ~crc >>> 0;
}

test("truncated and changed files are errors or pictures, never traps", () => {
  const traps = [];
  for (const path of fixtures) {
    const whole = readFileSync(path);
    const name = basename(path);
    for (const part of [0.02, 0.25, 0.5, 0.75, 0.98]) {
      const { trap } = attempt(() => tools.pyramid(whole.subarray(0, Math.floor(whole.length * part)), name));
      if (trap) traps.push(`${name}, ${part} of it: ${trap}`);
    }
    for (let nth = 1; nth <= 8; nth += 1) {
      const changed = Uint8Array.from(whole);
      // Places that are spread over the file, most of them near its beginning.
      for (let at = nth * 7; at < changed.length; at = Math.ceil(at * 1.7) + nth) changed[at] ^= 1 << (at + nth) % 8;
      for (const task of [tools.pyramid, tools.inspect]) {
        const { trap } = attempt(() => task(changed, name));
        if (trap) traps.push(`${name}, changed ${nth}: ${trap}`);
      }
    }
  }
  assert.deepEqual(traps, []);
});

test("hostile files are errors or pictures, never traps", (t) => {
  if (!existsSync(corpus)) return t.skip(lacks("corpus", "../shared/corpus is not here"));
  const traps = [];
  const paths = files(join(corpus, "hostile"));
  for (const path of paths) {
    for (const task of [tools.pyramid, tools.inspect]) {
      const { trap } = attempt(() => task(readFileSync(path), basename(path)));
      if (trap) traps.push(`${basename(path)}: ${trap}`);
    }
  }
  assert.ok(paths.length > 100);
  assert.deepEqual(traps, []);
});
