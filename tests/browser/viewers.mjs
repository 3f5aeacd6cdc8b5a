// A server whose bucket has what viewers show, and pages with viewers in Chromium.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { ingested, root, startWorker, withPage } from "../edge/edge.mjs";

/** How many views the spin has. */
export const VIEWS = 12;
/** Rows of the two-dimensional spin. */
export const ROWS = 3;

const json = (value) => JSON.stringify(value);

/** A disc with a mark that is turned, on a colour of its own: each view can be told from the others. */
const view = (at, row = 0) => `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600">
  <rect width="600" height="600" fill="hsl(${(360 * at) / VIEWS} 60% ${40 + 15 * row}%)"/>
  <g transform="rotate(${(360 * at) / VIEWS} 300 300)"><circle cx="300" cy="300" r="220" fill="#fff"/><circle cx="300" cy="140" r="40" fill="#222"/></g></svg>`;

/** A world whose parts are known by their colours: ahead red, right green, behind blue, left yellow; top white. */
const world = `<svg xmlns="http://www.w3.org/2000/svg" width="2048" height="1024">
  <rect width="2048" height="1024" fill="#0000c0"/><rect x="256" width="512" height="1024" fill="#c0c000"/>
  <rect x="768" width="512" height="1024" fill="#c00000"/><rect x="1280" width="512" height="1024" fill="#00a000"/>
  <rect width="2048" height="200" fill="#ffffff"/></svg>`;

const MAP =
  '<area shape="rect" coords="547,364,1641,1458" href="/shoe?id=1" alt="Left shoe"><area shape="circle" coords="3800,1800,400" alt="Bag" data-sku="B-7"><area shape="poly" coords="2400,2400,3000,2400,2700,3200" href="javascript:alert(1)" alt="Script">';

/** Starts the server, and fills its bucket. */
export async function startShop() {
  const worker = await startWorker(withPage);
  const folder = mkdtempSync(join(tmpdir(), "azulejo-viewers-"));
  try {
    const files = ["samples/pier.jpg", "samples/tulips.png", "samples/dunes.jpg"].map((file) => join(root, file));
    const drawn = [["world", world]];
    for (let row = 0; row < ROWS; row += 1) for (let at = 0; at < VIEWS; at += 1) drawn.push([`view-${row}-${at}`, view(at, row)]);
    for (const [name, svg] of drawn) {
      const file = join(folder, `${name}.png`);
      writeFileSync(file, await sharp(Buffer.from(svg)).png().toBuffer());
      files.push(file);
    }
    for (const [key, bytes] of ingested(...files)) await worker.bucket.put(key, bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const views = (row) => Array.from({ length: VIEWS }, (_, at) => `view-${row}-${at}`).join(",");
  const records = {
    spin: { imageSet: views(0), assetType: "SpinSet" },
    sphere: { imageSet: Array.from({ length: ROWS }, (_, row) => `{${views(row)}}`).join(","), assetType: "SpinSet" },
    album: { imageSet: "pier,tulips;view-0-3,dunes;{0xcc2200 Red}" },
    media: { imageSet: `pier;;img,{${views(0)}};view-0-0;spin,film.mp4;tulips;video`, assetType: "MediaSet" },
    banner: { path: "pier.tif", map: MAP },
    cropped: {
      path: "pier.tif",
      crops: { Wide: { rect: [0, 0.3, 1, 0.4], width: 800, height: 213 }, Tall: { rect: [0.3, 0, 0.3, 1], width: 300, height: 666 } },
    },
    preset: { userData: { "ZoomView.zoomstep": "2,2", zoomStep: "3" } },
  };
  for (const [name, record] of Object.entries(records)) await worker.bucket.put(`records/Samples/${name}.json`, json(record));
  await worker.bucket.put("catalogs/default.json", json({ format: 1, attributes: { Expiration: "1" } }));
  const vtt = (...cues) => `WEBVTT\n\n${cues.join("\n\n")}\n`;
  await worker.bucket.put("content/Samples/film.vtt", vtt("00:00.000 --> 00:05.000\nA square turns."));
  await worker.bucket.put("content/Samples/chapters.vtt", vtt("00:00.000 --> 00:00.500\nBeginning", "00:00.500 --> 00:02.000\nEnd"));
  return { ...worker, url: new URL(worker.url) };
}

/** A short video, recorded by the browser from a canvas. */
export async function record(browser, origin) {
  const page = await browser.newPage();
  await page.goto(new URL("/health", origin).href);
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
    const context = canvas.getContext("2d");
    const type = ["video/mp4", "video/webm"].find((one) => MediaRecorder.isTypeSupported(one));
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: type });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const ended = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    for (let frame = 0; frame < 30; frame += 1) {
      context.fillStyle = `hsl(${frame * 12} 70% 50%)`;
      context.fillRect(0, 0, 160, 90);
      await new Promise((next) => setTimeout(next, 40));
    }
    recorder.stop();
    await ended;
    return { type, bytes: Array.from(new Uint8Array(await new Blob(parts).arrayBuffer())) };
  });
  await page.close();
  return { type: bytes.type, bytes: Buffer.from(bytes.bytes) };
}

/** A telephone. */
export const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** One finger that goes from a point to another. */
export async function swipe(page, from, to) {
  const client = await page.context().newCDPSession(page);
  await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ ...from, id: 1 }] });
  for (let step = 1; step <= 8; step += 1) {
    const [x, y] = ["x", "y"].map((axis) => from[axis] + ((to[axis] - from[axis]) * step) / 8);
    await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x, y, id: 1 }] });
    await page.waitForTimeout(16);
  }
  await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** Waits until a viewer has shown its asset. */
export async function whenReady(page, tag) {
  await page.locator(tag).waitFor({ state: "attached" });
  await page.waitForFunction((tag) => {
    const viewer = document.querySelector(tag);
    const stage = viewer?.shadowRoot?.querySelector(".stage");
    return stage && !stage.classList.contains("busy") && viewer.shadowRoot.querySelector(".status").textContent !== "Loading";
  }, tag);
  return page.locator(tag);
}
