// Browse: how somebody finds an asset and learns about it.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { drop, launch, openAt, root, tooWide, violations } from "./chromium.mjs";
import { partOf, refusals, startStudio } from "./studio.mjs";
import { phone } from "./viewers.mjs";

/** How many assets the long catalog has. */
const MANY = 500;

let browser;
let studio;
let closed;

before(async () => {
  [browser, studio, closed] = await Promise.all([
    launch(),
    startStudio({ vars: { PREVIEW_SOURCES: "Samples,Shop" } }),
    startStudio({ images: ["samples/pier.jpg"], edit: false, vars: { PREVIEW_TOKEN: "of the lists" } }),
  ]);
  const box = [0.1, 0.1, 0.8, 0.4];
  studio.write("pier", {
    crops: { Banner: { rect: box, width: 600, height: 200, found: box } },
    swatch: { color: "0xA56DB2", rect: [0.5, 0.5, 0.1, 0.1], width: 200, height: 200 },
    userData: { title: "Pier at dusk" },
  });
  studio.write("tulips", { imageSet: "pier,dunes", assetType: "ImageSet" });
  mkdirSync(join(studio.store, "assets/Shop/summer"), { recursive: true });
  for (let at = 0; at < MANY; at += 1) copyFileSync(join(root, "tests/fixtures/chart.tif"), join(studio.store, `assets/Shop/summer/shoe-${String(at).padStart(4, "0")}.tif`));
});

after(async () => {
  await browser?.close();
  await Promise.all([studio?.stop(), closed?.stop()]);
});

// Modify shows samples that this store lacks.
const browse = (t, options = {}, id) => openAt(t, browser, partOf(studio, "browse", id), { viewport: { width: 1280, height: 900 }, expected: refusals, ...options });
const names = (page) => page.locator(".tiles:not(.own) .id").allInnerTexts();
const tile = (page, name) => page.locator(".tiles:not(.own) .tile").filter({ has: page.getByText(name, { exact: true }) });

test("browse__shows_the_assets_of_the_catalog_with_pictures_and_opens_one_in_modify", async (t) => {
  const page = await browse(t);
  await tile(page, "dunes").locator("img[src]").waitFor();
  assert.deepEqual(await names(page), ["dunes", "pier", "tulips"]);
  await page.waitForFunction(() => [...document.querySelectorAll(".tile img")].every(({ naturalWidth }) => naturalWidth > 0));
  await tile(page, "dunes").locator(".opener").click();
  await page.locator(".view.modify").waitFor();
  assert.match(await page.inputValue("#url"), /\/is\/image\/Samples\/dunes\?wid=300$/);
});

test("browse__a_long_catalog_is_paged_by_keyboard_and_searched", async (t) => {
  const page = await browse(t, {}, "Shop/summer/shoe-0000");
  await tile(page, "summer/shoe-0000").waitFor();
  assert.equal((await names(page)).length, 60);
  assert.equal(await page.locator(".pager .where").innerText(), "1 – 60");
  const loaded = () => page.locator(".tile img[src]").count();
  assert.ok((await loaded()) < 60, "pictures out of view are not asked for");
  await page.locator(".tiles .opener").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  const row = await page.locator(".tiles:not(.own)").evaluate((grid) => getComputedStyle(grid).gridTemplateColumns.split(" ").length);
  const focused = () => page.evaluate(() => document.activeElement.title);
  assert.equal(await focused(), `summer/shoe-${String(row + 1).padStart(4, "0")}`);
  await page.keyboard.press("PageDown");
  await tile(page, "summer/shoe-0060").waitFor();
  await page.waitForFunction(() => document.activeElement.title === "summer/shoe-0060");
  await page.keyboard.press("PageUp");
  await tile(page, "summer/shoe-0000").waitFor();
  await page.getByLabel("Search").fill("SHOE-04");
  await tile(page, "summer/shoe-0499").or(tile(page, "summer/shoe-0459")).first().waitFor();
  assert.ok((await names(page)).every((name) => name.startsWith("summer/shoe-04")));
  await page.getByLabel("Search").fill("boot");
  await page.getByText("No asset of Shop has “boot” in its name.").waitFor();
});

