// Chromium on the page that the Worker serves.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../..", import.meta.url));

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

export const launch = () => chromium.launch({ executablePath: process.env.CHROME_BIN, args: FLAGS });

/**
 * Opens the preview page with a picture and modifiers, in a window of its own. When the test
 * ends, nothing may have been said in the console, and nothing asked of another server.
 */
export async function open(t, browser, { id = "Samples/pier", modifiers = "wid=300", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    const inside = protocol === "blob:" || protocol === "data:";
    if (!inside && origin !== new URL(process.env.AZULEJO_URL).origin) said.push(request.url());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(said, []);
  });
  const state = new URLSearchParams({ id, modifiers });
  await page.goto(new URL(`/#${state}`, process.env.AZULEJO_URL).href);
  return page;
}

/** Waits for a fact under the picture, such as "Size", and gives its text once it fits. */
export async function fact(page, name, pattern = /./) {
  const value = page.locator("#facts > div").filter({ has: page.locator(`dt:text-is("${name}")`) }).locator("dd");
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
