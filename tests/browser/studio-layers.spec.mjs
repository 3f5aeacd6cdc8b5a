// Layers in the Studio: the list, the frames on the picture, the words, the variables and the template.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { formatOf, onlyRun, plain, runsOf, setFormat, setWords } from "../../www/studio/layers/rtf.js";
import { launch, open, tooWide, violations } from "./chromium.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

/** A picture of the samples with a picture, a text and a colour on it. */
const MODIFIERS =
  "wid=900&$headline=Summer sale&layer=1&src=Samples/tulips&size=2000,2000&pos=-1200,300" +
  "&layer=2&text={\\fs900\\b $headline$}&size=3000,700&pos=300,-900&layer=3&color=ffcc00&size=900,400&pos=1800,1200";

const layers = (t, { modifiers = MODIFIERS, ...options } = {}) => open(t, browser, { route: "layers", modifiers, ...options });
/** The modifiers in the page's address, with blanks as they were typed. */
const modifiersOf = (page) => page.evaluate(() => new URLSearchParams(location.hash.split("?")[1]).get("modifiers").replaceAll("%20", " "));
const row = (page, number) => page.locator(`.layer-row[data-layer="${number}"]`);
const frame = (page, number) => page.locator(`.frame-of[data-layer="${number}"]`);
const until = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(new URLSearchParams(location.hash.split("?")[1]).get("modifiers").replaceAll("%20", " ")), pattern.source);
const act = async (page, number, name) => {
  await row(page, number).locator(".choose").click();
  await row(page, number).getByRole("button", { name: `${name} layer ${number}` }).click();
};

test("rtf__words_are_edited_and_the_format_stays", () => {
  const rtf = "{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\*\\iscolortbl;ff0000;}\\f0\\fs48\\cf1 Sale now\\par two}";
  assert.equal(plain(rtf), "Sale now\ntwo");
  assert.equal(setWords(rtf, onlyRun(rtf), "A {b} \\ c\nd"), rtf.replace("Sale now\\par two", "A \\{b\\} \\\\ c\\par d"));
  assert.equal(plain(setWords(rtf, onlyRun(rtf), "A {b} \\ c\nd")), "A {b} \\ c\nd");
  assert.equal(plain("a\\u8364?b\\'e9 \\endash  {\\b x}"), "a€bé – x");
  const emptied = setWords("{\\fs48\\b Sale}", onlyRun("{\\fs48\\b Sale}"), "");
  assert.equal(setWords(emptied, onlyRun(emptied), "again"), "{\\fs48\\b again}");
  assert.equal(setWords("{\\b}", onlyRun("{\\b}"), "x"), "{\\b x}");
  assert.equal(onlyRun("Hello {\\b world}"), undefined);
  assert.deepEqual(runsOf("Hello {\\b world}").map(({ text }) => text), ["Hello ", "world"]);
});

test("rtf__each_format_is_set_and_read_again", () => {
  for (const rtf of ["Hi", "{\\fs48\\b\\i Sale}", "{\\colortbl;\\red1\\green2\\blue3;\\red9\\green9\\blue9;}\\fs20\\cf2\\qr Text", "{\\fonttbl{\\f0\\fs1 Bold;}}\\f0 x"]) {
    for (const [name, value] of [["size", 30.5], ["bold", true], ["bold", false], ["italic", true], ["align", "c"], ["color", "ff8000"]]) {
      const changed = setFormat(rtf, name, value);
      assert.equal(formatOf(changed)[name], value, `${rtf}: ${name} in ${changed}`);
      assert.equal(plain(changed), plain(rtf), `${rtf}: words of ${changed}`);
      assert.equal(formatOf(setFormat(changed, "color", "010203")).color, "010203");
    }
  }
});

test("layers__are_listed_from_the_top_with_a_picture_each", async (t) => {
  const page = await layers(t);
  await page.locator(".layer-row").nth(3).waitFor();
  assert.deepEqual(await page.locator(".layer-row .label").allInnerTexts(), ["Colour ffcc00", "Summer sale", "tulips", "Canvas"]);
  await page.waitForFunction(() => [...document.querySelectorAll(".layer-row img")].every((image) => image.naturalWidth > 0));
  assert.deepEqual(await violations(page), []);
});

test("layers__frames_lie_where_the_layers_are_drawn", async (t) => {
  const page = await layers(t);
  await frame(page, 3).waitFor();
  await page.locator("#layers-picture[src]").waitFor();
  // The colour begins and ends at the frame.
  const inside = await page.evaluate(async () => {
    const picture = document.getElementById("layers-picture");
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    const scale = picture.naturalWidth / picture.clientWidth;
    const one = document.querySelector('.frame-of[data-layer="3"]');
    const [left, top, right, bottom] = [one.offsetLeft, one.offsetTop, one.offsetLeft + one.offsetWidth, one.offsetTop + one.offsetHeight].map((at) => at * scale);
    const isColour = (x, y) => {
      const [red, green, blue] = context.getImageData(Math.round(x), Math.round(y), 1, 1).data;
      return red > 200 && green > 150 && blue < 80;
    };
    const middle = [(left + right) / 2, (top + bottom) / 2];
    return [isColour(left + 4, middle[1]), isColour(right - 4, middle[1]), isColour(middle[0], top + 4), isColour(middle[0], bottom - 4), isColour(left - 4, middle[1]), isColour(right + 4, middle[1])];
  });
  assert.deepEqual(inside, [true, true, true, true, false, false]);
});

