// Damaged and malicious files in the bucket: an error each, and a Worker that goes on.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { lacks } from "../require.mjs";
import { corpus, ingested, reply, samples, startWorker } from "./edge.mjs";

const folder = join(corpus, "hostile");
const skip = existsSync(folder) ? false : lacks("corpus", "../shared/corpus is not here");

/** Only a reply that never comes is cut off here. */
const TIMEOUT = 20_000;

let worker;
const get = async (path) => reply(await worker.get(path, { signal: AbortSignal.timeout(TIMEOUT) }));

before(async () => {
  worker = await startWorker();
});
after(() => worker?.stop());

test("as_deep_as_a_catalog_may_allow_fits_the_stack", async () => {
  const attributes = { MaxNesting: "16" };
  await worker.bucket.put("catalogs/Deep.json", JSON.stringify({ format: 1, attributes }));
  const nested = (depth) => "is(Deep/a?layer=1&src=".repeat(depth) + "Deep/b" + ")".repeat(depth);
  const [[, bytes]] = ingested(samples[0]);
  for (const id of ["a", "b"]) await worker.bucket.put(`assets/Deep/${id}.tif`, bytes);
  const drawn = await get(`/is/image/Deep/a?wid=200&layer=1&src=${nested(16)}&fmt=png`);
  assert.equal(drawn.status, 200, drawn.bytes.toString().slice(0, 200));
  const ask = (depth) => get(`/is/image/Deep/a?req=resolve&layer=1&src=${nested(depth)}`);
  const deep = await ask(16);
  assert.equal(deep.status, 200, deep.bytes.toString().slice(0, 200));
  assert.equal(deep.bytes.toString().split("is(Deep/a").length - 1, 16);
  const deeper = await ask(17);
  assert.equal(deeper.status, 403);
  assert.match(deeper.bytes.toString(), /nested deeper than 16/);
});

test("svgs_within_svgs_as_deep_as_a_catalog_may_allow_fit_the_stack", async () => {
  const attributes = { MaxNesting: "16" };
  await worker.bucket.put("catalogs/Nested.json", JSON.stringify({ format: 1, attributes }));
  const [[, bytes]] = ingested(samples[0]);
  await worker.bucket.put("assets/Nested/end.tif", bytes);
  for (let depth = 0; depth < 17; depth += 1) {
    const next = depth < 16 ? `d${depth + 1}` : "end";
    const image = `<image width="90" height="60" href="/is/image/Nested/${next}?wid=90"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><g opacity=".9">${image}</g></svg>`;
    await worker.bucket.put(`svg/Nested/d${depth}.svg`, svg);
    await worker.bucket.put(`records/Nested/d${depth}.json`, '{"svg": true}');
  }
  const drawn = await get("/is/image/Nested/d1?fmt=png");
  assert.equal(drawn.status, 200, drawn.bytes.toString().slice(0, 200));
  const deeper = await get("/is/image/Nested/d0?fmt=png");
  assert.equal(deeper.status, 403);
  assert.match(deeper.bytes.toString(), /nested deeper than 16/);
});

test("each_hostile_file_is_a_picture_or_a_clear_error", { skip }, async (context) => {
  for (const [number, name] of readdirSync(folder).entries()) {
    await context.test(name, async () => {
      await worker.bucket.put(`assets/Hostile/${number}.tif`, readFileSync(join(folder, name)));
      for (const query of ["wid=300", "req=imageprops"]) {
        const answer = await get(`/is/image/Hostile/${number}?${query}`);
        // A panic would be answered by the platform, without our headers.
        assert.equal(answer.header("x-content-type-options"), "nosniff", `${query}: ${answer.status}`);
        if (answer.status !== 200) {
          assert.ok([403, 500].includes(answer.status), `${query}: ${answer.status}`);
          assert.equal(answer.header("cache-control"), "no-store");
          assert.ok(answer.bytes.length > 0, "says what is wrong");
        }
      }
    });
  }
});

test("the_worker_goes_on_serving_after_them", { skip }, async () => {
  const [[key, bytes]] = ingested(samples[0]);
  await worker.bucket.put(key, bytes);
  const image = await get(`/is/image/${key.slice("assets/".length, -".tif".length)}?wid=300`);
  assert.equal(image.status, 200);
  assert.equal(image.header("content-type"), "image/jpeg");
});
