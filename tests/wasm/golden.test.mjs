// The goldens of tests/golden.rs, answered by the wasm engine: the same bytes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { bytesSource, root, start } from "./preview.mjs";

// The native runner's clock stands at 0 too.
Date.now = () => 0;

const { preview } = start();
const folder = join(root, "tests/golden");
const cases = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".url"));

/** A fixture, in the version that the native store calls it; no source where there is none. */
function fixture(name) {
  const path = join(root, "tests/fixtures", `${name}.tif`);
  if (!existsSync(path)) return { size: 0, read: async () => null };
  const bytes = new Uint8Array(readFileSync(path));
  const version = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return bytesSource(bytes, version);
}

/** A reply as its golden is stored. */
function stored({ status, contentType, bytes }) {
  if (status === 200 && contentType === "image/png") return [".png", Buffer.from(bytes)];
  if (status === 200 && contentType === "image/jpeg") return [".jpg", Buffer.from(bytes)];
  return [".txt", Buffer.concat([Buffer.from(`${status}\n${contentType}\n\n`), bytes])];
}

test("there are goldens", () => assert.ok(cases.length >= 30, `only ${cases.length}`));

for (const path of cases.sort()) {
  const [title, request] = readFileSync(join(folder, path), "utf8").trimEnd().split("\n");
  test(`${path.replace(/\.url$/, "")}: ${title.slice(2)}`, async () => {
    const object = request.split("?")[0];
    const reply = await preview.render(request, { source: fixture(basename(object)) });
    const [extension, bytes] = stored(reply);
    const golden = readFileSync(join(folder, path.replace(/\.url$/, extension)));
    if (extension === ".txt") assert.equal(bytes.toString(), golden.toString());
    else assert.ok(bytes.equals(golden), `${bytes.length} bytes, the golden has ${golden.length}`);
  });
}
