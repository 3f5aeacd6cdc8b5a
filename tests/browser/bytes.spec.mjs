// One engine, three places: the browser, the Worker and the command line give the same bytes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, root } from "./chromium.mjs";

const azulejo = (...words) => execFileSync(process.env.AZULEJO_BIN, words, { cwd: root, stdio: "pipe" });

let browser;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "azulejo-bytes-"));
  const originals = ["samples/dandelions.jpg", "samples/tulips.png"];
  azulejo("ingest", ...originals, "--to", `dir:${folder}`, "--root", "Samples");
  browser = await launch();
});

after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

function native(request) {
  const file = join(folder, "reply");
  azulejo("render", request, "--from", `dir:${folder}`, "-o", file);
  return readFileSync(file);
}

async function edge(request) {
  const response = await fetch(new URL(`/is/image/${request}`, process.env.AZULEJO_URL));
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

/** In the page, from the stored pyramid by ranges. */
async function local(page, request) {
  const base64 = await page.evaluate(async (request) => {
    const { default: init, Preview } = await import("/pkg/browser_preview.js");
    await init();
    const source = new URL(`/preview/source/${request.split("?")[0]}`, location.href);
    const reply = await new Preview({}).render(request, { source });
    if (reply.status !== 200) throw new Error(new TextDecoder().decode(reply.bytes));
    return btoa(Array.from(reply.bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, request);
  return Buffer.from(base64, "base64");
}

for (const [name, request, starts] of [
  ["a JPEG", "Samples/dandelions?$product$&wid=640", "ffd8"],
  ["a region, sharpened", "Samples/dandelions?rgn=2000,900,900,700&wid=450&op_sharpen=1", "ffd8"],
  ["a progressive JPEG", "Samples/dandelions?wid=500&hei=500&fit=crop&fmt=pjpeg&qlt=80,1", "ffd8"],
  ["a PNG", "Samples/dandelions?wid=500&op_usm=1,2,5,0&fmt=png", "8950"],
  ["a PNG with alpha", "Samples/tulips?wid=333&fmt=png-alpha", "8950"],
]) {
  test(`${name}: browser bytes = edge bytes = native bytes`, async (t) => {
    const page = await open(t, browser);
    const expected = native(request);
    assert.equal(expected.toString("hex", 0, 2), starts);
    assert.ok(expected.equals(await edge(request)), "the edge differs from native");
    assert.ok(expected.equals(await local(page, request)), "the browser differs from native");
  });
}
