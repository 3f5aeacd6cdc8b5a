// A catalog with an address filter at the edge: its pictures are for clients that it lets in, whatever
// the cache holds, and by whatever catalog they are asked for.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ingested, reply, samples, startWorker } from "./edge.mjs";

let worker;
const near = { "cf-connecting-ip": "203.0.113.9" };
const far = { "cf-connecting-ip": "198.51.100.1" };
const get = async (path, headers) => reply(await worker.get(`/is/image/${path}`, { headers }));

before(async () => {
  worker = await startWorker();
  const [[, bytes]] = ingested(samples[0]).filter(([key]) => key.startsWith("assets/"));
  for (const object of ["Priv/x", "Pub/a"]) await worker.bucket.put(`assets/${object}.tif`, bytes);
  const attributes = { ClientAddressFilter: "203.0.113.0/24" };
  await worker.bucket.put("catalogs/Priv.json", JSON.stringify({ format: 1, attributes }));
});
after(() => worker?.stop());

const ways = ["Priv/x?wid=90", "Pub/a?src=Priv/x&wid=90", "Pub/none?defaultImage=Priv/x&wid=90", "?src=/Priv/x&wid=90"];

test("clients_that_a_filter_refuses_get_nothing_that_others_were_given", async () => {
  for (const way of ways) {
    for (const time of ["first", "second"]) {
      const drawn = await get(way, near);
      assert.equal(drawn.status, 200, `${way}: ${drawn.bytes.subarray(0, 200)}`);
      assert.match(drawn.header("cache-control"), /^private, max-age=/);
      // Behind the filter of the URL's own catalog all clients that may ask get the same picture.
      const cached = way.startsWith("Priv/") ? /^(miss|hit)$/ : /^bypass$/;
      assert.match(drawn.header("x-azulejo-cache"), cached, `${way}, the ${time} time`);
      const etag = drawn.header("etag");
      for (const held of [{}, { "if-none-match": etag }]) {
        const refused = await get(way, { ...far, ...held });
        assert.equal(refused.status, 403, way);
        assert.equal(refused.header("cache-control"), "no-store");
      }
      const again = await get(way, { ...near, "if-none-match": etag });
      assert.equal(again.status, 304, way);
    }
  }
});

test("a_refused_picture_is_as_one_that_is_not_there", async () => {
  for (const way of ways.slice(1)) {
    const refused = await get(way, far);
    const missing = await get(way.replace("Priv/x", "Priv/y"), far);
    assert.equal(refused.bytes.toString(), missing.bytes.toString().replaceAll("Priv/y", "Priv/x"));
    assert.equal(refused.header("x-azulejo-cache"), missing.header("x-azulejo-cache"));
  }
});
