// `/preview/source/<rootId>/<id>`: what the page reads the samples from.
import assert from "node:assert/strict";
import { test } from "node:test";

const get = (path, range) =>
  fetch(new URL(`/preview/source/${path}`, process.env.AZULEJO_URL), { headers: range ? { range } : {} });

test("a range of a sample's pyramid, with its version", async () => {
  const reply = await get("Samples/pier", "bytes=0-3");
  assert.equal(reply.status, 206);
  assert.match(reply.headers.get("content-range"), /^bytes 0-3\/\d{6,}$/);
  assert.match(reply.headers.get("etag"), /^"\w+"$/);
  assert.deepEqual([...new Uint8Array(await reply.arrayBuffer())], [0x49, 0x49, 42, 0]);
});

test("a range behind the end is 416, with the size", async () => {
  const reply = await get("Samples/pier", "bytes=99999999-99999999");
  assert.equal(reply.status, 416);
  assert.match(reply.headers.get("content-range"), /^bytes \*\/\d{6,}$/);
  await reply.body?.cancel();
});

test("what is not there is 204, and catalogs that are not listed are 403", async () => {
  for (const [path, status] of [["Samples/nothing", 204], ["Secret/pier", 403], ["", 204], ["Samples%2F..%2FSecret/pier", 204]]) {
    const reply = await get(path, "bytes=0-3");
    assert.equal(reply.status, status, path);
    await reply.body?.cancel();
  }
});
