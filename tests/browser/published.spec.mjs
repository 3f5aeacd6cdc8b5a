// The page draws what the edge would: records, presets, smart crops and default images are read from
// the edge; what the page may not read, it names.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ingested, root, startWorker, withPage } from "../edge/edge.mjs";
import { fact, launch, open } from "./chromium.mjs";
import { join } from "node:path";

let browser;
let worker;

const json = (value) => JSON.stringify(value);

before(async () => {
  worker = await startWorker(withPage);
  // `open` opens the page of this Worker, whose bucket is the test's own.
  process.env.AZULEJO_URL = worker.url.href ?? worker.url;
  const files = ["samples/pier.jpg", "samples/tulips.png"].map((file) => join(root, file));
  for (const [key, bytes] of ingested(...files)) {
    await worker.bucket.put(key, bytes);
    if (key === "assets/Samples/pier.tif") await worker.bucket.put("assets/Private/pier.tif", bytes);
  }
  const banner = { rect: [0.1, 0.2, 0.5, 0.3], width: 300, height: 120 };
  await worker.bucket.put("records/Samples/pier.json", json({ modifier: "flip=lr", crops: { Banner: banner } }));
  await worker.bucket.put(
    "catalogs/Samples.json",
    json({ format: 1, attributes: { DefaultImage: "tulips", Expiration: "3" }, macros: [["card", "wid=222&hei=111&fit=crop"]] }),
  );
  await worker.bucket.put("catalogs/default.json", json({ format: 1, macros: [["all", "wid=77&fmt=png"]] }));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await worker?.stop();
});

/** The page's own reply, all of it read from the edge's routes. */
const here = (page, request) =>
  page.evaluate(async (request) => {
    const { default: init, Preview } = await import("/pkg/browser_preview.js");
    await init();
    const store = new URL("/preview/", location.href);
    const { bytes, ...reply } = await new Preview({}).render(request, { store });
    return { ...reply, bytes: Array.from(bytes) };
  }, request);

for (const [name, request] of [
  ["a published preset", "Samples/pier?$card$"],
  ["a preset of the default catalog", "Samples/pier?$all$"],
  ["a record's Modifier", "Samples/pier?wid=200&fmt=png"],
  ["a smart crop", "Samples/pier:Banner"],
  ["a smart crop, smaller", "Samples/pier:Banner?wid=150&fmt=png"],
  ["a default image", "Samples/none?wid=150"],
  ["a bad value", "Samples/pier?wid=abc"],
  ["properties", "Samples/pier:Banner?req=props,json"],
]) {
  test(`${name} is the same here and at the edge, with its tag`, async (t) => {
    const page = await open(t, browser);
    const local = await here(page, request);
    const edge = await worker.get(`/is/image/${request}`);
    assert.equal(local.status, edge.status);
    assert.ok(Buffer.from(local.bytes).equals(Buffer.from(await edge.arrayBuffer())), "other bytes");
    assert.equal(local.headers.etag, edge.headers.get("etag"));
    assert.equal(local.headers["cache-control"], edge.headers.get("cache-control"));
    assert.deepEqual(local.closed, []);
  });
}

test("what is published changes the picture: without it the bytes are others", async (t) => {
  const page = await open(t, browser);
  const [mirrored, cut, whole] = [
    await here(page, "Samples/pier?wid=200&fmt=png"),
    await here(page, "Samples/pier:Banner?wid=200&fmt=png"),
    await here(page, "Samples/pier?wid=200&flip=&fmt=png"),
  ];
  assert.equal(mirrored.status, 200);
  assert.notDeepEqual(mirrored.bytes, cut.bytes);
  assert.notDeepEqual(whole.bytes, cut.bytes);
});

test("any object of the edge can be named in the page's address", async (t) => {
  const page = await open(t, browser, { id: "Samples/pier:Banner", modifiers: "$card$" });
  assert.equal(await fact(page, "Size"), "222 × 111 px");
  await page.getByRole("radio", { name: "By the server" }).check({ force: true });
  assert.equal(await fact(page, "Bytes as here"), "the same");
});

test("a catalog that the page may not read is named", async () => {
  const page = await (await browser.newContext()).newPage();
  const state = new URLSearchParams({ id: "Private/pier", modifiers: "wid=120" });
  await page.goto(new URL(`/#${state}`, process.env.AZULEJO_URL).href);
  assert.match(await fact(page, "Not read here"), /^Private: the server may draw another picture$/);
  await page.getByRole("radio", { name: "By the server" }).check({ force: true });
  assert.equal(await fact(page, "Bytes as here"), "different");
});
