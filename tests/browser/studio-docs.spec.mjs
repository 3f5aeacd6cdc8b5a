// Docs: the search, the page of each command, and its example, drawn by the engine of the page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { find, values } from "../../www/studio/docs/find.js";
import { explained, meaning } from "../../www/studio/docs/meanings.js";
import { launch, open, tooWide, violations } from "./chromium.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

const show = (t, options = {}) => open(t, browser, { route: "docs", ...options });
const search = (page) => page.getByLabel("Search the documentation");
const results = (page) => page.locator(".docs .list a").evaluateAll((all) => all.map(({ dataset }) => dataset.name));
const facts = async (page, pattern) => {
  const line = page.locator("#docs-facts").filter({ hasText: pattern });
  await line.waitFor();
  return line.innerText();
};

test("find__names_come_before_titles_and_titles_before_help", () => {
  const command = (name, title, help, list = []) => ({ name, title, help, arguments: list });
  const all = [
    command("op_sharpen", "Sharpen", "Sharpens the picture."),
    command("resMode", "Resampling", "How pixels are computed; one is sharper.", [{ name: "mode", choices: ["sharp2"] }]),
    command("wid", "Width", "In pixels."),
  ];
  const names = (text) => find(all, text).map(({ name }) => name);
  assert.deepEqual(names("wid"), ["wid"]);
  assert.deepEqual(names("WIDTH"), ["wid"]);
  assert.deepEqual(names("wid="), ["wid"]);
  assert.deepEqual(names("sharp"), ["op_sharpen", "resMode"]);
  assert.deepEqual(names("sharp2"), ["resMode"]);
  assert.deepEqual(names("sharper pixels"), ["resMode"]);
  assert.deepEqual(names("pixels width nothing"), []);
  assert.deepEqual(names("  "), []);
  assert.equal(values({ kind: "integer", min: -100, max: 100, unit: "px" }), "−100 to 100 px");
  assert.equal(values({ kind: "number", unit: "degrees" }), "any in degrees");
  assert.equal(values({ kind: "choice", choices: ["lr", "ud"] }), "lr, ud");
});

test("docs__list_every_command_and_give_each_a_page", async (t) => {
  const page = await show(t);
  await page.locator(".docs .list a").first().waitFor();
  const names = await results(page);
  assert.ok(names.length > 80, String(names.length));
  assert.equal(names[0] !== undefined && new Set(names).size, names.length);
  for (const name of names) {
    await page.evaluate((name) => (location.hash = `#docs/${name}`), name);
    await page.locator(".docs h2 code", { hasText: new RegExp(`^${name}=$`) }).waitFor();
    assert.ok((await page.locator(".docs .lead").innerText()).length > 10, name);
    assert.ok((await page.locator(".docs tbody tr").count()) > 0, name);
  }
});

test("docs__what_numbers_do_is_said_of_arguments_that_there_are", async (t) => {
  const page = await show(t);
  for (const [command, argument] of explained()) {
    await page.evaluate((name) => (location.hash = `#docs/${name}`), command);
    await page.locator(".docs h2 code", { hasText: new RegExp(`^${command}=$`) }).waitFor();
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: argument, exact: true }) });
    assert.match(await row.innerText(), new RegExp(meaning(command, argument).slice(0, 20)), `${command}: ${argument}`);
  }
});

test("docs__search_with_the_keyboard_opens_a_page", async (t) => {
  const page = await show(t);
  await page.locator(".docs .list a").first().waitFor();
  await search(page).fill("sharpen");
  await page.waitForFunction(() => document.querySelectorAll(".docs .list a").length < 20);
  const names = await results(page);
  assert.equal(names[0], "op_sharpen");
  assert.ok(names.includes("op_usm"), names.join(" "));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.name), names[1]);
  await page.keyboard.press("Enter");
  await page.locator(".docs h2 code", { hasText: `${names[1]}=` }).waitFor();
  assert.match(page.url(), new RegExp(`#docs/${names[1]}`));
  await page.keyboard.press("Escape");
  await search(page).fill("op_blur");
  await page.keyboard.press("Enter");
  await page.locator(".docs h2", { hasText: "Blur" }).waitFor();
  await search(page).fill("nothing is called that");
  await page.getByText("No command is like this").waitFor();
  await search(page).press("Escape");
  assert.equal(await search(page).inputValue(), "");
  assert.ok((await results(page)).length > 80);
  await page.goBack();
  await page.locator(".docs h2 code", { hasText: `${names[1]}=` }).waitFor();
});