test("browse__what_was_searched_is_there_again_after_a_look_at_an_asset", async (t) => {
  const page = await browse(t);
  await page.getByLabel("Catalog", { exact: true }).selectOption("Shop");
  await page.getByLabel("Search").fill("0123");
  await tile(page, "summer/shoe-0123").locator(".opener").click();
  await page.locator(".view.modify").waitFor();
  await page.goBack();
  await tile(page, "summer/shoe-0123").waitFor();
  assert.equal(await page.getByLabel("Search").inputValue(), "0123");
});

test("browse__a_search_that_the_server_answers_in_parts_goes_on_until_the_page_is_full", async (t) => {
  const page = await browse(t);
  await tile(page, "pier").waitFor();
  const { asked, parts, count, next } = await page.evaluate(async () => {
    const { readPage } = await import("/studio/browse/pages.js");
    const [asked, parts] = [[], []];
    // A server that looks at ten names at a time, of which every second is one.
    window.fetch = async (url) => {
      const query = new URL(url).searchParams;
      const after = Number(query.get("after") ?? 0);
      asked.push(Number(query.get("limit")));
      return Response.json({ objects: Array.from({ length: 5 }, (_, at) => ({ id: String(after + 2 * at) })), next: after < 990 ? String(after + 10) : undefined });
    };
    const page = await readPage("Shop", { contains: "x" }, (some) => parts.push(some.length));
    return { asked, parts, count: page.objects.length, next: page.next };
  });
  assert.deepEqual([count, next], [60, "120"]);
  assert.deepEqual([asked.slice(0, 3), parts.slice(0, 3)], [[60, 55, 50], [5, 10, 15]]);
});

test("browse__properties_say_what_the_asset_is_and_are_copied_as_json", async (t) => {
  const page = await browse(t);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tile(page, "pier").getByRole("button", { name: "Properties of pier" }).click();
  const panel = page.getByRole("complementary", { name: "Samples/pier" });
  const fact = async (name) => (await panel.locator("dl > div").filter({ has: page.locator(`dt:text-is("${name}")`) }).locator("dd").innerText()).trim();
  await panel.getByText("Size", { exact: true }).waitFor();
  assert.equal(await fact("Size"), "5470 × 3646 px");
  assert.equal(await fact("Levels"), "6");
  assert.equal(await fact("Tiles"), "256 × 256 px");
  assert.match(await fact("In the store"), /^\d\.\d MB$/);
  assert.equal(await fact("title"), "Pier at dusk");
  const figures = panel.locator(".figures figure");
  assert.deepEqual(await figures.locator("figcaption").allInnerTexts(), ["Banner 600 × 200", "Swatch 0xA56DB2"]);
  await page.waitForFunction(() => [...document.querySelectorAll(".figures img")].every(({ naturalWidth }) => naturalWidth > 0));
  await panel.getByRole("button", { name: "Copy as JSON" }).click();
  await panel.getByRole("button", { name: "Copied" }).waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(copied.imageprops["image.width"], "5470");
  assert.deepEqual(copied.crops.Banner.rect, [0.1, 0.1, 0.8, 0.4]);
  assert.match(copied.xmp, /elementary/);
  await page.keyboard.press("Escape");
  assert.ok(await panel.isHidden());
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Properties of pier");
});

test("browse__properties_of_a_set_show_its_members", async (t) => {
  const page = await browse(t);
  await tile(page, "tulips").getByRole("button", { name: /Properties/ }).click();
  await page.getByText("Set of 2").waitFor();
  assert.deepEqual((await page.locator(".figures figcaption").allInnerTexts()).map((name) => name.trim()), ["Samples/pier", "Samples/dunes"]);
});

