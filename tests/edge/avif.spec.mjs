// AVIF in workerd: the encoder is a module that is loaded when a reply first needs it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ingested, observed, reply, samples, startWorker, workerOnly } from "./edge.mjs";

let worker, folder;
before(async () => {
  worker = await startWorker(observed);
  const [[, photo]] = ingested(samples[0]);
  await worker.bucket.put("assets/Test/photo.tif", photo);
  folder = mkdtempSync(join(tmpdir(), "azulejo-avif-"));
  mkdirSync(join(folder, "assets/Test"), { recursive: true });
  writeFileSync(join(folder, "assets/Test/photo.tif"), photo);
});
after(() => {
  worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (query, headers = {}) => reply(await worker.get(`/is/image/Test/photo?${query}`, { headers }));
const memory = async () => (await worker.get("/memory")).json();

/** The reply of the command line, whose encoder is compiled for this machine. */
function native(query) {
  return execFileSync(process.env.AZULEJO_BIN, ["render", `Test/photo?${query}`, "--from", `dir:${folder}`], {
    maxBuffer: 1 << 26,
  });
}

test("the_module_takes_no_memory_until_it_is_needed", workerOnly, async () => {
  assert.equal((await get("wid=300")).status, 200);
  const before = await memory();
  assert.equal((await get("wid=300&fmt=avif")).status, 200);
  assert.ok((await memory()) > before + 3_000_000, "the module has a memory of its own");
});

test("the_file_is_that_of_the_command_line_byte_for_byte", async () => {
  for (const query of [
    "wid=400&fmt=avif",
    "wid=333&hei=211&fit=stretch&fmt=avif&qlt=95,1",
    "wid=200&fmt=avif,gray&qlt=30",
    "wid=640&hei=640&fmt=avif-alpha&qlt=60",
    "wid=1000&fmt=avif&qlt=50&op_usm=1,1",
    "wid=1&hei=1&fit=stretch&fmt=avif",
  ]) {
    const { status, header, bytes } = await get(query);
    assert.equal(status, 200, `${query}: ${bytes}`);
    assert.equal(header("content-type"), "image/avif");
    assert.equal(bytes.toString("latin1", 4, 12), "ftypavif");
    assert.ok(bytes.equals(native(query)), `${query}: other bytes`);
  }
});

test("a_browser_that_accepts_avif_gets_it_by_smart_imaging", async () => {
  const avif = await get("wid=500&bfc=on", { accept: "image/avif,*/*" });
  const jpeg = await get("wid=500&bfc=on");
  assert.equal(avif.header("content-type"), "image/avif");
  // A JPEG that is compared with another format has the same pixels as that, the other one planes of its own.
  const saved = Number(avif.header("x-adobe-smart-imaging"));
  assert.ok(Math.abs(saved - (jpeg.bytes.length - avif.bytes.length)) <= jpeg.bytes.length / 100, `${saved} bytes`);
});

test("a_picture_above_the_limit_is_refused", async () => {
  const { status, bytes } = await get("wid=1500&hei=1500&fit=stretch&fmt=avif");
  assert.equal(status, 403);
  assert.match(bytes.toString(), /fmt=avif: 1500 × 1500 are 2250000 pixels, and the limit of AVIF is 2097152/);
});

test("many_pictures_at_once_are_encoded", async () => {
  const widths = [300, 310, 320, 330, 340, 350, 360, 370];
  const replies = await Promise.all(widths.map((wid) => get(`wid=${wid}&fmt=avif`)));
  for (const { status, bytes } of replies) assert.equal(status, 200, String(bytes));
});
