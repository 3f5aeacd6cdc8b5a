// The edge cache: what makes an entry, what finds it, and that a hit asks no storage.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ingested, reply, samples, startWorker } from "./edge.mjs";

let worker;
let path;
const get = async (query, init) => reply(await worker.get(`${path}?${query}`, init));
const cache = (answer) => answer.header("x-azulejo-cache");

before(async () => {
  worker = await startWorker();
  const [[key, bytes]] = ingested(samples[0]);
  await worker.bucket.put(key, bytes);
  path = `/is/image/${key.slice("assets/".length, -".tif".length)}`;
  const rules = [
    // The example of r-header-rule.
    { expression: String.raw`\$Edge-Control=`, headers: [{ name: "Edge-Control", value: "$Edge-Control$" }] },
    { expression: String.raw`\$small=`, attributes: { MaxPix: "100,100", Expiration: "1" } },
    { expression: String.raw`\$shared=`, attributes: { SharedExpiration: "2" } },
    { expression: String.raw`\$inside=`, addressFilter: "192.0.2.0/24" },
  ];
  await worker.bucket.put("catalogs/Samples.json", JSON.stringify({ format: 1, rules }));
});
after(() => worker?.stop());

/** The entry is stored behind the reply: asks until it is there. */
async function hit(query, init) {
  for (let tries = 0; tries < 50; tries += 1) {
    const answer = await get(query, init);
    if (cache(answer) === "hit" || answer.status === 304) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return assert.fail(`${query} never came from the cache`);
}

test("the_second_request_is_a_hit_with_the_same_bytes_and_headers", async () => {
  const drawn = await get("wid=200");
  assert.equal(drawn.status, 200);
  assert.equal(cache(drawn), "miss");
  const cached = await hit("wid=200");
  assert.deepEqual(cached.bytes, drawn.bytes);
  for (const name of ["content-type", "etag", "cache-control", "x-content-type-options", "cache-tag"]) {
    assert.equal(cached.header(name), drawn.header(name), name);
  }
});

test("a_cdn_gets_tags_and_a_lifetime_of_its_own_with_a_miss_a_hit_and_a_304", async () => {
  const object = path.slice("/is/image/".length).split("/").map(decodeURIComponent).map(encodeURIComponent).join("/");
  const headers = (answer) => [answer.header("cache-tag"), answer.header("cdn-cache-control")];
  const wanted = [`default/,Samples/,${object}`, "max-age=7200, stale-while-revalidate=60"];
  const drawn = await get("wid=210&$shared=1");
  assert.deepEqual(headers(drawn), wanted);
  assert.deepEqual(headers(await hit("wid=210&$shared=1")), wanted);
  const held = await get("wid=210&$shared=1", { headers: { "if-none-match": drawn.header("etag") } });
  assert.equal(held.status, 304);
  assert.deepEqual(headers(held), wanted);
  const inside = { headers: { "cf-connecting-ip": "192.0.2.1" } };
  const own = await get("wid=210&$inside=1", inside);
  assert.deepEqual([own.status, ...headers(own)], [200, null, null]);
});

test("the_order_of_independent_commands_makes_no_second_entry", async () => {
  await get("wid=201&qlt=70&bgc=ff0000");
  await hit("wid=201&qlt=70&bgc=ff0000");
  assert.equal(cache(await get("bgc=ff0000&qlt=70&wid=201")), "hit");
  assert.equal(cache(await get("qlt=71&wid=201&bgc=ff0000")), "miss");
});

test("the_lifetime_is_the_catalogs_ten_hours", async () => {
  assert.equal((await get("wid=202")).header("cache-control"), "public, max-age=36000, stale-while-revalidate=60");
});

test("a_matching_tag_is_answered_304_without_body_from_engine_and_cache", async () => {
  const tag = (await get("wid=203")).header("etag");
  const conditional = { headers: { "if-none-match": tag } };
  await hit("wid=203");
  const cached = await get("wid=203", conditional);
  assert.equal(cached.status, 304);
  assert.equal(cached.bytes.length, 0);
  assert.equal(cached.header("etag"), tag);
  assert.equal(cached.header("access-control-allow-origin"), "*");
  assert.match(cached.header("access-control-expose-headers"), /ETag, Server-Timing/);
  // Never stored: the engine itself compares.
  const fresh = await get("wid=203&req=props", conditional);
  assert.equal(fresh.status, 200, "another request has another tag");
  const again = await get("wid=203&req=props", { headers: { "if-none-match": fresh.header("etag") } });
  assert.equal(again.status, 304);
});

test("another_tag_is_answered_in_full", async () => {
  await get("wid=204");
  await hit("wid=204");
  const answer = await get("wid=204", { headers: { "if-none-match": '"other"' } });
  assert.equal(answer.status, 200);
  assert.ok(answer.bytes.length > 0);
});

test("a_304_or_a_head_on_a_miss_stores_no_empty_entry", async () => {
  const head = await get("wid=205", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
  // What was drawn for it is kept whole: it may be a hit already.
  const full = await get("wid=205");
  assert.match(cache(full), /^(miss|hit)$/);
  assert.ok(full.bytes.length > 0);
  assert.equal(head.header("etag"), full.header("etag"));
  assert.equal(head.header("content-length"), String(full.bytes.length));
});

test("a_head_of_a_cached_image_is_a_hit_without_body", async () => {
  const full = await get("wid=206");
  await hit("wid=206");
  const head = await get("wid=206", { method: "HEAD" });
  assert.equal(cache(head), "hit");
  assert.equal(head.bytes.length, 0);
  assert.equal(head.header("content-type"), full.header("content-type"));
  assert.equal(head.header("content-length"), String(full.bytes.length));
});

test("what_a_rule_sets_is_not_in_the_plain_urls_entry", async () => {
  const marked = await get("wid=211&$Edge-Control=no-store");
  assert.equal(marked.header("edge-control"), "no-store");
  assert.equal((await hit("wid=211&$Edge-Control=no-store")).header("edge-control"), "no-store");
  const plain = await get("wid=211");
  assert.equal(cache(plain), "miss");
  assert.equal(plain.header("edge-control"), null);
  const short = await get("wid=90&$small=1");
  assert.match(short.header("cache-control"), /max-age=3600\b/);
  assert.match((await get("wid=90")).header("cache-control"), /max-age=36000\b/);
  await hit("wid=212");
  assert.equal((await get("wid=212&$small=1")).status, 403, "MaxPix");
});

test("what_changes_no_byte_makes_no_second_entry", async () => {
  await get("wid=213&.v=1");
  await hit("wid=213&.v=1");
  for (const query of ["wid=213", "wid=213&.v=2", "wid=213&id=7&utm_source=mail", "wid=213&cache=on"]) {
    assert.equal(cache(await get(query)), "hit", query);
  }
});

test("a_filtered_reply_is_private_and_its_entry_is_read_after_the_filter", async () => {
  const from = (address) => ({ headers: { "cf-connecting-ip": address } });
  const drawn = await get("wid=214&$inside=1", from("192.0.2.7"));
  const cached = await hit("wid=214&$inside=1", from("192.0.2.8"));
  for (const answer of [drawn, cached]) {
    assert.equal(answer.header("cache-control"), "private, max-age=36000, stale-while-revalidate=60");
    assert.equal(answer.header("cross-origin-resource-policy"), null);
  }
  const refused = await get("wid=214&$inside=1", from("198.51.100.7"));
  assert.deepEqual([refused.status, refused.header("cache-control")], [403, "no-store"]);
  const open = await hit("wid=214");
  assert.equal(open.header("cross-origin-resource-policy"), "cross-origin");
});

test("a_hit_asks_no_storage", async () => {
  const drawn = await get("wid=207");
  await hit("wid=207");
  const [{ key }] = (await worker.bucket.list({ prefix: "assets/" })).objects;
  const object = Buffer.from(await (await worker.bucket.get(key)).arrayBuffer());
  await worker.bucket.delete(key);
  const cached = await get("wid=207");
  await worker.bucket.put(key, object);
  assert.equal(cache(cached), "hit");
  assert.deepEqual(cached.bytes, drawn.bytes);
});

test("errors_and_debug_replies_are_not_kept", async () => {
  for (const query of ["wid=abc", "req=resolve"]) {
    const first = await get(query);
    const second = await get(query);
    assert.equal(cache(first), "bypass", query);
    assert.equal(cache(second), "bypass", query);
    assert.equal(second.header("cache-control"), "no-store");
  }
  const missing = async () => reply(await worker.get("/is/image/Samples/none?wid=9"));
  assert.equal(cache(await missing()), "miss");
  assert.equal(cache(await missing()), "miss");
});

test("identical_misses_at_once_are_drawn_once", async () => {
  // The object was put again, which a folder takes for another version: it is noticed here.
  await get("wid=999");
  const answers = await Promise.all(Array.from({ length: 8 }, () => get("wid=1000")));
  const misses = answers.filter((answer) => cache(answer) === "miss");
  assert.equal(misses.length, 1, answers.map(cache).join(" "));
  for (const answer of answers) assert.deepEqual(answer.bytes, misses[0].bytes);
});
