// What the page tells of a file: what `azulejo inspect --json` prints.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { lacks } from "../require.mjs";
import { corpus, file, root } from "./preview.mjs";
import { attempt, files, inspected, lacksAzulejo, tools } from "./tools.mjs";

/** Compares both reports, but for the name as it was given and the version of a stored file. */
function compare(path) {
  const own = attempt(() => tools.inspect(readFileSync(path), basename(path)));
  const { report, error } = inspected(path);
  assert.equal(own.trap, undefined, path);
  if (error) return assert.ok(own.error, `${path}: ${error}`);
  assert.equal(own.error, undefined);
  assert.equal(own.value.name, basename(path));
  const { version, ...rest } = report;
  assert.deepEqual(own.value, { ...rest, name: basename(path) });
}

test("pyramids and originals of each kind have the report of the command line", (t) => {
  const lacking = lacksAzulejo();
  if (lacking) return t.skip(lacking);
  const paths = [
    ...files(join(root, "crates/originals/fixtures")),
    ...files(join(root, "tests/fixtures/tiff")),
    ...["astronaut.jpg", "dandelions.tif", "foreign.tif", "paths.tif", "p3.tif", "turned.tif", "album.svg"].map((name) => join(root, "tests/fixtures", name)),
    join(root, "tests/golden/output/webp-alpha.webp"),
  ];
  paths.forEach(compare);
});

test("the corpus: orientations, profiles, paths, XMP, third-party pyramids", (t) => {
  const lacking = lacksAzulejo();
  if (lacking) return t.skip(lacking);
  if (!existsSync(corpus)) return t.skip(lacks("corpus", "../shared/corpus is not here"));
  const paths = ["orientation", "gamut", "paths", "xmp", "ptiff", "cmyk"].flatMap((name) => files(join(corpus, name)));
  assert.ok(paths.length > 50);
  paths.forEach(compare);
});

test("an original says its kind, size and orientation, a pyramid its levels", () => {
  const jxl = tools.inspect(file("crates/originals/fixtures/rgba.jxl"), "rgba.jxl");
  assert.equal(jxl.format, "JPEG XL");
  assert.equal(jxl.alpha, "straight");
  assert.deepEqual(jxl.levels, []);
  const pyramid = tools.inspect(file("tests/fixtures/dandelions.tif"), "dandelions.tif");
  assert.equal(pyramid.format, "TIFF");
  assert.deepEqual(pyramid.levels.map(({ width }) => width).slice(0, 2), [637, 319]);
  assert.equal(pyramid.reads_to_open, 1);
});
