// Signed URLs at the edge: a reply that comes from the shared copy ends with its signature, too.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ingested, reply, root, samples, startWorker, withBucket, workerOnly } from "./edge.mjs";

const KEY = "0123456789abcdef0123456789abcdef";
let worker;
let path;

before(async () => {
  worker = await startWorker({
    config: { ...withBucket, main: join(root, "build/worker/index.js"), vars: { SIGNING_KEYS: KEY, SIGNING: "presets" } },
  });
  const [[key, bytes]] = ingested(samples[0]);
  await worker.bucket.put(key, bytes);
  path = `/is/image/${key.slice("assets/".length, -".tif".length)}`;
});
after(() => worker?.stop());

const get = async (query, init) => reply(await worker.get(`${path}?${query}`, init));

/** The modifiers, signed for a number of seconds. */
function signed(modifiers, seconds) {
  const text = `${modifiers}&expires=${Math.floor(Date.now() / 1000) + seconds}`;
  const code = createHmac("sha256", KEY).update(`${path}?${text}`).digest("base64url");
  return `${text}&sig=${code}`;
}

const seconds = (answer) => Number(/max-age=(\d+)/.exec(answer.header("cache-control"))[1]);

test("the_shared_copy_lives_as_it_did_and_each_reply_ends_with_its_signature", async () => {
  const first = await get(signed("wid=91", 100));
  assert.equal(first.status, 200, first.bytes.toString("utf8", 0, 200));
  assert.ok(seconds(first) > 80 && seconds(first) <= 100, first.header("cache-control"));
  assert.doesNotMatch(first.header("cache-control"), /stale/);
  let long;
  for (let tries = 0; tries < 50 && long?.header("x-azulejo-cache") !== "hit"; tries += 1) {
    long = await get(signed("wid=91", 90_000));
  }
  assert.equal(long.header("x-azulejo-cache"), "hit");
  assert.equal(long.header("cache-control"), "public, max-age=36000, stale-while-revalidate=60", "the copy was not cut");
  const short = await get(signed("wid=91", 50));
  assert.equal(short.header("x-azulejo-cache"), "hit");
  assert.ok(seconds(short) <= 50, short.header("cache-control"));
  assert.deepEqual(short.bytes, first.bytes);
  for (const name of ["etag", "content-type", "access-control-allow-origin"]) {
    assert.equal(short.header(name), first.header(name), name);
  }
  const held = await get(signed("wid=91", 50), { headers: { "if-none-match": first.header("etag") } });
  assert.equal(held.status, 304);
  assert.ok(seconds(held) <= 50, held.header("cache-control"));
});

test("presets_and_properties_are_free_and_pixels_are_not", async () => {
  assert.equal((await get("$thumbnail$")).status, 200);
  assert.equal((await get("req=props,json&wid=90&id=-9&handler=s7RIJSONResponse")).status, 200);
  assert.equal((await get("req=exists")).status, 200);
  assert.equal((await get("wid=90")).status, 403);
  assert.equal((await get("req=props&req=img&wid=90")).status, 403);
});

/** A Worker with these variables. */
async function withSettings(vars, work) {
  const other = await startWorker({ config: { ...withBucket, main: join(root, "build/worker/index.js"), vars } });
  try {
    await work(async (path, init) => reply(await other.get(path, init)), other.bucket);
  } finally {
    await other.stop();
  }
}

// `azulejo serve` does not start with such keys.
test("a_worker_whose_keys_are_blank_answers_nothing", workerOnly, async () => {
  await withSettings({ SIGNING_KEYS: " \n" }, async (ask) => {
    for (const path of ["/is/image/Samples/pier?wid=9", "/is/content/Samples/a.css", "/health", "/preview/catalog/Samples"]) {
      const answer = await ask(path);
      assert.deepEqual([answer.status, answer.header("cache-control")], [500, "no-store"], path);
      assert.match(answer.bytes.toString(), /settings/);
    }
  });
});

test("the_clients_address_is_that_of_the_header_which_a_setting_names", async () => {
  await withSettings({ CLIENT_ADDRESS_HEADER: "X-Forwarded-For" }, async (ask, bucket) => {
    const attributes = { ClientAddressFilter: "192.0.2.0/24" };
    await bucket.put("catalogs/Inside.json", JSON.stringify({ format: 1, attributes }));
    const status = async (headers) => (await ask("/is/image/Inside/x?req=exists", { headers })).status;
    assert.equal(await status({ "x-forwarded-for": "192.0.2.7" }), 200);
    assert.equal(await status({ "x-forwarded-for": "192.0.2.7, 198.51.100.7" }), 403, "the client's own word");
    assert.equal(await status({ "cf-connecting-ip": "192.0.2.7" }), 403);
    assert.equal(await status({}), 403);
  });
});
