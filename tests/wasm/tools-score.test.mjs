// The SSIMULACRA2 score of two rasters: that of the native program, to the last digit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import sharp from "sharp";
import { root } from "./preview.mjs";
import { tools } from "./tools.mjs";

async function raster(path) {
  const { data, info } = await sharp(join(root, path)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

test("the scores are those of native code", async () => {
  // crates/compare/tests/scores.rs computes the same file.
  const lines = readFileSync(join(root, "tests/fixtures/scores.txt"), "utf8").trim().split("\n");
  assert.ok(lines.length >= 3);
  for (const [one, other, score] of lines.map((line) => line.split(" "))) {
    const [{ data, width, height }, second] = [await raster(one), await raster(other)];
    assert.equal(tools.ssimulacra2(data, second.data, width, height), Number(score), `${one} ${other}`);
  }
});

test("transparent pixels are white, and equal pictures have 100", () => {
  const transparent = new Uint8Array(16 * 16 * 4);
  const white = new Uint8Array(16 * 16 * 4).fill(255);
  assert.equal(tools.ssimulacra2(transparent, white, 16, 16), 100);
});

test("a raster of another size, and too many pixels, are errors", () => {
  const raster = new Uint8Array(16 * 16 * 4);
  assert.throws(() => tools.ssimulacra2(raster, raster.subarray(4), 16, 16), /^Error: a raster of 16 × 16 pixels has 1020 bytes: expected 1024/);
  assert.throws(() => tools.ssimulacra2(raster, raster, 0, 16), /^Error: 0 × 16 pixels cannot be compared: expected 1 to 33554432/);
  assert.throws(() => tools.ssimulacra2(raster, raster, 65535, 65535), /scale both pictures down/);
  assert.throws(() => tools.ssimulacra2(raster, raster, 2 ** 31, 2), /cannot be compared/);
});
