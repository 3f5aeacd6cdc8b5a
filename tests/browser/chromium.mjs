// Chromium on the page that the Worker serves.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launch = (...flags) => chromium.launch({ executablePath: process.env.CHROME_BIN, args: [...FLAGS, ...flags] });

/** What makes a browser draw glyphs by their outlines, in grey, as the engine does. */
export const OUTLINES = ["--font-render-hinting=none", "--disable-lcd-text"];

/**
 * Opens a URL in a window of its own. When the test ends, nothing may have been said in the console but what
 * `expected` matches, and nothing asked of another server.
 */
export async function openAt(t, browser, url, { expected = /^$/, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...options });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== url.origin) said.push(request.url());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(said.filter((line) => !expected.test(line)), []);
  });
  await page.goto(url.href);
  return page;
}

/** Opens the Studio of the Worker with a picture and modifiers. */
export function open(t, browser, { id = "Samples/pier", modifiers = "wid=300", route = "modify", ...options } = {}) {
  const url = new URL(`/#${route}?${new URLSearchParams({ id, modifiers })}`, process.env.AZULEJO_URL);
  return openAt(t, browser, url, { viewport: { width: 1280, height: 800 }, ...options });
}

/** What axe finds wrong with a page, as text. */
export async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`));
}

/** The elements of a page that reach beyond its right edge. */
export function tooWide(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && getComputedStyle(element).position !== "absolute")
      .map((element) => `${element.localName}#${element.id}.${element.className}`),
  );
}

/** Waits for a fact about the picture, such as "Size", and gives its text once it fits. */
export async function fact(page, name, pattern = /./) {
  const value = page.locator("#facts > div, #fact-details > div").filter({ has: page.locator(`dt:text-is("${name}")`) }).locator("dd");
  await value.filter({ hasText: pattern }).waitFor();
  return value.innerText();
}

/** Drops a file of the repository onto the page. */
export async function drop(page, path, type) {
  const bytes = readFileSync(join(root, path)).toString("base64");
  const name = path.split("/").at(-1);
  const transfer = await page.evaluateHandle(
    ([bytes, name, type]) => {
      const decoded = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([decoded], name, { type }));
      return transfer;
    },
    [bytes, name, type],
  );
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}
