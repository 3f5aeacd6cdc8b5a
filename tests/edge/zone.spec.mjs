// Workers of one zone: they share the edge cache, and nothing of each other's buckets.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createTestHarness } from "wrangler";
import { ingested, reply, root, samples, withBucket } from "./edge.mjs";

const worker = (name, bucket, vars = {}) => ({
  config: {
    ...withBucket,
    name,
    main: join(root, "build/worker/index.js"),
    vars,
    r2_buckets: [{ binding: "ASSETS", bucket_name: bucket }],
  },
});

const pairs = [
  ["production", "staging"],
  ["named-production", "named-staging"],
];
let harness;
const buckets = {};
const get = async (name, path) => reply(await harness.getWorker(name).fetch(path));

before(async () => {
  harness = createTestHarness({
    workers: [
      worker("production", "one"),
      worker("staging", "two"),
      worker("named-production", "three", { CACHE_NAMESPACE: "three" }),
      worker("named-staging", "four", { CACHE_NAMESPACE: "four" }),
    ],
  });
  await harness.listen();
  const [[[, one]], [[, two]]] = samples.slice(0, 2).map((sample) => ingested(sample));
  for (const [production, staging] of pairs) {
    buckets[production] = (await harness.getWorker(production).getEnv()).ASSETS;
    buckets[staging] = (await harness.getWorker(staging).getEnv()).ASSETS;
    await buckets[production].put("assets/Shop/shoe.tif", one);
    await buckets[staging].put("assets/Shop/shoe.tif", two);
    await buckets[staging].put("assets/Shop/new.tif", two);
  }
});
after(() => harness?.close());

for (const [production, staging] of pairs) {
  test(`${staging}_shows_its_own_picture_after_${production}_has_shown_another`, async () => {
    const path = "/is/image/Shop/shoe?wid=120";
    const first = await get(production, path);
    assert.equal(first.status, 200, first.bytes.toString("utf8", 0, 200));
    // What is remembered is stored behind the reply.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const own = await get(staging, path);
    assert.equal(own.status, 200);
    assert.notEqual(own.header("etag"), first.header("etag"));
    assert.ok(!own.bytes.equals(first.bytes), "another bucket's picture");
    const again = await get(production, path);
    assert.ok(again.bytes.equals(first.bytes));
  });

  test(`what_${production}_has_not_is_there_for_${staging}`, async () => {
    const path = "/is/image/Shop/new?wid=120";
    assert.equal((await get(production, path)).status, 403);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await get(staging, path)).status, 200);
  });
}
