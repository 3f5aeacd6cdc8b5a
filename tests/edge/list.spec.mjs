// /preview/list: the catalogs and images of a server, page by page, for those who have its token.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { reply, startWorker, testContext } from "./edge.mjs";

const token = "f00d-4-cats";
const withVars = (vars) => ({ config: { ...testContext.config, vars } });
const bearer = { authorization: `Bearer ${token}` };

let worker;
const get = async (path, init = { headers: bearer }) => reply(await worker.get(`/preview/list${path}`, init));
const json = async (path, init) => {
  const listed = await get(path, init);
  assert.equal(listed.status, 200, `${path}: ${listed.bytes}`);
  return JSON.parse(listed.bytes);
};

before(async () => {
  worker = await startWorker(withVars({ PREVIEW_SOURCES: "Samples, Shop", PREVIEW_TOKEN: token }));
  const keys = Array.from({ length: 5000 }, (_, at) => `assets/Samples/many/${String(at).padStart(5, "0")}.tif`);
  keys.push("assets/Samples/a.tif", "assets/Samples/a.tif.index", "assets/Samples/a-b.tif", "svg/Samples/Logo.svg");
  keys.push("assets/Samples/rot & grün (1).tif", "assets/Private/secret.tif", "records/Samples/a.json");
  for (let at = 0; at < keys.length; at += 100) {
    await Promise.all(keys.slice(at, at + 100).map((key) => worker.bucket.put(key, "pyramid")));
  }
});
after(() => worker?.stop());

/** All objects of all pages, and the number of pages. */
async function pages(query) {
  const objects = [];
  for (let count = 1, next; ; count += 1) {
    const page = await json(`/Samples?${query}${next ? `&after=${encodeURIComponent(next)}` : ""}`);
    objects.push(...page.objects);
    next = page.next;
    if (!next) return { ids: objects.map(({ id }) => id), objects, count };
    assert.ok(count < 100, "the pages have no end");
  }
}

test("list__names_the_catalogs", async () => {
  assert.deepEqual(await json(""), { catalogs: ["Samples", "Shop"], edit: false });
  assert.deepEqual(await json("/Shop"), { objects: [] });
});

test("list__of_five_thousand_images_is_paged_without_gap_or_repetition", async () => {
  const { ids, objects, count } = await pages("prefix=many/&limit=1000");
  assert.deepEqual([ids.length, new Set(ids).size, count], [5000, 5000, 5]);
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(objects[0].bytes, 7);
  assert.match(objects[0].modified, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(Math.abs(Date.parse(objects[0].modified) - Date.now()) < 600_000, objects[0].modified);
});

test("list__has_pyramids_and_svgs_whatever_their_names", async () => {
  const { ids } = await pages("limit=999&contains=");
  assert.deepEqual(ids.filter((id) => !id.startsWith("many/")), ["Logo", "a-b", "a", "rot & grün (1)"]);
  assert.deepEqual((await pages(`prefix=${encodeURIComponent("rot & ")}`)).ids, ["rot & grün (1)"]);
});

test("list__finds_what_ids_contain", async () => {
  assert.deepEqual((await pages("contains=LOGO")).ids, ["Logo"]);
  assert.deepEqual((await pages("contains=0499&limit=10")).ids.length, 11);
  assert.deepEqual((await pages("contains=absent")).ids, []);
});

test("list__is_for_those_who_have_the_token", async () => {
  for (const path of ["", "/Samples", "/Private"]) {
    for (const authorization of [undefined, "Bearer wrong", "Bearer *", `Basic ${token}`]) {
      const refused = await get(path, { headers: authorization ? { authorization } : {} });
      assert.equal(refused.status, 401, `${path}: ${authorization}`);
      assert.equal(refused.header("www-authenticate"), "Bearer");
      assert.equal(refused.header("access-control-allow-origin"), null);
      assert.ok(!refused.bytes.includes(token));
    }
  }
});

test("list__of_another_catalog_is_refused", async () => {
  for (const path of ["/Private", "/default", "/samples", "/Samples%2F..%2FPrivate", "/Samples/a", "/nowhere"]) {
    const refused = await get(path);
    assert.equal(refused.status, 403, path);
    assert.match(refused.bytes.toString(), /PREVIEW_SOURCES/);
    assert.equal(refused.header("cache-control"), "no-store");
  }
});

test("list__hostile_parameters_are_errors_or_list_nothing", async () => {
  for (const query of ["limit=0", "limit=1001", "limit=-1", "limit=1e2", "prefix=%00", "after=%0A", "sort=size", `after=${"x".repeat(1025)}`]) {
    const refused = await get(`/Samples?${query}`);
    assert.equal(refused.status, 400, `${query}: ${refused.bytes}`);
    assert.match(refused.bytes.toString(), /^[^\n]+\.\n$/);
  }
  for (const query of ["prefix=../Private/", "prefix=%2E%2E/", "prefix=/", "contains=%FF", `prefix=${"é".repeat(511)}`, "after=%F4%8F%BF%BF"]) {
    assert.deepEqual(await json(`/Samples?${query}`), { objects: [] }, query);
  }
});

test("list__other_methods_are_405_and_a_head_has_no_body", async () => {
  const head = await get("/Samples", { method: "HEAD", headers: bearer });
  assert.deepEqual([head.status, head.bytes.length], [200, 0]);
  assert.equal((await get("/Samples", { method: "PUT", headers: bearer, body: "x" })).status, 405);
});

test("list__needs_a_token_that_the_server_has", async (context) => {
  for (const vars of [{ PREVIEW_SOURCES: "Samples" }, { PREVIEW_SOURCES: "Samples", PREVIEW_TOKEN: " " }]) {
    const unset = await startWorker(withVars(vars));
    context.after(unset.stop);
    const refused = await reply(await unset.get("/preview/list/Samples", { headers: bearer }));
    assert.equal(refused.status, 403);
    assert.match(refused.bytes.toString(), /PREVIEW_TOKEN/);
  }
  const open = await startWorker(withVars({ PREVIEW_SOURCES: "Samples", PREVIEW_TOKEN: "*" }));
  context.after(open.stop);
  await open.bucket.put("assets/Samples/a.tif", "pyramid");
  const listed = await reply(await open.get("/preview/list/Samples"));
  assert.equal(JSON.parse(listed.bytes).objects[0].id, "a");
});

test("list__is_refused_where_requests_must_be_signed", async (context) => {
  const vars = { PREVIEW_SOURCES: "Samples", PREVIEW_TOKEN: "*", SIGNING_KEYS: "k".repeat(40) };
  const signed = await startWorker(withVars(vars));
  context.after(signed.stop);
  assert.equal((await signed.get("/preview/list/Samples")).status, 403);
});
