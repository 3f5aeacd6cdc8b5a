// Ten tasks of somebody in marketing, done by what the page says: roles, labels and texts, no classes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, openAt } from "./chromium.mjs";
import { refusals, startStudio } from "./studio.mjs";

const IMAGES = ["pier.jpg", "dunes.jpg", "tulips.png", "dandelions.jpg", "sunrise.jpg"].map((name) => `samples/${name}`);

const OTHERS = ["Dandelions", "Sunrise in the hills", "Dunes under stars", "Tulips, with alpha"];

let browser;
let server;

before(async () => {
  [browser, server] = await Promise.all([launch(), startStudio({ images: IMAGES })]);
});

after(() => Promise.all([browser.close(), server.stop()]));

/** The page as it is found: nothing is chosen, no part is named. */
const arrive = (t) => openAt(t, browser, new URL("/", server.url), { expected: refusals, viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });
const part = (page, name) => page.getByRole("navigation", { name: "Studio" }).getByRole("link", { name }).click();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const url = (page) => page.getByLabel("URL", { exact: true });
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const isInView = (place) => place.evaluate((element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
});

/** Waits for a fact about the picture, such as its bytes, and gives its text. */
async function fact(page, name, pattern) {
  const value = page.getByRole("definition").filter({ hasText: pattern }).first();
  await page.getByRole("term").filter({ hasText: name }).first().waitFor();
  await value.waitFor();
  return value;
}

