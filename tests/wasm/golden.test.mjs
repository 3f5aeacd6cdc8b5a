// The goldens of tests/golden.rs, answered by the wasm engine: the same bytes. The Studio's engine answers all but text.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import test, { after } from "node:test";
import { bytesSource, root, start, startStudio } from "./preview.mjs";

// The native runner's clock stands at 0 too.
Date.now = () => 0;

const { preview } = start();
const studio = startStudio();
const folder = join(root, "tests/golden");
// The page does not draw SVG.
const isCase = (path) => path.endsWith(".url") && !path.startsWith("svg");
const cases = readdirSync(folder, { recursive: true }).filter(isCase);

/** A fixture and the version that the native store calls it; nothing where there is none. */
function fixture(name) {
  const path = join(root, "tests/fixtures", `${name}.tif`);
  if (!existsSync(path)) return null;
  const bytes = new Uint8Array(readFileSync(path));
  return { bytes, version: createHash("sha256").update(bytes).digest("hex").slice(0, 16) };
}

/** The fixture that is the source of a request. */
function source(object) {
  const found = fixture(basename(object));
  return found ? bytesSource(found.bytes, found.version) : { size: 0, read: async () => null };
}

/** All fixtures, as a server gives them to its page. */
const server = createServer((request, response) => {
  const name = request.url.match(/^\/preview\/source\/Test\/([\w-]+)$/)?.[1];
  const found = name && fixture(name);
  if (!found) return response.writeHead(404).end();
  const [, from, to] = request.headers.range.match(/^bytes=(\d+)-(\d+)$/).map(Number);
  const part = found.bytes.subarray(from, to + 1);
  const range = `bytes ${from}-${from + part.length - 1}/${found.bytes.length}`;
  response.writeHead(206, { "content-range": range, etag: `"${found.version}"` }).end(part);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
const store = `http://127.0.0.1:${server.address().port}/preview/`;

/** The extensions of goldens that are images, by media type. */
const extensions = {
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "image/webp": ".webp",
  "image/gif": ".gif",
  "image/tiff": ".tif",
  "image/eps": ".eps",
  "application/pdf": ".pdf",
};

/** A reply as its golden is stored. */
function stored({ status, contentType, bytes }) {
  const extension = status === 200 && extensions[contentType];
  if (extension) return [extension, Buffer.from(bytes)];
  return [".txt", Buffer.concat([Buffer.from(`${status}\n${contentType}\n\n`), bytes])];
}

/** Cases that the Studio's engine lacks something for. */
const lacking = [];

test("there are goldens", () => assert.ok(cases.length >= 30, `only ${cases.length}`));

for (const path of cases.sort()) {
  const [title, request] = readFileSync(join(folder, path), "utf8").trimEnd().split("\n");
  test(`${path.replace(/\.url$/, "")}: ${title.slice(2)}`, async () => {
    const object = request.split("?")[0];
    // A source replaces all pyramids, so a request for several images has a store.
    const several = /[=({]\/?Test\//.test(request.slice(object.length));
    const options = several ? { store } : { source: source(object) };
    const reply = await preview.render(request, options);
    const [extension, bytes] = stored(reply);
    const golden = readFileSync(join(folder, path.replace(/\.url$/, extension)));
    if (extension === ".txt") assert.equal(bytes.toString(), golden.toString());
    else assert.ok(bytes.equals(golden), `${bytes.length} bytes, the golden has ${golden.length}`);
    const small = await studio.render(request, options);
    if (small.status === 501) lacking.push(path);
    else assert.deepEqual(stored(small), [extension, bytes], "the Studio's engine");
  });
}

test("the Studio's engine lacks text, and nothing else", () => {
  const hasText = (path) => /\btext(ps)?=/i.test(readFileSync(join(folder, path), "utf8"));
  assert.deepEqual(lacking, cases.filter((path) => lacking.includes(path) && hasText(path)));
  assert.ok(lacking.length > 10, `only ${lacking.length} with text`);
});
