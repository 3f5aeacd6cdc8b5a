// The page's tools in Chromium: a module of the server's origin imports /studio/tools.js, under the
// policy that the server gives its page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { cap } from "../wasm/capped.mjs";
import { launch, root } from "./chromium.mjs";

const origin = new URL(process.env.AZULEJO_URL).origin;

let browser, folder;

before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "azulejo-tools-"));
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/**
 * A page with the headers of the server's own page. Nothing but what is `expected` may be said in the
 * console, and nothing asked of another server; `requests` has the paths that were.
 */
async function open(t, expected) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const said = [];
  const requests = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  context.on("request", (request) => {
    const { origin: other, pathname } = new URL(request.url());
    requests.push(other === origin ? pathname : request.url());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(said.filter((text) => !expected?.test(text)), []);
    assert.deepEqual(requests.filter((path) => !path.startsWith("/")), []);
  });
  const { headers } = await fetch(origin);
  const policy = headers.get("content-security-policy");
  assert.match(policy, /script-src 'self'/);
  await page.route("**/tools-test.html", (route) =>
    route.fulfill({ contentType: "text/html", headers: { "content-security-policy": policy }, body: "<!doctype html><title>tools</title><input type=file>" }),
  );
  await page.goto(`${origin}/tools-test.html`);
  await page.evaluate(async () => {
    const { Tools, LARGEST } = await import("/studio/tools.js");
    window.LARGEST = LARGEST;
    window.tools = new Tools();
    window.file = (base64, name) => new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name);
    window.message = (promise) => promise.then(() => "no error", (error) => `${error.name}: ${error.message}`);
    /** A PNG that takes seconds. */
    window.large = async () => {
      const canvas = new OffscreenCanvas(5000, 5000);
      const context = canvas.getContext("2d");
      for (let at = 0; at < 5000; at += 10) {
        context.fillStyle = `hsl(${at % 360} 80% ${at % 100}%)`;
        context.fillRect(at, (at * 7) % 4000, 900, 700);
      }
      return new File([await canvas.convertToBlob()], "large.png");
    };
  });
  return { page, requests };
}

const base64 = (path) => readFileSync(join(root, path)).toString("base64");

/** What `azulejo ingest` stores of a file. */
function ingested(path) {
  const store = mkdtempSync(join(folder, "store-"));
  execFileSync(process.env.AZULEJO_BIN, ["ingest", join(root, path), "--to", `dir:${store}`, "--root", "T"], { stdio: "pipe" });
  const assets = join(store, "assets/T");
  return readFileSync(join(assets, readdirSync(assets)[0]));
}

test("JPEG XL, JPEG 2000 and Photoshop files become the pyramids that ingest stores", async (t) => {
  const { page } = await open(t);
  for (const path of ["rgba.jxl", "rgb.jp2", "selection.psd"].map((name) => `crates/originals/fixtures/${name}`)) {
    const [pyramid, told] = await page.evaluate(
      async ([bytes, name]) => {
        const told = [];
        const pyramid = await tools.pyramid(file(bytes, name), { onprogress: (done, stage) => told.push([done, stage]) });
        return [btoa(Array.from(pyramid, (byte) => String.fromCharCode(byte)).join("")), told];
      },
      [base64(path), basename(path)],
    );
    assert.ok(ingested(path).equals(Buffer.from(pyramid, "base64")), path);
    assert.deepEqual(told.at(-1), [1, "writing"]);
  }
});

test("the module is loaded with the first task, and once", async (t) => {
  const { page, requests } = await open(t);
  const loads = () => requests.filter((path) => path.startsWith("/tools/")).length;
  assert.equal(loads(), 0);
  const inspect = () => page.evaluate((bytes) => tools.inspect(file(bytes, "turned.jxl")), base64("crates/originals/fixtures/rotated.jxl"));
  const report = await inspect();
  assert.equal(report.name, "turned.jxl");
  assert.equal(report.format, "JPEG XL");
  await inspect();
  assert.deepEqual(requests.filter((path) => path.startsWith("/tools/")), ["/tools/browser_tools.js", "/tools/browser_tools_bg.wasm"]);
});

test("pictures are scored as the native program scores them", async (t) => {
  const { page } = await open(t);
  const lines = readFileSync(join(root, "tests/fixtures/scores.txt"), "utf8").trim().split("\n");
  const pair = lines.map((line) => line.split(" ")).find(([one, other]) => one.endsWith("/rgb.png") && other.endsWith("jp2.png"));
  const score = await page.evaluate(async (files) => {
    const rasters = files.map(async (bytes) => {
      const bitmap = await createImageBitmap(file(bytes, "picture.png"), { colorSpaceConversion: "none" });
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height);
    });
    return tools.ssimulacra2(...(await Promise.all(rasters)));
  }, pair.slice(0, 2).map(base64));
  assert.ok(Math.abs(score - Number(pair[2])) < 1e-9, `${score}, natively ${pair[2]}`);
  const errors = await page.evaluate(() =>
    Promise.all([
      message(tools.ssimulacra2(new ImageData(2, 2), new ImageData(2, 3))),
      message(tools.ssimulacra2(new ImageData(2, 2), new ImageData(2, 2, { colorSpace: "display-p3" }))),
    ]),
  );
  assert.match(errors[0], /RangeError: pictures of 2 × 2 and 2 × 3 pixels have no score/);
  assert.match(errors[1], /the score is of 8 bits in srgb/);
});

