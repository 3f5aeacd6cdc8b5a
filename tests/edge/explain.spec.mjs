// `req=explain`: the Worker's explanation of a request.
import assert from "node:assert/strict";
import { parse } from "node:path";
import { test } from "node:test";
import { reply, samples } from "./edge.mjs";

const get = async (path, init) => reply(await fetch(new URL(path, process.env.AZULEJO_URL), init));
const image = `/is/image/Samples/${parse(samples[0]).name}?$product$&wid=123`;

test("the_explanation_is_that_of_the_picture", async () => {
  const explained = await get(`${image}&req=explain`);
  assert.equal(explained.status, 200, explained.bytes.toString());
  assert.equal(explained.header("content-type"), "application/json");
  const explanation = JSON.parse(explained.bytes);
  const picture = await get(image);
  assert.equal(explanation.cache.key, picture.header("etag"), "the key of the cache is the entity tag");
  assert.equal(explanation.cache.control, picture.header("cache-control"));
  assert.equal(explanation.plan.reply.width, 123);
  const from = (name) => explanation.commands.find((command) => command.name === name).from;
  assert.deepEqual(from("wid"), { text: "URL", column: 10 });
  assert.equal(from("qlt").macros[0].name, "product");
});

test("no_cache_keeps_an_explanation_and_none_answers_for_the_picture", async () => {
  for (const path of [`${image}&req=explain`, `${image}&req=explain`]) {
    const explained = await get(path);
    assert.equal(explained.header("cache-control"), "no-store");
    assert.equal(explained.header("x-azulejo-cache"), "bypass");
  }
  const picture = await get(image);
  assert.match(picture.header("content-type"), /^image\//);
  const held = { "if-none-match": picture.header("etag") };
  assert.equal((await get(`${image}&req=explain`, { headers: held })).status, 200);
  const head = await get(`${image}&req=explain`, { method: "HEAD" });
  assert.deepEqual([head.status, head.bytes.length], [200, 0]);
});

test("a_request_that_fails_is_explained_with_its_status", async () => {
  const failed = await get(`${image}&wid=abc&req=explain`);
  assert.equal(failed.status, 403);
  const explanation = JSON.parse(failed.bytes);
  assert.match(explanation.error.message, /^wid=abc/);
  assert.ok(explanation.commands.some((command) => command.name === "qlt"));
});
