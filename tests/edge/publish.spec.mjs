// What is published is seen at the edge within a minute, without a deploy; what is not published is
// missing there, and shown in a test context.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { setTimeout } from "node:timers/promises";
import { test } from "node:test";
import { ingested, reply, root, samples, startWorker, testContext } from "./edge.mjs";

/** `azulejo`, over the bucket that the Worker of `cargo xtask dev` serves (AZULEJO_STATE). */
const azulejo = (...words) =>
  execFileSync(process.env.AZULEJO_BIN, [...words, "--to", "local"], { cwd: root, stdio: "pipe" });

/** A Worker over a bucket with one asset that is not published. */
async function hidden(context, worker) {
  const started = await startWorker(worker);
  context.after(started.stop);
  for (const [key, bytes] of ingested(samples[0])) {
    const record = key.startsWith("records/") && { ...JSON.parse(bytes), published: false };
    await started.bucket.put(key, record ? JSON.stringify(record) : bytes);
  }
  await started.bucket.put("records/Samples/again.json", JSON.stringify({ path: id }));
  return async (path, init) => reply(await started.get(path, init));
}

const range = { headers: { range: "bytes=0-99" } };

const id = parse(samples[0]).name;

test("an_unpublished_asset_is_missing_on_the_public_host", async (context) => {
  const get = await hidden(context);
  const drawn = await get(`/is/image/Samples/${id}?wid=90`);
  const missing = await get("/is/image/Samples/none?wid=90");
  assert.equal(drawn.status, 403);
  assert.equal(drawn.bytes.toString().replaceAll(id, "none"), missing.bytes.toString());
  assert.match((await get(`/is/image/Samples/${id}?req=exists`)).bytes.toString(), /exists=0/);
  // Nor by another record that names its file.
  assert.equal((await get("/is/image/Samples/again?wid=90")).status, 403);
});

test("what_is_deployed_gives_nothing_away_as_it_is_stored", async (context) => {
  const get = await hidden(context);
  for (const path of [`source/Samples/${id}`, `record/Samples/${id}`, "catalog/default"]) {
    assert.equal((await get(`/preview/${path}`, range)).status, 403, path);
  }
});

test("an_unpublished_asset_is_not_given_away_as_it_is_stored", async (context) => {
  const get = await hidden(context, { config: { ...testContext.config, vars: { PREVIEW_SOURCES: "Samples" } } });
  assert.equal((await get(`/preview/source/Samples/${id}`, range)).status, 204);
  assert.equal((await get(`/preview/record/Samples/${id}`)).status, 204);
});

test("an_unpublished_asset_is_shown_in_a_test_context", async (context) => {
  const get = await hidden(context, testContext);
  const drawn = await get(`/is/image/Samples/${id}?wid=90&fmt=png`);
  assert.equal(drawn.status, 200, drawn.bytes.toString("utf8", 0, 200));
  assert.equal(drawn.bytes.readUInt32BE(16), 90, "the width in the PNG header");
  assert.equal((await get(`/preview/source/Samples/${id}`, range)).status, 206);
  assert.equal((await get(`/preview/source/Samples/${id}`)).status, 403, "without a Range");
});

test("what_is_published_and_unpublished_is_seen_within_a_minute", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "azulejo-edge-"));
  context.after(() => rmSync(folder, { recursive: true }));
  // The state may be that of an earlier run: a macro that was never there.
  const macro = `fresh${Date.now()}`;
  writeFileSync(join(folder, "edge.ini"), "RootId=Published\nMacroFile=macros.txt\n");
  writeFileSync(join(folder, "macros.txt"), `${macro}\twid=77&fmt=png\n`);
  const [fresh, gone] = samples.slice(0, 2);
  azulejo("ingest", fresh, gone, "--root", "Published");
  azulejo("publish-assets", "--root", "Published");
  const get = async (file, query) =>
    reply(await fetch(new URL(`/is/image/Published/${parse(file).name}?${query}`, process.env.AZULEJO_URL)));
  // Both are asked for before, so that what was is remembered.
  assert.equal((await get(fresh, `$${macro}$`)).status, 403);
  assert.equal((await get(gone, "wid=70")).status, 200);

  azulejo("publish", folder, "--name", "edge-test");
  azulejo("unpublish-assets", parse(gone).name, "--root", "Published");
  const published = Date.now();
  for (;;) {
    const [drawn, missing] = [await get(fresh, `$${macro}$`), await get(gone, "wid=70")];
    if (drawn.status === 200 && missing.status === 403) {
      assert.equal(drawn.bytes.readUInt32BE(16), 77, "the width in the PNG header");
      return;
    }
    const seconds = (Date.now() - published) / 1000;
    assert.ok(seconds < 62, `after ${seconds} s: ${drawn.status} ${drawn.bytes}, ${missing.status}`);
    await setTimeout(1000);
  }
});