test("layers__are_dragged_to_whole_pixels_and_undone_at_once", async (t) => {
  const page = await layers(t);
  await frame(page, 3).waitFor();
  await page.locator("#layers-picture[src]").waitFor();
  const { x, y, width, height } = await frame(page, 3).boundingBox();
  const scale = await page.evaluate(() => document.getElementById("layers-picture").clientWidth / 5470);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  for (let step = 1; step <= 10; step += 1) await page.mouse.move(x + width / 2 - 10 * step, y + height / 2 - 5 * step);
  await page.mouse.up();
  // The frame lies where the pointer left it, also once the picture is drawn.
  await page.waitForFunction((left) => Math.abs(document.querySelector('.frame-of[data-layer="3"]').getBoundingClientRect().left - left) < 2, x - 100);
  await page.waitForTimeout(500);
  const [, across, down] = /layer=3.*&pos=(-?\d+),(-?\d+)$/.exec(await modifiersOf(page));
  assert.ok(Math.abs(across - (1800 - 100 / scale)) <= 2, `${across}`);
  assert.ok(Math.abs(down - (1200 - 50 / scale)) <= 2, `${down}`);
  await page.waitForFunction((left) => Math.abs(document.querySelector('.frame-of[data-layer="3"]').getBoundingClientRect().left - left) < 2, x - 100);
  await page.locator("#undo").click();
  assert.equal(await modifiersOf(page), MODIFIERS, "a drag is one change");
});

