// After a trap nothing is known of the engine's memory: the next request starts it anew.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ingested, reply, samples, startWorker, trapping } from "./edge.mjs";

let worker;

before(async () => {
  worker = await startWorker(trapping);
  const [[, photo]] = ingested(samples[0]);
  await worker.bucket.put("assets/Test/photo.tif", photo);
});
after(() => worker?.stop());

const get = async (path) => reply(await worker.get(path));
const json = async (path) => (await worker.get(path)).json();

test("a_trap_costs_one_start_of_the_engine_and_no_picture", async () => {
  const before = await get("/is/image/Test/photo?wid=200");
  assert.equal(before.status, 200);
  const instance = await json("/instance");
  assert.equal(await json("/trap"), true, "the Worker has noticed");
  // Not what is in the edge cache.
  const after = await get("/is/image/Test/photo?wid=201");
  assert.equal(after.status, 200);
  assert.equal(await json("/instance"), instance + 1);
  assert.deepEqual((await get("/is/image/Test/photo?wid=200")).bytes, before.bytes);
  assert.equal(await json("/instance"), instance + 1, "once");
});
