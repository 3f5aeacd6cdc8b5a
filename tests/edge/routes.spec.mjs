// `cargo xtask dev`'s Worker, with the samples in its bucket: which request gets which answer.
import assert from "node:assert/strict";
import { parse } from "node:path";
import { test } from "node:test";
import { reply, samples } from "./edge.mjs";

const get = async (path, init) => reply(await fetch(new URL(path, process.env.AZULEJO_URL), init));
const path = (file) => `/is/image/Samples/${parse(file).name}`;
const sample = path(samples[0]);

test("health_is_ok", async () => {
  const health = await get("/health");
  assert.equal(health.status, 200);
  assert.equal(health.bytes.toString(), "ok");
  assert.equal(health.header("cache-control"), "no-store");
});

test("other_methods_are_405_and_list_the_allowed_ones", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const refused = await get(`${sample}?wid=50`, { method });
    assert.equal(refused.status, 405, method);
    assert.equal(refused.header("allow"), "GET, HEAD");
  }
});

test("the_preview_page_is_at_the_root", async () => {
  const page = await get("/");
  assert.equal(page.status, 200);
  assert.match(page.header("content-type"), /^text\/html/);
});

test("the_page_loads_its_own_code_and_nothing_else", async () => {
  for (const path of ["/", "/studio/app.js", "/nowhere.html"]) {
    const policy = (await get(path)).header("content-security-policy") ?? "";
    if (path === "/nowhere.html") assert.equal(policy, "", "the Worker's own reply, a text");
    else assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';.*frame-ancestors 'none'$/, path);
  }
});

test("viewers__are_at_the_addresses_that_old_pages_name", async () => {
  const page = await get("/s7viewers/html5/ZoomViewer.html?asset=Samples/pier");
  assert.equal(page.status, 200);
  assert.match(page.header("content-type"), /^text\/html/);
  assert.match(page.header("content-security-policy"), /frame-ancestors \*$/);
  const [, module] = /modulepreload" href="(\/viewers\/zoom\.js)"/.exec(page.bytes.toString());
  const script = await get("/s7viewers/html5/js/ZoomViewer.js");
  for (const file of [await get(module), script]) {
    assert.equal(file.status, 200);
    assert.match(file.header("content-type"), /^text\/javascript/);
    assert.equal(file.header("access-control-allow-origin"), "*");
    assert.equal(file.header("cross-origin-resource-policy"), "cross-origin");
  }
  const revalidated = await get("/s7viewers/html5/js/ZoomViewer.js", { headers: { "if-none-match": script.header("etag") } });
  assert.equal(revalidated.status, 304);
  assert.equal((await get("/s7viewers/html5/NoViewer.html")).status, 404);
});

test("every_sample_is_rendered_in_the_requested_width", async () => {
  for (const file of samples) {
    const image = await get(`${path(file)}?wid=120&fmt=png`);
    assert.equal(image.status, 200, `${file}: ${image.bytes.subarray(0, 200)}`);
    assert.equal(image.header("content-type"), "image/png");
    assert.equal(image.bytes.readUInt32BE(16), 120, "the width in the PNG header");
  }
});

test("a_request_without_object_and_modifiers_is_a_banner", async () => {
  for (const path of ["/is/image", "/is/image/"]) {
    const banner = await get(path);
    assert.equal(banner.status, 200, path);
    assert.match(banner.bytes.toString(), /^#S7Z OK\r?\n/);
  }
});

test("layers_of_two_samples_are_one_image", async () => {
  const layered = `${sample}?wid=200&layer=1&src=${path(samples[1]).slice("/is/image/".length)}&size=80,0`;
  const image = await get(`${layered}&rotate=20&effect=-1&$shadow$&fmt=png`);
  assert.equal(image.status, 200, image.bytes.subarray(0, 200).toString());
  assert.equal(image.bytes.readUInt32BE(16), 200, "the width in the PNG header");
  const alone = await get(`${sample}?wid=200&fmt=png`);
  assert.ok(!image.bytes.equals(alone.bytes));
  assert.notEqual(image.header("etag"), alone.header("etag"));
});

test("every_reply_carries_its_headers", async () => {
  const paths = ["/health", "/", "/nowhere", `${sample}?wid=60`, `${sample}?wid=x`, "/is/image/Samples/none"];
  for (const path of paths) {
    const { header } = await get(path);
    assert.ok(header("etag"), `ETag of ${path}`);
    assert.ok(header("cache-control"), `Cache-Control of ${path}`);
    assert.equal(header("x-content-type-options"), "nosniff", path);
    if (path !== "/") assert.equal(header("cross-origin-resource-policy"), "cross-origin", path);
  }
});

test("an_image_says_where_its_time_went", async () => {
  const image = await get(`${sample}?wid=61`);
  assert.match(image.header("server-timing"), /render;dur=/);
});

test("a_bad_value_is_403_not_cached_and_names_its_command", async () => {
  for (const [query, command] of [["wid=abc", "wid"], ["fmt=tga", "fmt"], ["rgn=1,2", "rgn"]]) {
    const refused = await get(`${sample}?${query}`);
    assert.equal(refused.status, 403, query);
    assert.equal(refused.header("cache-control"), "no-store");
    assert.match(refused.bytes.toString(), new RegExp(command));
  }
});

test("a_missing_image_is_403_and_not_cached", async () => {
  const missing = await get("/is/image/Samples/no-such-image?wid=100");
  assert.equal(missing.status, 403);
  assert.equal(missing.header("cache-control"), "no-store");
});

test("text_replies_are_answered_too", async () => {
  const properties = await get(`${sample}?req=imageprops`);
  assert.equal(properties.status, 200);
  assert.match(properties.bytes.toString(), /image\.width=\d+/);
});
