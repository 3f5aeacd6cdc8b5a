// The store suite over the Worker's R2 store, run inside workerd.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { reply, startWorker, storeSuite } from "./edge.mjs";

let worker;
const get = async (path) => (await reply(await worker.get(path))).bytes.toString();

before(async () => {
  worker = await startWorker(storeSuite);
});
after(() => worker?.stop());

test("r2_keeps_every_promise_of_a_store", async (context) => {
  const promises = (await get("/suite")).trim().split("\n");
  assert.ok(promises.length > 15, `the suite ran: ${promises}`);
  for (const promise of promises) {
    await context.test(promise, () => assert.match(promise, /: kept$/));
  }
});

test("cache_entries_are_read_back", async () => {
  assert.equal(await get("/recall"), "");
  await get("/remember");
  assert.equal(await get("/recall"), "derived data");
});