test("layers__are_dragged_by_touch", async (t) => {
  const page = await layers(t, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await frame(page, 3).waitFor();
  await page.locator("#layers-picture[src]").waitFor();
  const { x, y, width, height } = await frame(page, 3).boundingBox();
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  await touch("touchStart", [x + width / 2, y + height / 2]);
  for (let step = 1; step <= 8; step += 1) await touch("touchMove", [x + width / 2 - 5 * step, y + height / 2]);
  await touch("touchEnd");
  const scale = await page.evaluate(() => document.getElementById("layers-picture").clientWidth / 5470);
  await until(page, new RegExp(`layer=3.*&pos=${Math.round(1800 - Math.round(40 / scale))},1200$`));
});

test("layers__are_moved_with_the_keyboard", async (t) => {
  const page = await layers(t);
  await frame(page, 1).focus();
  await page.keyboard.press("ArrowRight");
  await until(page, /pos=-1199,300/);
  await page.keyboard.press("Shift+ArrowUp");
  await until(page, /pos=-1199,290/);
  // No step is lost while pictures are drawn.
  for (let step = 0; step < 20; step += 1) await page.keyboard.press("ArrowDown");
  await until(page, /pos=-1199,310/);
  assert.equal(await frame(page, 1).evaluate((one) => one === document.activeElement), true);
  assert.match(await frame(page, 1).getAttribute("aria-label"), /^Layer 1: tulips\. Arrow keys move it/);
  await page.keyboard.press("Delete");
  await until(page, /^(?!.*tulips)/);
  await page.locator("#undo").click();
  await frame(page, 1).waitFor();
});

test("layers__words_are_typed_over_the_picture", async (t) => {
  const page = await layers(t);
  await frame(page, 2).focus();
  await page.keyboard.press("Enter");
  const field = page.locator(".typing");
  assert.equal(await field.inputValue(), "Summer sale", "the words of the variable");
  await field.fill("Winter & more");
  await until(page, /\$headline=Winter %26 more/);
  await field.press("Control+Enter");
  assert.equal(await field.count(), 0);
  assert.match(await modifiersOf(page), /text=\{\\fs900\\b \$headline\$\}/, "the format stays");
  await frame(page, 2).dblclick();
  await field.fill("Nothing");
  await field.press("Escape");
  await until(page, /\$headline=Winter %26 more/);
});

test("layers__a_format_is_set_with_buttons", async (t) => {
  const page = await layers(t, { modifiers: "wid=900&layer=1&text=\\fs600 Sale" });
  await page.getByRole("button", { name: "Italic" }).click();
  await until(page, /text=\\fs600 \\i Sale/);
  await page.getByLabel("Size (points)").fill("200");
  await until(page, /text=\\fs400 \\i Sale/);
  await page.getByLabel("Text", { exact: true }).fill("Sale\nnow");
  await until(page, /Sale\\par now/);
  assert.equal(await page.getByRole("button", { name: "Italic" }).getAttribute("aria-pressed"), "true");
});

test("layers__a_text_in_several_formats_has_a_field_for_each", async (t) => {
  const page = await layers(t, { modifiers: "wid=900&layer=1&text=\\fs600 Hello {\\b world}" });
  await page.getByLabel("Text, part 2").fill("you");
  await until(page, /Hello \{\\b you\}/);
  assert.ok(await page.getByText("edited as RTF").isVisible());
  assert.ok(await page.getByRole("button", { name: "Bold" }).isHidden());
});

test("layers__the_order_is_changed_and_layers_are_copied_hidden_and_deleted", async (t) => {
  const page = await layers(t);
  await row(page, 3).waitFor();
  await act(page, 1, "Move up");
  await until(page, /layer=2&src=Samples\/tulips.*layer=1&text/);
  // It keeps the focus, so that it can be moved on.
  await page.waitForFunction(() => document.activeElement?.ariaLabel === "Move up layer 2");
  await act(page, 2, "Duplicate");
  await until(page, /layer=4&color.*layer=3&src=Samples\/tulips&size=2000,2000&pos=-1190,310$/);
  await act(page, 3, "Hide");
  await until(page, /layer=3&.*hide=1/);
  assert.match(await row(page, 3).innerText(), /hidden/);
  await row(page, 3).getByRole("button", { name: "Show layer 3" }).click();
  await until(page, /^(?!.*hide)/);
  await act(page, 4, "Delete");
  await until(page, /^(?!.*color)/);
  await page.waitForFunction(() => [...document.querySelectorAll(".layer-row .label")].map(({ textContent }) => textContent).join() === "tulips,tulips,Summer sale,Canvas");
});

test("layers__texts_colours_and_pictures_are_added", async (t) => {
  const page = await layers(t, { modifiers: "wid=900" });
  await row(page, 0).waitFor();
  await page.waitForFunction(() => document.getElementById("layers-picture").naturalWidth > 0);
  await page.getByRole("button", { name: "Add text" }).click();
  await frame(page, 1).waitFor();
  await page.getByRole("button", { name: "Add colour" }).click();
  await frame(page, 2).waitFor();
  await page.getByRole("button", { name: "Add picture" }).click();
  await page.getByRole("button", { name: "Tulips, with alpha" }).click();
  await frame(page, 3).waitFor();
  assert.match(await modifiersOf(page), /layer=1&text=.*Your text&layer=2&color=1d4e9e&size=\d+,\d+&layer=3&src=Samples\/tulips&size=\d+,\d+$/);
  assert.equal(await page.locator(".canvas > .problem").isHidden(), true);
});

test("layers__a_variable_is_a_form_field", async (t) => {
  const page = await layers(t, { modifiers: "wid=900&$c=ff0000&$p=Samples/tulips&layer=1&src=$p$&size=900,900&layer=2&color=$c$&size=500,500&pos=900,900" });
  const fields = page.locator(".variables");
  await fields.getByLabel("$c$ (colour)").fill("00ff00");
  await until(page, /\$c=00ff00/);
  await fields.getByLabel("$p$ (picture)").fill("Samples/dunes");
  await until(page, /\$p=Samples\/dunes/);
  await page.waitForFunction(() => document.querySelector('.layer-row[data-layer="1"] .label').textContent !== "");
});

test("layers__an_error_is_said_and_the_last_picture_stays", async (t) => {
  const page = await layers(t);
  await frame(page, 3).waitFor();
  await page.locator("#layers-picture[src]").waitFor();
  await row(page, 1).locator(".choose").click();
  await page.getByLabel("Picture", { exact: true }).fill("Samples/nothing");
  await page.locator(".canvas .problem").waitFor();
  assert.match(await page.locator(".canvas .problem").innerText(), /Samples\/nothing/);
  assert.equal(await page.locator("#layers-picture").isVisible(), true);
  assert.equal(await page.locator(".layer-row").count(), 4);
});

test("layers__a_template_is_downloaded_as_its_record", async (t) => {
  const page = await layers(t);
  await row(page, 3).waitFor();
  await page.getByLabel("Record").fill("Samples/banner");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the record" }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), "banner.json");
  const { modifier } = JSON.parse(readFileSync(await file.path(), "utf8"));
  assert.equal(modifier, MODIFIERS.replace("&layer=1", "&layer=0&src=Samples/pier&layer=1"));
  await page.getByLabel("Record").fill("banner");
  await page.getByRole("button", { name: "Download the record" }).click();
  assert.match(await page.locator(".template .problem").innerText(), /rootId\/id/);
});

for (const [width, colorScheme] of [[360, "light"], [360, "dark"], [1280, "dark"], [1920, "light"]]) {
  test(`layers__fit_a_window_of_${width}_pixels_${colorScheme}`, async (t) => {
    const page = await layers(t, { viewport: { width, height: 900 }, colorScheme });
    await frame(page, 3).waitFor();
    assert.deepEqual(await tooWide(page), []);
    assert.deepEqual(await violations(page), []);
  });
}
