// What a page can hold, all as one source: bytes, Blob, File, URL, JPEG, PNG.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { lacks } from "../require.mjs";
import { startCapped } from "./capped.mjs";
import { bytesSource, corpus, counted, file, root, start, text } from "./preview.mjs";

const { preview } = start();
const request = "Test/dandelions?wid=200&fmt=png";
const fixture = file("tests/fixtures/dandelions.tif");
const other = file("tests/fixtures/chart.tif");
const { bytes: expected } = await preview.render(request, { source: fixture });

/** A server of `content.bytes` by ranges, with its `content.etag`. */
async function serving(t, content, answer = () => {}) {
  const requests = [];
  const server = createServer((incoming, response) => {
    requests.push(incoming.headers.range);
    answer(requests.length);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(incoming.headers.range).map(Number);
    const part = content.bytes.subarray(first, last + 1);
    const end = first + part.length - 1;
    response.writeHead(206, {
      "content-range": `bytes ${first}-${end}/${content.bytes.length}`,
      etag: `"${content.etag}"`,
    });
    response.end(part);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${server.address().port}/dandelions`), requests };
}

test("bytes, buffers and blobs give the same picture", async () => {
  const buffer = fixture.buffer.slice(fixture.byteOffset, fixture.byteOffset + fixture.length);
  for (const source of [buffer, new Blob([fixture]), new File([fixture], "a.tif"), bytesSource(fixture)]) {
    const reply = await preview.render(request, { source });
    assert.equal(reply.status, 200, text(reply));
    assert.deepEqual(reply.bytes, expected, source.constructor.name);
  }
});

test("a reply has type, headers and the time of each stage", async () => {
  const reply = await preview.render(request, { source: fixture });
  assert.equal(reply.contentType, "image/png");
  assert.match(reply.headers.etag, /^"\w{20}"$/);
  for (const stage of ["source", "open", "fetch", "render", "encode"]) {
    assert.equal(typeof reply.timing[stage], "number", stage);
  }
});

test("a URL is read by ranges, and opened once", async (t) => {
  const { url, requests } = await serving(t, { bytes: fixture, etag: "1" });
  const reply = await preview.render(request, { source: url });
  assert.deepEqual(reply.bytes, expected);
  const opened = requests.length;
  await preview.render("Test/dandelions?rgn=0,0,60,60&scl=1", { source: url });
  assert.equal(requests.length, opened + 1, requests.join(", "));
});

test("a URL whose content changes is opened anew", async (t) => {
  const content = { bytes: other, etag: "1" };
  const { url } = await serving(t, content);
  await preview.render(request, { source: url });
  Object.assign(content, { bytes: fixture, etag: "2" });
  const reply = await preview.render(request, { source: url });
  assert.equal(reply.status, 200, text(reply));
  assert.deepEqual(reply.bytes, expected);
});

test("a URL that never stays the same answers 503", async (t) => {
  const content = { bytes: fixture, etag: "0" };
  const { url } = await serving(t, content, (count) => (content.etag = String(count)));
  // The full level is not in the first read.
  const reply = await preview.render("Test/dandelions?scl=1", { source: url });
  assert.equal(reply.status, 503, text(reply));
});

test("what is not there is no such image", async () => {
  const reply = await preview.render(request, { source: { size: 0, read: async () => null } });
  assert.equal(reply.status, 403);
  assert.match(text(reply), /no such image/);
});

test("a source that fails is an error of the storage, or of the call", async () => {
  const source = { size: 1, read: () => Promise.reject(new Error("the disk is gone")) };
  await assert.rejects(preview.render(request, { source }), /the disk is gone/);
  await assert.rejects(preview.render(request, { source: 7 }), /expected a File, Blob, URL/);
});

test("a JPEG becomes a pyramid, once", async () => {
  const jpeg = await preview.render("Test/dandelions?scl=1&qlt=95", { source: fixture });
  const source = counted(bytesSource(jpeg.bytes));
  const first = await preview.render("Preview/photo?wid=100&fmt=png", { source });
  assert.equal(first.status, 200, text(first));
  const reads = source.reads.length;
  const size = await preview.render("Preview/photo?req=imageprops", { source });
  assert.match(text(size), /image\.width=637/);
  assert.equal(source.reads.length, reads);
});

test("a dropped JPEG has the pixels of an ingested one, to the bit", async () => {
  // What ingest makes of the same files: crates/ingest-cli/tests/jpegs.rs.
  const lines = readFileSync(join(root, "tests/fixtures/jpeg/pixels.txt"), "utf8").trim().split("\n");
  assert.ok(lines.length >= 7);
  for (const [name, hash] of lines.map((line) => line.split(" "))) {
    const source = file(`tests/fixtures/${name}`);
    const reply = await preview.render("Preview/dropped?scl=1&fmt=png", { source });
    assert.equal(reply.status, 200, text(reply));
    assert.equal(createHash("sha256").update(reply.bytes).digest("hex"), hash, name);
  }
});

test("half a JPEG is refused by name, as ingest refuses it", async () => {
  const source = file("tests/fixtures/jpeg/half-missing.jpg");
  await assert.rejects(preview.render(request, { source }), /the JPEG is damaged: it ends early/);
});

test("a PNG keeps its alpha", async () => {
  const source = file("samples/tulips.png");
  const reply = await preview.render("Preview/tulips?wid=100&fmt=png-alpha", { source });
  assert.equal(reply.status, 200, text(reply));
  // Colour type 6 of the header is RGB with alpha.
  assert.equal(reply.bytes[25], 6);
  assert.match(text(await preview.render("Preview/tulips?req=imageprops", { source })), /image\.mask=2/);
});

test("a JPEG that is cut off is said to be damaged", async () => {
  const jpeg = await preview.render("Test/dandelions?scl=1", { source: fixture });
  const source = jpeg.bytes.slice(0, 300);
  await assert.rejects(preview.render(request, { source }), Error);
  assert.equal((await preview.render(request, { source: fixture })).status, 200);
});

test("hostile files are errors within the budget, and the next picture is drawn", async (t) => {
  const folder = join(corpus, "hostile");
  if (!existsSync(folder)) return t.skip(lacks("corpus", "../shared/corpus is not here"));
  const { preview } = startCapped(64);
  const tiff = (bytes) => ["II", "MM"].includes(String.fromCharCode(bytes[0], bytes[1]));
  let files = 0;
  for (const name of readdirSync(folder)) {
    const source = new Uint8Array(readFileSync(join(folder, name)));
    if (!tiff(source)) continue;
    files += 1;
    const reply = await preview.render("Test/hostile?wid=400", { source });
    assert.ok([200, 403, 500].includes(reply.status), `${name}: ${reply.status} ${text(reply)}`);
    if (reply.status !== 200) assert.notEqual(text(reply).trim(), "", name);
  }
  assert.ok(files > 10, `only ${files} files`);
  const after = await preview.render(request, { source: fixture });
  assert.deepEqual(after.bytes, expected);
});

test("an explanation without the cache shows all steps of a picture that was drawn before", async () => {
  const layered = "Test/dandelions?wid=200&layer=1&text=Sale";
  const { bytes } = await preview.render(layered, { source: fixture });
  const steps = async (options) => {
    const reply = await preview.render(`${layered}&req=explain`, { source: fixture, ...options });
    return JSON.parse(text(reply)).nodes.map(({ step }) => step);
  };
  assert.ok((await steps({})).includes("cached"));
  const all = await steps({ cache: false });
  assert.ok(!all.includes("cached") && all.includes("source") && all.includes("text"), all.join());
  // The cache is still there.
  assert.ok((await steps({})).includes("cached"));
  assert.deepEqual((await preview.render(layered, { source: fixture, cache: false })).bytes, bytes);
});