test("a task that is aborted ends, and the one that waits runs in a new worker", async (t) => {
  const { page } = await open(t);
  const workers = [];
  page.on("worker", (worker) => workers.push(new Promise((done) => worker.on("close", done))));
  const result = await page.evaluate(async (bytes) => {
    const abort = new AbortController();
    const picture = await large();
    let stages = 0;
    const running = message(tools.pyramid(picture, { signal: abort.signal, onprogress: () => (stages += 1) && abort.abort() }));
    const waiting = tools.inspect(file(bytes, "rgb.jxl"));
    const aborted = await running;
    const calls = stages;
    const { format } = await waiting;
    const late = await message(tools.pyramid(picture, { signal: abort.signal }));
    const reason = new AbortController();
    const queued = tools.pyramid(picture);
    const never = message(tools.inspect(file(bytes, "never.jxl"), { signal: reason.signal }));
    reason.abort(new Error("another file"));
    const other = await never;
    tools.close();
    return { aborted, calls, format, late, other, closed: await message(queued) };
  }, base64("crates/originals/fixtures/rgb.jxl"));
  assert.match(result.aborted, /^AbortError/);
  assert.equal(result.calls, 1);
  assert.equal(result.format, "JPEG XL");
  assert.match(result.late, /^AbortError/);
  assert.equal(result.other, "Error: another file");
  assert.match(result.closed, /^AbortError: the tools were closed/);
  // One was ended by the abort, the other by close().
  assert.equal(workers.length, 2);
  await Promise.all(workers);
});

test("broken files are errors in words, and the next file is done", async (t) => {
  const { page } = await open(t);
  const [half, text, drawing, whole] = await page.evaluate(
    async ([jpeg, svg, jxl]) => [
      await message(tools.pyramid(file(jpeg, "half.jpg"))),
      await message(tools.inspect(new File(["no picture"], "notes.txt"))),
      await message(tools.pyramid(file(svg, "album.svg"))),
      (await tools.pyramid(file(jxl, "rgb.jxl"))).length,
    ],
    [base64("tests/fixtures/jpeg/half-missing.jpg"), base64("tests/fixtures/album.svg"), base64("crates/originals/fixtures/rgb.jxl")],
  );
  assert.match(half, /^Error: half\.jpg, JPEG: the JPEG is damaged: .*azulejo ingest --allow-damaged/);
  assert.match(text, /^Error: notes\.txt: not a file of an accepted format/);
  assert.match(drawing, /^Error: album\.svg, SVG: .*azulejo ingest/);
  assert.ok(whole > 1000);
});

test("a file over the bound is refused by its size, without a worker", async (t) => {
  const { page, requests } = await open(t);
  const refused = await page.evaluate(() =>
    Promise.all(["pyramid", "inspect"].map((task) => message(tools[task]({ name: "hall.psb", size: LARGEST + 1e8 })))),
  );
  for (const error of refused) {
    assert.equal(error, "RangeError: hall.psb (2.1 GB): this page reads files of up to 2.0 GB; store it with azulejo ingest");
  }
  assert.ok(!requests.includes("/studio/tools-worker.js"));
});

test("memory that runs out is told with size, bound and way, and a new worker goes on", async (t) => {
  const { page } = await open(t);
  // The first module has little memory, as on a small phone. It traps where it would grow.
  const module = readFileSync(join(root, "www/tools/browser_tools_bg.wasm"));
  await page.context().route("**/browser_tools_bg.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: cap(module, 16) }), { times: 1 });
  const [error, next] = await page.evaluate(
    async ([large, small]) => [await message(tools.pyramid(file(large, "photo.jpg"))), (await tools.pyramid(file(small, "rgb.jxl"))).length],
    [base64("samples/pier.jpg"), base64("crates/originals/fixtures/rgb.jxl")],
  );
  assert.match(error, /^Error: photo\.jpg \([\d.]+ [KM]B\): the memory of the page was not enough; .* 2\.0 GB .* 1 GiB of memory: store it with azulejo ingest$/);
  assert.ok(next > 1000);
});

test("a file that has changed since it was chosen cannot be read", async (t) => {
  const { page } = await open(t);
  const path = join(folder, "changes.png");
  writeFileSync(path, readFileSync(join(root, "crates/originals/fixtures/rgb.png")));
  await page.locator("input").setInputFiles(path);
  writeFileSync(path, "another content");
  const error = await page.evaluate(() => message(tools.pyramid(document.querySelector("input").files[0])));
  assert.match(error, /^Error: changes\.png \(\d+ KB\): the browser cannot read the file \(.+\)\. It reads files of up to 2\.0 GB .*azulejo ingest$/);
});

test("tools that the server does not have any more are told, and tried again", async (t) => {
  const { page } = await open(t, /^error: Failed to load resource/);
  await page.context().route("**/tools/browser_tools.js", (route) => route.abort(), { times: 1 });
  const inspect = (bytes) => page.evaluate((bytes) => message(tools.inspect(file(bytes, "rgb.jxl"))), bytes);
  const gone = await inspect(base64("crates/originals/fixtures/rgb.jxl"));
  assert.match(gone, /^Error: the tools of this page could not be loaded \(.+\): see whether the server still runs/);
  assert.equal(await inspect(base64("crates/originals/fixtures/rgb.jxl")), "no error");
});
