// Presets that are saved on a server that takes edits: `azulejo serve --edit`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { ingested, root } from "../edge/edge.mjs";
import { serve } from "../edge/native.mjs";
import { fact, launch, openAt } from "./chromium.mjs";

/** What a browser says of replies that are expected: a token, a sample that is not stored, no file, a conflict, a refusal. */
const EXPECTED = /Failed to load resource: .*(status of (401|403|404|412|422)|ERR_)/;
const MACROS = "# Ours, in our order.\ncard\twid=111&fit=constrain&fmt=png\n\n# The last.\nlast\twid=33&fit=constrain&fmt=png\n";

let browser;
let store;

before(async () => {
  store = mkdtempSync(join(tmpdir(), "azulejo-edited-"));
  for (const [key, bytes] of ingested(join(root, "samples/tulips.png"))) {
    mkdirSync(dirname(join(store, key)), { recursive: true });
    writeFileSync(join(store, key), bytes);
  }
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (store) rmSync(store, { recursive: true });
});

/** A server with a catalog folder of its own, which the test may change. */
async function start(t, { token = "*", port = 0, folder = mkdtempSync(join(tmpdir(), "azulejo-catalogs-")) } = {}) {
  if (port === 0) {
    writeFileSync(join(folder, "samples.ini"), "RootId=Samples\nMacroFile=macros.txt\n");
    writeFileSync(join(folder, "macros.txt"), MACROS);
    execFileSync(process.env.AZULEJO_BIN, ["publish", folder, "--to", `dir:${store}`], { stdio: "pipe" });
  }
  const words = ["--edit", folder, "--port", String(port)];
  const { url, stop } = await serve(store, words, { PREVIEW_SOURCES: "Samples", PREVIEW_TOKEN: token });
  t.after(stop);
  return { url, folder, stop, macros: join(folder, "macros.txt") };
}

async function open(t, { url }) {
  const page = await openAt(t, browser, new URL("/#presets/Samples/card?id=Samples/tulips&modifiers=wid=200", url), { viewport: { width: 1280, height: 900 }, expected: EXPECTED });
  await page.waitForFunction(() => document.getElementById("preset-name")?.value === "card");
  // Two of its own, and those of the default catalog.
  await page.getByText("11 presets", { exact: true }).waitFor();
  return page;
}

const width = (page) => page.getByLabel("Width (px)");
const save = (page) => page.getByRole("button", { name: "Save", exact: true });

async function widthOf(url, request) {
  const reply = await fetch(new URL(`/is/image/Samples/tulips?${request}`, url));
  assert.equal(reply.status, 200);
  // The header of a PNG has its width.
  return Buffer.from(await reply.arrayBuffer()).readUInt32BE(16);
}

test("save__has_effect_at_once_and_keeps_comments_and_order", async (t) => {
  const server = await start(t);
  const page = await open(t, server);
  await page.getByText("All changes are saved.").waitFor();
  await width(page).fill("140");
  await save(page).click();
  await page.getByText("Saved. The presets of Samples").waitFor();
  await page.getByText("All changes are saved.").waitFor();
  assert.equal(readFileSync(server.macros, "utf8"), MACROS.replace("wid=111&fit=constrain&fmt=png", "wid=140&fmt=png&fit=constrain"));
  assert.equal(await widthOf(server.url, "$card$"), 140);
  await page.getByRole("button", { name: "Open in Modify" }).click();
  assert.match(await page.inputValue("#url"), /\?\$card\$$/);
  await fact(page, "Size", /^140 × /);
  await page.goBack();
  await page.reload();
  await page.waitForFunction(() => document.querySelector(".preset-desk .preset-row")?.innerText.includes("140 wide"));
});

test("save__of_what_someone_else_has_changed_shows_both_versions_to_choose_from", async (t) => {
  const server = await start(t);
  const page = await open(t, server);
  await width(page).fill("150");
  writeFileSync(server.macros, `${MACROS.replace("wid=111", "wid=160").replace("# Ours", "# Theirs")}new\twid=5&fit=constrain\n`);
  await save(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("$card$, changed by both").waitFor();
  assert.ok(await dialog.getByRole("group", { name: "$new$" }).getByLabel("The server’s").isChecked());
  await dialog.getByRole("button", { name: "Not now" }).click();
  await page.getByText("Not saved: 1 preset of Samples").waitFor();
  await page.keyboard.press("Control+s");
  await dialog.getByRole("button", { name: "Save this choice" }).click();
  await page.getByText("Saved. The presets of Samples").waitFor();
  const text = readFileSync(server.macros, "utf8");
  assert.match(text, /^# Theirs, in our order\.\ncard\twid=150/);
  assert.match(text, /\nnew\twid=5&fit=constrain\n$/);
});

test("save__of_a_whole_file_keeps_its_order_and_comments_if_that_is_chosen", async (t) => {
  const server = await start(t);
  const page = await open(t, server);
  const mine = "# Mine\nlast\twid=33&fit=constrain&fmt=png\ncard\twid=111&fit=constrain&fmt=png\n";
  await page.locator("input[type=file][accept*=txt]").setInputFiles({ name: "mine.txt", mimeType: "text/plain", buffer: Buffer.from(mine) });
  await page.getByText("2 presets: 0 new, 0 with other modifiers, 2 the same.").waitFor();
  await page.getByRole("button", { name: "Replace the catalog’s file" }).click();
  writeFileSync(server.macros, MACROS.replace("# Ours", "# Theirs"));
  await save(page).click();
  await page.getByText("only comments or the order differ").waitFor();
  await page.getByRole("button", { name: "Save all of mine" }).click();
  await page.getByText("Saved. The presets of Samples").waitFor();
  assert.equal(readFileSync(server.macros, "utf8"), mine);
});

test("save__of_a_faulty_preset_is_refused_with_its_line_and_nothing_is_lost", async (t) => {
  const server = await start(t);
  const page = await open(t, server);
  await page.locator("#preset-line").fill("wid=wide");
  await save(page).click();
  await page.getByText(/Not saved\. Line 2: .*wid/).waitFor();
  assert.equal(readFileSync(server.macros, "utf8"), MACROS);
  assert.equal(await page.locator("#preset-line").inputValue(), "wid=wide");
  await page.getByText("Not saved: 1 preset of Samples").waitFor();
});

test("save__waits_for_a_server_that_is_away", async (t) => {
  const server = await start(t);
  const page = await open(t, server);
  await server.stop();
  await width(page).fill("170");
  await save(page).click();
  await page.getByText("Not saved. The server cannot be reached.").waitFor();
  assert.equal(await width(page).inputValue(), "170");
  await start(t, { folder: server.folder, port: Number(server.url.port) });
  await save(page).click();
  await page.getByText("Saved. The presets of Samples").waitFor();
  assert.match(readFileSync(server.macros, "utf8"), /card\twid=170/);
});

test("save__asks_for_the_token_when_it_is_wanted_and_not_before", async (t) => {
  const server = await start(t, { token: "a-long-secret-of-this-test" });
  const page = await open(t, server);
  assert.equal(await page.getByRole("dialog").count(), 0);
  await width(page).fill("180");
  await save(page).click();
  await page.getByLabel("Token", { exact: true }).fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("does not take this token").waitFor();
  await page.getByLabel("Token", { exact: true }).fill("a-long-secret-of-this-test");
  await page.keyboard.press("Enter");
  await page.getByText("Saved. The presets of Samples").waitFor();
  assert.equal(readFileSync(server.macros, "utf8"), MACROS.replace("wid=111&fit=constrain&fmt=png", "wid=180&fmt=png&fit=constrain"), "comments that the page had not read before are kept");
});
