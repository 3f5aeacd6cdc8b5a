// What the Worker makes of its storage: how much it reads, and what it says when that goes wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bucketless, ingested, faulty, reply, samples, startWorker } from "./edge.mjs";

let worker;
let photo;
let other;

before(async () => {
  worker = await startWorker(faulty);
  [[, photo]] = ingested(samples[0]);
  [[, other]] = ingested(samples[1]);
});
after(() => worker?.stop());

const get = async (id, query, fault) =>
  reply(await worker.get(`/is/image/Test/${id}?${query}`, { headers: fault ? { "x-fault": fault } : {} }));

/** A new id for each test: nothing of it is remembered. */
async function put(id) {
  await worker.bucket.put(`assets/Test/${id}.tif`, photo);
  await worker.bucket.put(`assets/Test/${id}-other.tif`, other);
}

test("our_own_layout_takes_two_reads_cold_and_one_with_a_cached_index", async () => {
  await put("cold");
  const cold = await get("cold", "wid=800");
  assert.equal(cold.status, 200, cold.bytes.toString("utf8", 0, 200));
  assert.equal(cold.header("x-reads"), "2");
  // Two catalogs and the record, beside the first read.
  assert.equal(cold.header("x-lookups"), "3");
  const warm = await get("cold", "wid=801");
  assert.equal(warm.status, 200);
  assert.equal(warm.header("x-reads"), "1");
  assert.equal(warm.header("x-lookups"), "0");
});

test("a_thumbnail_takes_one_read", async () => {
  await put("small");
  const small = await get("small", "wid=100");
  assert.equal(small.status, 200, small.bytes.toString("utf8", 0, 200));
  assert.equal(small.header("x-reads"), "1");
});

test("an_object_replaced_between_two_reads_gives_the_new_picture_whole", async () => {
  await put("once");
  const drawn = await get("once", "wid=700&fmt=png", "replace-once");
  assert.equal(drawn.status, 200, drawn.bytes.toString("utf8", 0, 200));
  const now = await get("once", "wid=700&fmt=png&bgc=ffffff");
  assert.deepEqual(drawn.bytes, now.bytes);
  const before = await get("once-other", "wid=700&fmt=png");
  assert.notDeepEqual(drawn.bytes, before.bytes);
});

test("an_object_replaced_again_and_again_is_503_and_not_cached", async () => {
  await put("always");
  const drawn = await get("always", "wid=702", "replace-always");
  assert.equal(drawn.status, 503);
  assert.equal(drawn.header("cache-control"), "no-store");
  assert.equal((await get("always", "wid=702")).header("x-azulejo-cache"), "miss");
});

test("an_object_replaced_between_two_requests_is_noticed_in_spite_of_its_cached_index", async () => {
  await put("later");
  assert.equal((await get("later", "wid=703")).status, 200);
  await worker.bucket.put("assets/Test/later.tif", other);
  const drawn = await get("later", "wid=704&fmt=png");
  assert.equal(drawn.status, 200);
  assert.deepEqual(drawn.bytes, (await get("later-other", "wid=704&fmt=png")).bytes);
});

test("a_deleted_object_is_missing_in_spite_of_its_cached_index", async () => {
  await put("gone");
  assert.equal((await get("gone", "wid=705")).status, 200);
  await worker.bucket.delete("assets/Test/gone.tif");
  assert.equal((await get("gone", "wid=706")).status, 403);
});

test("a_failing_storage_is_503_and_not_cached", async () => {
  await put("failing");
  const failed = await get("failing", "wid=800", "fail");
  assert.equal(failed.status, 503);
  assert.equal(failed.header("cache-control"), "no-store");
  assert.ok(!failed.bytes.toString().includes("10001"), "the storage's own words are not the client's");
  const mended = await get("failing", "wid=800");
  assert.equal(mended.status, 200);
  assert.equal(mended.header("x-azulejo-cache"), "miss");
});

test("a_worker_without_its_bucket_is_503_for_images_and_well_for_health", async (context) => {
  const lost = await startWorker(bucketless);
  context.after(lost.stop);
  const failed = await reply(await lost.get("/is/image/Test/any?wid=100"));
  assert.equal(failed.status, 503);
  assert.equal(failed.header("cache-control"), "no-store");
  assert.equal((await lost.get("/health")).status, 200);
});
