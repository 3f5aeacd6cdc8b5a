// The npm package of the viewers: what is in it, and its types.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { root } from "./chromium.mjs";

const folder = join(root, "build/npm-viewers");
const description = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

test("package__npm_packs_what_is_named_and_nothing_else", () => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder, encoding: "utf8" }));
  const files = packed.files.map(({ path }) => path).sort();
  assert.deepEqual(files, [...description.files, "README.md", "package.json"].sort());
  const named = Object.values(description.exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  for (const path of named) assert.ok(files.includes(path.replace("./", "")), path);
});

test("package__all_modules_have_at_most_40_kb_compressed_and_the_zoom_viewer_18", () => {
  const size = (names) => gzipSync(names.map((name) => readFileSync(join(folder, name))).reduce((one, other) => Buffer.concat([one, other])), { level: 9 }).length;
  const modules = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const zoom = ["asset.js", "dom.js", "gestures.js", "server.js", "swatches.js", "tiles.js", "viewer.js", "zoom-view.js", "zoom.js"];
  assert.ok(size(modules) <= 40_000, `${size(modules)} bytes`);
  assert.ok(size(zoom) <= 18_000, `${size(zoom)} bytes`);
});

test("package__the_types_are_those_of_the_elements", () => {
  const program = (statement) => `
    import "azulejo-viewers/zoom.js";
    import { SpinViewer } from "azulejo-viewers/spin.js";
    import { manageAll } from "azulejo-viewers/responsive-image.js";
    const zoom = document.createElement("azulejo-zoom");
    zoom.addEventListener("track", ({ detail }) => console.log(detail.time + 1, detail.info));
    const scale: number | undefined = zoom.zoom;
    const row: number = new SpinViewer().position.row;
    export const all: Promise<unknown> = manageAll();
    ${statement}
    export { scale, row };`;
  const work = mkdtempSync(join(tmpdir(), "azulejo-types-"));
  try {
    mkdirSync(join(work, "node_modules"));
    symlinkSync(folder, join(work, "node_modules/azulejo-viewers"));
    writeFileSync(join(work, "package.json"), '{"type":"module"}');
    const check = (statement) => {
      writeFileSync(join(work, "use.ts"), program(statement));
      const arguments_ = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--types", "", "use.ts"];
      return spawnSync(join(root, "node_modules/.bin/tsc"), arguments_, { cwd: work, encoding: "utf8" });
    };
    const right = check("");
    assert.equal(right.status, 0, right.stdout);
    assert.match(check("const wrong: string = zoom.zoom;").stdout, /not assignable to type 'string'/);
  } finally {
    rmSync(work, { recursive: true });
  }
});