test("docs__a_deep_link_shows_arguments_support_and_the_reference", async (t) => {
  const page = await show(t, { route: "docs/op_usm" });
  await page.getByRole("heading", { name: "Unsharp mask op_usm=" }).waitFor();
  const rows = await page.locator(".docs tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(rows, [
    ["amount", meaning("op_usm", "amount"), "number", "0 to 5", "needed"],
    ["radius", meaning("op_usm", "radius"), "number", "0 to 250 px", "optional"],
    ["threshold", meaning("op_usm", "threshold"), "integer", "0 to 255", "optional"],
    ["monochrome", meaning("op_usm", "monochrome"), "switch", "0, 1", "optional"],
  ]);
  assert.match(await page.getByRole("link", { name: "r-op-usm" }).getAttribute("href"), /^https:\/\/experienceleague\.adobe\.com\/.+\/r-op-usm$/);
  assert.equal(await page.locator(".docs .list [aria-current]").getAttribute("data-name"), "op_usm");
  await page.evaluate(() => (location.hash = "#docs/fmt"));
  await page.getByText("in part", { exact: true }).waitFor();
  await page.locator(".docs dd", { hasText: /^jpeg, pjpeg, png, .+ where the format has it$/ }).waitFor();
  await page.evaluate(() => (location.hash = "#docs/handler"));
  await page.locator(".docs h2 code", { hasText: "handler=" }).waitFor();
  assert.equal(await page.locator(".docs .example").count(), 0);
  await page.evaluate(() => (location.hash = "#docs/nonesuch"));
  await page.getByText("There is no command nonesuch=").waitFor();
});

test("docs__an_example_is_edited_drawn_and_opened", async (t) => {
  const page = await show(t, { route: "docs/wid" });
  assert.match(await facts(page, /pixels/), /^400 × 267 pixels/);
  const field = page.locator("#docs-modifiers");
  await field.fill("wid=210&fmt=png");
  assert.match(await facts(page, /^210 × /), /image\/png/);
  const width = () => page.locator(".docs .shown img").evaluate(({ naturalWidth }) => naturalWidth);
  assert.equal(await width(), 210);
  // What is wrong is said, and the last picture stays.
  await field.fill("wid=wide");
  await page.locator(".docs .problem", { hasText: "wid=wide: expected a number" }).waitFor();
  assert.equal(await width(), 210);
  await page.getByRole("button", { name: "Reset" }).click();
  await facts(page, /^400 × 267/);
  assert.ok(await page.locator(".docs .problem").isHidden());
  await field.fill("wid=123");
  await facts(page, /^123 × /);
  await page.getByRole("button", { name: "Open in Modify" }).click();
  await page.waitForFunction(() => document.getElementById("url").value.endsWith("/is/image/Samples/pier?wid=123"));
});

test("docs__every_example_can_be_drawn", async (t) => {
  const page = await show(t);
  await page.locator(".docs .list a").first().waitFor();
  for (const name of await results(page)) {
    await page.evaluate((name) => (location.hash = `#docs/${name}`), name);
    await page.locator(".docs h2 code", { hasText: new RegExp(`^${name}=$`) }).waitFor();
    if ((await page.locator(".docs .example").count()) === 0) continue;
    await page.locator("#docs-facts", { hasText: "pixels" }).or(page.locator(".docs .problem:not([hidden])")).waitFor();
    assert.ok(await page.locator(".docs .problem").isHidden(), `${name}: ${await page.locator(".docs .problem").innerText()}`);
  }
});

for (const [width, colorScheme, route] of [
  [360, "light", "docs"],
  [360, "dark", "docs/op_usm"],
  [768, "dark", "docs/fmt"],
  [1280, "light", "docs"],
  [1920, "dark", "docs/textFlowPath"],
]) {
  test(`docs__${route.replace("/", "_")}_is_whole_at_${width}_pixels_in_the_${colorScheme}`, async (t) => {
    const page = await show(t, { route, viewport: { width, height: 900 }, colorScheme });
    await page.locator(".docs .list a").first().waitFor({ state: "attached" });
    if (route.includes("/")) await facts(page, /pixels/);
    assert.deepEqual(await tooWide(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.deepEqual(await violations(page), []);
    if (width === 360 && route !== "docs") {
      assert.ok(await page.locator(".docs .list").isHidden());
      await page.getByRole("link", { name: "All commands" }).click();
      await page.locator(".docs .list a", { hasText: "Width" }).click();
      await page.locator(".docs h2", { hasText: "Width" }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.localName), "h2");
    }
  });
}
