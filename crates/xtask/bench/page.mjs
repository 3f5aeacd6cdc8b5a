// How soon the Studio can be used, and how soon a change is drawn: opens the page cold in Chromium and prints one JSON
// line. Medians of RUNS cold loads and of CHANGES moves of a slider, in milliseconds; bytes as sent, gzipped.
// `CHROME_BIN=… node crates/xtask/bench/page.mjs URL [RUNS=5] [CHANGES=20]`
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const [url, runs = "5", changes = "20"] = process.argv.slice(2);
if (!url) throw new Error("Usage: node crates/xtask/bench/page.mjs URL [RUNS] [CHANGES]");
const ROUTE = "#modify?id=Samples%2Fpier&modifiers=wid%3D800%26op_usm%3D1%2C1%2C6%2C0";

const browser = await chromium.launch({ executablePath: process.env.CHROME_BIN, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
const round = (value) => Math.round(value * 1000) / 1000;

/** Notes in the page what its observers see, and when the first picture is there. */
function observe() {
  window.seen = { paints: [], largest: 0, shift: 0, blocked: 0 };
  const on = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  on("largest-contentful-paint", ({ startTime }) => (window.seen.largest = startTime));
  on("layout-shift", ({ value, hadRecentInput }) => (window.seen.shift += hadRecentInput ? 0 : value));
  on("longtask", ({ duration }) => (window.seen.blocked += Math.max(0, duration - 50)));
}

const isDrawn = () => {
  const picture = document.getElementById("picture");
  return picture?.src && !picture.hidden && document.querySelector("#stage[aria-busy=false]") && document.querySelector(".control") && performance.now();
};

async function load() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  const replies = [];
  page.on("response", (reply) => replies.push(reply));
  await page.addInitScript(observe);
  await page.goto(new URL(ROUTE, url).href);
  const interactive = await (await page.waitForFunction(isDrawn, undefined, { polling: "raf", timeout: 60_000 })).jsonValue();
  await page.waitForLoadState("networkidle");
  const seen = await page.evaluate(() => ({ ...window.seen, first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime }));
  const bytes = {};
  for (const reply of replies) {
    const body = await reply.body().catch(() => Buffer.alloc(0));
    const type = (reply.headers()["content-type"] ?? "").split(";")[0];
    const kind = /wasm/.test(type) ? "wasm" : /javascript/.test(type) ? "script" : /css/.test(type) ? "style" : /html/.test(type) ? "document" : "data";
    // Pyramids are compressed already; what is text is sent gzipped.
    bytes[kind] = (bytes[kind] ?? 0) + (kind === "data" ? body.length : gzipSync(body).length);
  }
  return { context, page, figures: { first: seen.first, largest: seen.largest, interactive, blocked: seen.blocked, shift: seen.shift }, bytes };
}

/** From the input of a slider until the picture is another one. */
const change = (value) => new Promise((resolve) => {
  const slider = document.querySelector('.control[data-name="op_usm"] input[type="range"]');
  const picture = document.getElementById("picture");
  const began = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    picture.decode().then(() => requestAnimationFrame(() => resolve(performance.now() - began)));
  }).observe(picture, { attributes: true, attributeFilter: ["src"] });
  slider.value = String(value);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
});

const loads = [];
for (let run = 0; run < Number(runs); run += 1) {
  loads.push(await load());
  if (run < Number(runs) - 1) await loads.at(-1).context.close();
}
const { page, bytes } = loads.at(-1);
const redraws = [];
for (let at = 0; at < Number(changes); at += 1) redraws.push(await page.evaluate(change, 0.5 + at * 0.1));
await browser.close();
const figures = Object.fromEntries(Object.keys(loads[0].figures).map((name) => [name, round(median(loads.map(({ figures }) => figures[name])))]));
console.log(JSON.stringify({ runs: loads.length, firstContentfulPaint: figures.first, largestContentfulPaint: figures.largest, interactive: figures.interactive, totalBlockingTime: figures.blocked, cumulativeLayoutShift: figures.shift, bytes, redraw: { changes: redraws.length, median: round(median(redraws)), most: round(Math.max(...redraws)) } }));