test("browse__an_asset_that_has_disappeared_is_said", async (t) => {
  const page = await browse(t, {}, "Shop/summer/shoe-0000");
  await tile(page, "summer/shoe-0001").waitFor();
  studio.remove("assets/Shop/summer/shoe-0001.tif");
  await tile(page, "summer/shoe-0001").getByRole("button", { name: /Properties/ }).click();
  await page.getByText("Shop/summer/shoe-0001 is not there any more.").waitFor();
});

test("browse__files_of_this_device_stay_for_the_visit_and_a_broken_one_says_so", async (t) => {
  const page = await browse(t);
  await tile(page, "pier").waitFor();
  await drop(page, "samples/tulips.png", "image/png");
  await drop(page, "README.md", "text/markdown");
  const own = page.locator(".tiles.own .tile");
  await own.filter({ hasText: "tulips.png" }).locator("img[src]").waitFor();
  await own.filter({ hasText: "README.md" }).getByText(/Cannot be read/).waitFor();
  await own.getByRole("button", { name: "Properties of tulips.png" }).click();
  await page.getByRole("complementary", { name: "tulips.png" }).getByText("500 × 500 px", { exact: true }).waitFor();
  await own.filter({ hasText: "tulips.png" }).locator(".opener").click();
  await page.locator("#picture[src]").waitFor();
  await page.goBack();
  await own.nth(1).waitFor();
  assert.equal(await own.count(), 2);
  await page.getByRole("button", { name: "Close README.md" }).click();
  assert.equal(await own.count(), 1);
});

test("browse__a_token_opens_the_lists_and_a_wrong_one_is_said", async (t) => {
  const page = await openAt(t, browser, partOf(closed, "browse"), { expected: refusals });
  const dialog = page.getByRole("dialog", { name: "Token of the server" });
  await dialog.getByLabel("Token", { exact: true }).fill("guessed");
  await page.keyboard.press("Enter");
  await dialog.getByText("The server does not take this token.").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("PREVIEW_TOKEN is the token that this page asks for").waitFor();
  await page.getByRole("button", { name: "Enter the token" }).click();
  await dialog.getByLabel("Token", { exact: true }).fill("of the lists");
  await dialog.getByRole("button", { name: "Use it" }).click();
  await tile(page, "pier").waitFor();
  await page.reload();
  await tile(page, "pier").waitFor();
});

test("browse__where_nothing_is_listed_a_name_can_be_typed", async (t) => {
  const page = await openAt(t, browser, partOf(closed, "browse"), { expected: refusals });
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByLabel("Open by name").fill("Samples/pier");
  await page.keyboard.press("Enter");
  await page.locator("#picture[src]").waitFor();
});

test("browse__what_is_found_and_typed_stays_when_the_server_is_away", async (t) => {
  const page = await browse(t);
  await tile(page, "pier").waitFor();
  await page.context().setOffline(true);
  await page.getByLabel("Search").fill("dun");
  await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
  assert.equal((await names(page)).length, 3);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".tiles:not(.own) .id").length === 1);
  assert.equal(await page.getByLabel("Search").inputValue(), "dun");
});

test("browse__axe_finds_nothing_and_360_pixels_are_enough", async (t) => {
  for (const [colorScheme, options] of [["light", {}], ["dark", phone]]) {
    const page = await browse(t, { ...options, colorScheme });
    await tile(page, "pier").getByRole("button", { name: /Properties/ }).click();
    await page.locator(".figures img").first().waitFor();
    assert.deepEqual(await violations(page), [], colorScheme);
    assert.deepEqual(await tooWide(page), []);
    if (options === phone) {
      const heights = await page.locator(".browse button:visible").evaluateAll((all) => all.map((button) => [button.textContent, button.getBoundingClientRect().height]));
      assert.ok(heights.length > 3);
      assert.deepEqual(heights.filter(([, height]) => height < 44), [], "a finger hits each");
    }
    await page.getByRole("button", { name: "List" }).click();
    assert.deepEqual(await violations(page), [], colorScheme);
    assert.deepEqual(await tooWide(page), []);
  }
});
