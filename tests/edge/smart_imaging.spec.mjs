// Smart Imaging in workerd: what a reply takes from its client's headers, and what the edge cache keeps.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ingested, reply, samples, startWorker, testContext } from "./edge.mjs";

let worker;
before(async () => {
  worker = await startWorker(testContext);
  const [[, photo]] = ingested(samples[0]);
  await worker.bucket.put("assets/Test/photo.tif", photo);
});
after(() => worker.stop());

const get = async (query, headers = {}) => reply(await worker.get(`/is/image/Test/photo?${query}`, { headers }));

/** Asks until the reply comes from the cache. */
async function cached(query, headers) {
  for (let tries = 0; tries < 20; tries += 1) {
    const hit = await get(query, headers);
    assert.equal(hit.status, 200);
    if (hit.header("x-azulejo-cache") === "hit") return hit;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${query} was never cached`);
}

test("one_url_is_webp_for_who_accepts_it_and_jpeg_for_others", async () => {
  const query = "wid=300&bfc=on";
  const webp = await cached(query, { accept: "image/webp,*/*" });
  const jpeg = await cached(query, { accept: "*/*" });
  assert.equal(webp.header("content-type"), "image/webp");
  assert.equal(webp.bytes.toString("latin1", 8, 12), "WEBP");
  assert.equal(jpeg.header("content-type"), "image/jpeg");
  assert.ok(webp.bytes.length < jpeg.bytes.length);
  // A JPEG that is compared with another format has the same pixels as that, the other one planes of its own.
  const saved = Number(webp.header("x-adobe-smart-imaging"));
  assert.ok(Math.abs(saved - (jpeg.bytes.length - webp.bytes.length)) <= jpeg.bytes.length / 100, `${saved} bytes`);
  for (const { header } of [webp, jpeg]) assert.equal(header("vary"), "Accept");
  assert.notEqual(webp.header("etag"), jpeg.header("etag"));
});

test("clients_of_one_class_share_a_cached_reply", async () => {
  const query = "wid=301&bfc=on&dpr=on&fmt=png";
  const first = await cached(query, { accept: "image/webp", "sec-ch-dpr": "1.8" });
  const other = await get(query, { accept: "text/html, image/webp;q=0.5", dpr: "2" });
  assert.equal(other.header("x-azulejo-cache"), "hit");
  assert.ok(other.bytes.equals(first.bytes));
  assert.equal(other.header("vary"), "Accept, Sec-CH-DPR, DPR");
});

test("a_client_that_saves_data_gets_a_smaller_reply", async () => {
  const query = "wid=300&network=on";
  const [saving, usual] = [await get(query, { "save-data": "on" }), await get(query)];
  assert.ok(saving.bytes.length < usual.bytes.length);
  assert.equal(saving.header("vary"), "Save-Data, ECT");
});
