// /is/content in workerd: files are streamed from the bucket, whole and in parts.
import assert from "node:assert/strict";
import { before, after, test } from "node:test";
import { reply, startWorker } from "./edge.mjs";

/** Longer than a Worker may hold in memory (128 MB) would be slow to put; this shows the way of it. */
const film = Buffer.alloc(9 << 20, "0123456789abcdef");
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

let worker;
before(async () => {
  worker = await startWorker();
  await worker.bucket.put("content/Shop/film.mp4", film);
  await worker.bucket.put("content/Shop/css/site.css", "body {}");
  await worker.bucket.put("content/Shop/empty.txt", "");
  await worker.bucket.put("svg/Shop/logo.svg", svg);
  await worker.bucket.put("records/Shop/logo.json", JSON.stringify({ svg: true }));
  await worker.bucket.put("records/Shop/never.css.json", JSON.stringify({ content: { path: "css/site.css", expiration: -1 } }));
});
after(() => worker.stop());

const get = async (id, headers = {}, method = "GET") =>
  reply(await worker.get(`/is/content/Shop/${id}`, { headers, method }));

test("a_file_comes_as_it_is_stored", async () => {
  const css = await get("css/site.css?wid=abc&fmt=png-alpha");
  assert.equal(css.status, 200, css.bytes.toString());
  assert.equal(css.bytes.toString(), "body {}");
  assert.equal(css.header("content-type"), "text/css; charset=utf-8");
  assert.equal(css.header("accept-ranges"), "bytes");
  assert.equal(css.header("x-content-type-options"), "nosniff");
  assert.equal(css.header("x-azulejo-cache"), "bypass");
  assert.ok(Date.parse(css.header("last-modified")) > Date.now() - 600_000, css.header("last-modified"));
  const whole = await get("film.mp4");
  assert.equal(whole.header("content-type"), "video/mp4");
  assert.ok(whole.bytes.equals(film), "all bytes of it");
  assert.equal((await get("empty.txt")).bytes.length, 0);
});

test("a_range_is_a_part_of_the_file", async () => {
  const part = await get("film.mp4", { range: "bytes=5000000-5000031" });
  assert.equal(part.status, 206, part.bytes.toString("latin1", 0, 200));
  assert.equal(part.header("content-range"), `bytes 5000000-5000031/${film.length}`);
  assert.equal(part.header("content-length"), "32");
  assert.ok(part.bytes.equals(film.subarray(5_000_000, 5_000_032)));
  const end = await get("film.mp4", { range: "bytes=-3" });
  assert.deepEqual([end.status, end.bytes.toString()], [206, "def"]);
  const beyond = await get("film.mp4", { range: `bytes=${film.length}-` });
  assert.deepEqual([beyond.status, beyond.header("content-range")], [416, `bytes */${film.length}`]);
  const several = await get("css/site.css", { range: "bytes=0-1,3-4" });
  assert.deepEqual([several.status, several.bytes.toString()], [200, "body {}"]);
});

test("conditions_and_head", async () => {
  const head = await get("film.mp4", {}, "HEAD");
  assert.deepEqual([head.status, head.bytes.length], [200, 0]);
  assert.equal(head.header("content-length"), String(film.length));
  const tag = head.header("etag");
  assert.equal((await get("film.mp4", { "if-none-match": tag })).status, 304);
  assert.equal((await get("film.mp4", { "if-modified-since": head.header("last-modified") })).status, 304);
  const range = "bytes=0-3";
  assert.equal((await get("film.mp4", { range, "if-range": tag })).status, 206);
  assert.equal((await get("film.mp4", { range, "if-range": '"another"' })).status, 200);
  assert.equal((await get("never.css", { "if-none-match": '"another"' })).status, 304);
});

test("a_stored_svg_cannot_run_scripts_on_the_sites_origin", async () => {
  const drawn = await get("logo?wid=100");
  assert.deepEqual([drawn.status, drawn.bytes.toString()], [200, svg]);
  assert.equal(drawn.header("content-type"), "image/svg+xml");
  assert.match(drawn.header("content-security-policy"), /^sandbox; script-src 'none'$/);
});

test("what_is_not_there_is_403_and_a_replaced_file_is_seen_at_once", async () => {
  const missing = await get("none.css");
  assert.deepEqual([missing.status, missing.header("cache-control")], [403, "no-store"]);
  assert.match((await get("film.mp4?req=props")).bytes.toString(), new RegExp(`length=${film.length}`));
  assert.match((await get("none.css?req=exists")).bytes.toString(), /exists=0/);
  const before = await get("css/site.css");
  await worker.bucket.put("content/Shop/css/site.css", "body { margin: 0 }");
  const after = await get("css/site.css", { "if-none-match": before.header("etag") });
  assert.deepEqual([after.status, after.bytes.toString()], [200, "body { margin: 0 }"]);
});
