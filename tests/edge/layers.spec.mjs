// Layers that took long to draw: isolates of one bucket take them from the edge cache.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createTestHarness } from "wrangler";
import { ingested, reply, root, samples, withBucket } from "./edge.mjs";

// Each Worker is an isolate of its own.
const isolate = (name, namespace) => ({
  config: {
    ...withBucket,
    name,
    main: join(root, "build/worker/index.js"),
    vars: namespace ? { CACHE_NAMESPACE: namespace } : {},
    r2_buckets: [{ binding: "ASSETS", bucket_name: "one" }],
  },
});

let harness;
before(async () => {
  harness = createTestHarness({
    workers: [
      isolate("first", "shop"),
      isolate("second", "shop"),
      isolate("third", "shop"),
      isolate("other", "staging"),
      isolate("nameless"),
    ],
  });
  await harness.listen();
  const [[, photo]] = ingested(samples[0]);
  const bucket = (await harness.getWorker("first").getEnv()).ASSETS;
  await bucket.put("assets/Shop/shoe.tif", photo);
});
after(() => harness?.close());

/** A layer of 420 × 420 pixels that takes long, and a small one at a place, which changes. */
const view = (x) =>
  "/is/image/Shop?layer=0&color=ffffff&size=700,500&fmt=png" +
  `&layer=1&src=Shop/shoe&size=420,420&rotate=10&op_grow=9&op_usm=2,40&op_blur=60&layer=2&src=Shop/shoe&size=40,40&pos=${x},0`;

async function drawn(name, path) {
  const answer = await reply(await harness.getWorker(name).fetch(path));
  assert.equal(answer.status, 200, answer.bytes.toString("utf8", 0, 200));
  const [, counts] = /layers;desc="([^"]+)"/.exec(answer.header("server-timing")) ?? [];
  // Layers are stored behind the reply.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { counts, bytes: answer.bytes };
}

test("an_isolate_takes_a_layer_that_another_one_of_its_bucket_has_drawn", async () => {
  assert.equal((await drawn("first", view(0))).counts, "hit 0, drawn 2");
  const moved = await drawn("second", view(10));
  assert.equal(moved.counts, "hit 1, drawn 1");
  // The isolate of a bucket with another name draws the layer itself, and the same pixels.
  const alone = await drawn("other", view(10));
  assert.equal(alone.counts, "hit 0, drawn 2");
  assert.ok(alone.bytes.equals(moved.bytes));
});

test("a_replaced_image_is_drawn_again", async () => {
  assert.equal((await drawn("first", view(30))).counts, "hit 1, drawn 1");
  const [[, photo]] = ingested(samples[1]);
  const bucket = (await harness.getWorker("first").getEnv()).ASSETS;
  await bucket.put("assets/Shop/shoe.tif", photo);
  const again = await drawn("third", view(40));
  assert.equal(again.counts, "hit 0, drawn 2");
});

test("without_a_name_of_the_bucket_layers_are_not_shared", async () => {
  assert.equal((await drawn("nameless", view(50))).counts, "hit 0, drawn 2");
  // Its own memory has the layer.
  assert.equal((await drawn("nameless", view(60))).counts, "hit 1, drawn 1");
});