/** Makes a preset from the template for quality. */
async function makePreset(page, name, width) {
  await part(page, "Presets");
  await press(page, "New preset");
  await page.getByRole("dialog").getByRole("button", { name: /^Best quality/ }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Width (px)").fill(width);
  await page.getByLabel("Width (px)").press("Tab");
  await page.getByRole("option", { name: new RegExp(`\\$${name}\\$`) }).waitFor();
}

test("task_1__an_image_is_found_and_a_preset_of_800_pixels_shows_its_bytes", async (t) => {
  const page = await arrive(t);
  await part(page, "Browse");
  await page.getByLabel("Search", { exact: true }).fill("dun");
  await page.getByRole("button", { name: "dunes", exact: true }).first().click();
  await page.waitForURL(/#modify\?id=Samples%2Fdunes/);
  await makePreset(page, "web800", "800");
  await page.getByRole("tab", { name: "Advanced" }).click();
  assert.equal(await page.getByLabel("Sharpening", { exact: true }).inputValue(), "usm");
  await fact(page, "Size", /^800 × \d+ px$/);
  assert.match(await (await fact(page, "Bytes", /^\d+,\d{3}/)).innerText(), /^\d/);
  await press(page, "Save");
  await page.getByText(/^Saved\./).waitFor();
  await press(page, "Copy URL");
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await clipboard(page);
  assert.match(copied, /\/is\/image\/Samples\/dunes\?\$web800\$$/);
  assert.equal((await fetch(copied)).headers.get("content-type"), "image/jpeg");
});

test("task_2__jpeg_and_webp_are_compared_side_by_side", async (t) => {
  const page = await arrive(t);
  const bytes = await fact(page, "Bytes", /^\d+,\d{3}/);
  assert.ok(await isInView(bytes), "the bytes are seen without scrolling");
  await press(page, "Compare formats");
  const webp = page.getByRole("article", { name: "WebP" });
  await webp.getByText(/^−\d+ %$/).waitFor();
  assert.ok(await isInView(webp.getByRole("heading", { name: "WebP" })), "what was opened is in view");
  await webp.getByRole("button", { name: "Use WebP" }).click();
  await page.waitForURL(/fmt%3Dwebp/);
  await fact(page, "Type", /image\/webp/);
});

test("task_3__one_preset_is_changed_and_seen_on_five_images", async (t) => {
  const page = await arrive(t);
  await makePreset(page, "five", "240");
  await page.getByRole("link", { name: "Contact sheet" }).click();
  await page.getByText("1 of 1 drawn").waitFor();
  for (const name of OTHERS) await page.getByRole("checkbox", { name }).check();
  await page.getByText("5 of 5 drawn").waitFor();
  for (const name of ["pier", ...OTHERS]) await page.getByRole("img", { name: `${name} with five` }).waitFor();
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Width (px)").fill("120");
  await page.getByLabel("Width (px)").press("Tab");
  await page.getByRole("link", { name: "Contact sheet" }).click();
  await page.getByText(/^120 × \d+ · .*jpeg$/).nth(4).waitFor();
});

test("task_4__a_square_crop_is_set_and_given_to_the_others_of_the_folder", async (t) => {
  const page = await arrive(t);
  await part(page, "Smart crops");
  await page.getByLabel("Name", { exact: true }).fill("Square");
  await page.getByLabel("Width", { exact: true }).fill("1080");
  await page.getByLabel("Height", { exact: true }).fill("1080");
  await press(page, "Add");
  await page.getByLabel("Left", { exact: true }).fill("100");
  await page.getByLabel("Left", { exact: true }).press("Enter");
  await press(page, "Save");
  await page.getByText("Saved.", { exact: true }).waitFor();
  await press(page, "A whole folder");
  await page.getByLabel("Crop", { exact: true }).selectOption("Square");
  await page.getByRole("button", { name: /dunes/ }).filter({ hasText: "no Square" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Square 1080 × 1080" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await press(page, "Save all");
  await page.getByText("Saved: 1.").waitFor();
  assert.equal(Math.round(server.record("pier").crops.Square.rect[0] * 5470), 100);
  assert.ok(server.record("dunes").crops.Square);
});

test("task_5__a_price_is_typed_onto_a_picture_and_its_url_copied", async (t) => {
  const page = await arrive(t);
  await part(page, "Layers");
  await press(page, "Add text");
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await text.waitFor();
  await page.waitForFunction(() => document.activeElement.value === "Your text");
  await page.keyboard.type("49,90 €");
  await page.getByRole("heading", { name: "Layer 1: 49,90 €" }).waitFor();
  await page.waitForURL(/49%2C90/);
  await press(page, "Copy");
  const copied = await clipboard(page);
  assert.match(decodeURIComponent(copied), /text=.*49,90 €$/);
  assert.equal((await fetch(copied)).headers.get("content-type"), "image/jpeg");
});

test("task_6__an_old_url_is_pasted_and_shows_what_it_does", async (t) => {
  const page = await arrive(t);
  await part(page, "Browse");
  await url(page).fill("https://shop.example.com/is/image/Samples/pier?$thumbnail$&wid=400&hei=300&fit=constrain,1&op_sharpn=1");
  await url(page).press("Enter");
  await page.getByText(/Taken from shop\.example\.com: the picture is Samples\/pier/).waitFor();
  await page.getByText(/op_sharpn= is unknown; did you mean op_sharpen=\?/).waitFor();
  await fact(page, "Size", /^400 × 267 px$/);
  assert.equal(await page.getByLabel("Preset", { exact: true }).inputValue(), "thumbnail");
  assert.equal(await page.getByRole("group", { name: "Width", exact: true }).getByRole("spinbutton").inputValue(), "400");
});

test("task_7__the_responsive_code_is_copied", async (t) => {
  const page = await arrive(t);
  await press(page, "Responsive code");
  const panel = page.getByRole("region", { name: "Responsive code" });
  await panel.getByRole("button", { name: /^Copy/ }).first().click();
  await panel.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(await clipboard(page), /^<img[^]+srcset="http[^]+ 1080w,[^]+sizes=/);
});

test("task_8__what_the_numbers_of_op_usm_do_is_found", async (t) => {
  const page = await arrive(t);
  await page.getByLabel("Search the commands").fill("op_usm");
  await press(page, "What op_usm does");
  await page.getByRole("heading", { name: /^Unsharp mask/ }).waitFor();
  for (const name of ["amount", "radius", "threshold", "monochrome"]) {
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
    assert.match(await row.getByRole("cell").first().innerText(), /\w+ \w+ \w+/, name);
  }
  await page.getByRole("img", { name: /op_usm/ }).waitFor();
});

test("task_9__everything_is_taken_back", async (t) => {
  const page = await arrive(t);
  const first = await url(page).inputValue();
  const control = (name) => page.getByRole("group", { name, exact: true });
  await control("Height").getByRole("spinbutton").fill("200");
  await page.waitForURL(/hei%3D200/);
  await page.getByRole("radio", { name: "Tulips" }).check({ force: true });
  await page.waitForURL(/tulips/);
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  while ((await undo.getAttribute("aria-disabled")) === "false") await undo.click();
  assert.equal(await url(page).inputValue(), first);
  await makePreset(page, "mistake", "99");
  await press(page, "Revert");
  await page.getByRole("option", { name: /mistake/ }).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: /^Undo/ }).count(), 1, "there is one Undo in each part");
});

test("task_10__the_presets_are_exported_as_a_macro_file", async (t) => {
  const page = await arrive(t);
  await makePreset(page, "exported", "555");
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Export")]);
  assert.match(download.suggestedFilename(), /_macros\.txt$/);
  assert.match(readFileSync(await download.path(), "utf8"), /^exported\twid=555&/m);
  await page.getByText(/is downloaded\. Put it into the folder/).waitFor();
});
