// Presets in the Studio: the list, the editor with its preview, import and export, the contact sheet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { drop, fact, launch, open as openStudio, root, tooWide, violations } from "./chromium.mjs";
import { parse, presetsOf } from "../../www/studio/image-presets/macro-file.js";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

const rows = (page) => page.locator(".preset-desk .preset-row:visible");
const line = (page) => page.locator("#preset-line");
const name = (page) => page.locator("#preset-name");

/** The presets, with what the list shows. */
async function open(t, { route = "presets", ...options } = {}) {
  const page = await openStudio(t, browser, { route, ...options });
  await page.locator(".preset-row").first().waitFor({ state: "attached" });
  return page;
}

async function choose(page, preset) {
  await page.locator(".preset-desk .preset-row", { hasText: preset }).first().click();
  await page.waitForFunction((preset) => `$${document.getElementById("preset-name").value}$` === preset, preset);
}

const importText = (page, text, file = "shop_macros.txt") =>
  page.locator("input[type=file][accept*=txt]").setInputFiles({ name: file, mimeType: "text/plain", buffer: Buffer.from(text) });

async function exported(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export" }).click()]);
  return { file: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

test("list__has_the_presets_of_the_default_catalog_drawn_on_the_picture", async (t) => {
  const page = await open(t);
  assert.deepEqual(await rows(page).locator("b").allInnerTexts(), presetsOf(parse(readFileSync(join(root, "presets/default_macros.txt"), "utf8"))).map(({ name }) => `$${name}$`));
  assert.match(await rows(page).filter({ hasText: "$thumbnail$" }).innerText(), /150 × 150 · JPEG 80/);
  assert.match(await rows(page).filter({ hasText: "$shadow$" }).innerText(), /effect/);
  await page.waitForFunction(() => [...document.querySelectorAll(".preset-desk .preset-row img")].filter((image) => image.naturalWidth > 0).length >= 6);
  await page.locator("#preset-search").fill("png alpha");
  assert.deepEqual(await rows(page).locator("b").allInnerTexts(), ["$cutout$"]);
  await page.locator("#preset-search").fill("nothing like it");
  await page.getByText("No preset is called that or does that.").waitFor();
});

test("list__is_walked_with_the_arrow_keys", async (t) => {
  const page = await open(t);
  await page.locator(".preset-desk .preset-rows").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await name(page).inputValue(), "main");
  await page.keyboard.press("End");
  assert.equal(await name(page).inputValue(), "glow");
  await page.keyboard.press("Home");
  assert.equal(await name(page).inputValue(), "cross-sell");
});

test("route__names_a_preset_and_the_sheet", async (t) => {
  const page = await open(t, { route: "presets/default/enlarge" });
  await page.waitForFunction(() => document.getElementById("preset-name").value === "enlarge");
  await page.getByRole("link", { name: "Contact sheet" }).click();
  await page.getByRole("heading", { name: "Contact sheet" }).waitFor();
  assert.match(page.url(), /#presets\/sheet\?/);
  await page.goBack();
  await name(page).waitFor();
});

test("editor__form_and_line_change_each_other_and_the_picture", async (t) => {
  const page = await open(t);
  await choose(page, "$main$");
  assert.equal(await fact(page, "Size", /350/), "350 × 350 px");
  await page.getByLabel("Width (px)").fill("240");
  await page.getByLabel("Height (px)").fill("");
  assert.equal(await line(page).inputValue(), "wid=240&fmt=jpeg&qlt=80,0&resMode=sharp2&op_usm=1,1,6,0");
  assert.equal(await fact(page, "Size", /^240 × 1/), "240 × 160 px");
  await line(page).fill("hei=90&fmt=png&op_invert=1");
  assert.equal(await page.getByLabel("Width (px)").inputValue(), "");
  assert.equal(await page.getByLabel("Format").inputValue(), "png");
  assert.ok(await page.getByLabel("Quality").isHidden(), "PNG has no quality");
  await fact(page, "Type", /image\/png/);
  await page.getByRole("tab", { name: "Advanced" }).click();
  assert.equal(await page.getByLabel("Image modifier").inputValue(), "op_invert=1");
  await page.getByLabel("Sharpening", { exact: true }).selectOption("Unsharp mask");
  assert.equal(await line(page).inputValue(), "hei=90&fmt=png&op_usm=1,1,6,0&op_invert=1");
  await page.getByLabel("Image modifier").fill("fit=constrain");
  assert.equal(await line(page).inputValue(), "hei=90&fmt=png&op_usm=1,1,6,0&fit=constrain");
});

test("editor__commands_of_the_table_can_be_added_to_the_image_modifier", async (t) => {
  const page = await open(t);
  await choose(page, "$main$");
  await page.getByRole("tab", { name: "Advanced" }).click();
  const picker = page.getByLabel("Add a command");
  const names = await picker.locator("option").evaluateAll((options) => options.map(({ value }) => value));
  assert.ok(names.includes("op_brightness") && names.includes("fit"));
  for (const name of ["wid", "qlt", "icc", "text", "template"]) assert.ok(!names.includes(name), name);
  await picker.selectOption("fit");
  assert.match(await line(page).inputValue(), /op_usm=1,1,6,0&fit=/);
  assert.ok(await page.getByLabel("Image modifier").evaluate((field) => field === document.activeElement));
  assert.deepEqual(await violations(page), []);
});

test("editor__options_of_a_format_come_back_with_it", async (t) => {
  const page = await open(t);
  await choose(page, "$main$");
  const format = page.getByLabel("Format");
  await format.selectOption("GIF");
  await page.getByLabel("Number of colours").fill("16");
  assert.match(await line(page).inputValue(), /fmt=gif&quantize=,,16&|fmt=gif&quantize=adaptive,diffuse,16&/);
  await fact(page, "Type", /gif/);
  await format.selectOption("PDF");
  await page.getByLabel("Compression").selectOption("Zip");
  assert.match(await line(page).inputValue(), /fmt=pdf,,zip&resMode/);
  await fact(page, "Type", /application\/pdf/);
  await page.getByText("Browsers do not show application/pdf").waitFor();
  await fact(page, "Size", /^350 × 350/);
  await format.selectOption("JPEG");
  assert.match(await line(page).inputValue(), /fmt=jpeg&qlt=80,0&resMode/);
});

test("editor__a_faulty_command_is_said_and_the_last_picture_stays", async (t) => {
  const page = await open(t);
  await choose(page, "$main$");
  await fact(page, "Size", /350/);
  await line(page).fill("wid=wide");
  await page.locator("#line-problem", { hasText: "wid=wide: expected a number" }).waitFor();
  assert.equal(await line(page).getAttribute("aria-invalid"), "true");
  await page.locator("#message", { hasText: "wid" }).waitFor();
  assert.ok(await page.locator("#picture").isVisible());
  await line(page).fill("wid=100");
  await page.locator("#line-problem").waitFor({ state: "hidden" });
});

test("editor__a_pitfall_is_fixed_with_its_button", async (t) => {
  const page = await open(t);
  await choose(page, "$main$");
  await line(page).fill("wid=100&fmt=jpeg&qlt=100,0&op_sharpen=1");
  for (const fix of ["Add fit=constrain", "Use 90", "Use an unsharp mask"]) await page.getByRole("button", { name: fix }).click();
  assert.equal(await line(page).inputValue(), "wid=100&fmt=jpeg&qlt=90,0&op_usm=1,1,6,0&fit=constrain");
  assert.ok(await page.locator(".advice").isHidden());
});

test("presets__are_made_renamed_copied_and_deleted_and_each_is_undone", async (t) => {
  const page = await open(t);
  const count = page.locator(".preset-count");
  await page.getByRole("button", { name: "New preset" }).click();
  await page.getByLabel("In the catalog").selectOption("default catalog");
  await page.getByRole("button", { name: /^Cross-Sell/ }).click();
  await page.waitForFunction(() => document.activeElement.id === "preset-name");
  assert.equal(await name(page).inputValue(), "cross-sell-2");
  await name(page).fill("my preset");
  await page.getByText("not a blank").waitFor();
  await name(page).fill("Teaser.1");
  await page.keyboard.press("Enter");
  await rows(page).filter({ hasText: "$Teaser.1$" }).waitFor();
  await page.getByRole("button", { name: "Duplicate" }).click();
  await rows(page).filter({ hasText: "$Teaser.1-copy$" }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("$Teaser.1-copy$ is deleted.").waitFor();
  await page.locator(".preset-toast").getByRole("button", { name: "Undo" }).click();
  await rows(page).filter({ hasText: "$Teaser.1-copy$" }).waitFor();
  assert.equal(await count.innerText(), "11 presets");
  const undo = page.getByRole("button", { name: "Undo in presets" });
  while ((await undo.getAttribute("aria-disabled")) === "false") await undo.click();
  assert.equal(await count.innerText(), "9 presets");
  await page.getByRole("button", { name: "Redo in presets" }).click();
  assert.equal(await count.innerText(), "10 presets");
});

test("presets__changes_survive_a_reload_and_are_said", async (t) => {
  const page = await open(t);
  await choose(page, "$main$");
  await page.getByLabel("Width (px)").fill("1234");
  await page.getByText("Not saved: 1 preset of the default catalog. This browser keeps the changes").waitFor();
  await page.reload();
  await rows(page).filter({ hasText: "not saved" }).waitFor();
  assert.match(await rows(page).filter({ hasText: "not saved" }).innerText(), /\$main\$[^]*1234 × 350/);
  await choose(page, "$main$");
  await page.getByLabel("Width (px)").fill("350");
  await page.locator(".preset-status.unsaved").waitFor({ state: "hidden" });
  await page.reload();
  await page.locator(".preset-row").first().waitFor();
  assert.equal(await rows(page).filter({ hasText: "not saved" }).count(), 0);
});

test("import__says_errors_with_their_lines_and_export_gives_the_file_to_the_byte", async (t) => {
  const page = await open(t);
  const text = "# Shop\r\nbig\twid=900&fit=constrain\r\n\r\nno$good\twid=1\r\nmain   wid=123\r\n# end\r\n";
  await importText(page, text);
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Line 4: The name “no$good” may have only").waitFor();
  await dialog.getByLabel("Into the catalog").selectOption("default catalog");
  await dialog.getByText("2 presets: 1 new, 1 with other modifiers, 0 the same.").waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Replace the catalog’s file" }).click();
  assert.deepEqual(await rows(page).locator("b").allInnerTexts(), ["$big$", "$main$"]);
  await page.locator(".preset-trouble", { hasText: "Line 4" }).waitFor();
  await page.locator(".preset-desk").getByLabel("Catalog").selectOption("Default catalog");
  assert.deepEqual(await exported(page), { file: "default_macros.txt", text });
  await choose(page, "$main$");
  await page.getByLabel("Width (px)").fill("124");
  assert.equal((await exported(page)).text, text.replace("wid=123", "wid=124"));
  await page.getByText("run azulejo publish").first().waitFor();
});

test("import__adds_to_what_is_there_and_takes_dropped_files", async (t) => {
  const page = await open(t);
  const count = page.locator(".preset-count");
  assert.equal(await count.innerText(), "9 presets");
  await drop(page, "presets/default_macros.txt", "text/plain");
  await page.getByRole("dialog").getByText("9 presets").waitFor();
  await page.getByLabel("Into the catalog").selectOption("Samples");
  await page.getByRole("button", { name: "Add to the catalog" }).click();
  assert.equal(await count.innerText(), "18 presets");
  await page.locator(".preset-toast").getByRole("button", { name: "Undo" }).click();
  assert.equal(await count.innerText(), "9 presets");
  await importText(page, "PNG\r\n\u0000", "x.txt");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await count.innerText(), "9 presets");
});

test("presets__that_are_not_saved_open_in_modify", async (t) => {
  const page = await open(t);
  await choose(page, "$thumbnail$");
  await page.getByLabel("Width (px)").fill("99");
  await page.getByRole("button", { name: "Open in Modify" }).click();
  await fact(page, "Size", /^99 × 150/);
  assert.match(await page.inputValue("#url"), /\?wid=99&hei=150&fmt=jpeg/);
  await page.getByRole("link", { name: "Presets" }).click();
  assert.equal(await name(page).inputValue(), "thumbnail", "the work is still there");
  await choose(page, "$main$");
  await page.getByRole("button", { name: "Open in Modify" }).click();
  assert.match(await page.inputValue("#url"), /\?\$main\$$/);
});

test("presets__of_a_dropped_picture_are_those_of_the_last_catalog", async (t) => {
  const page = await open(t);
  await choose(page, "$thumbnail$");
  await drop(page, "samples/tulips.png", "image/png");
  await page.locator("#file-name", { hasText: "tulips.png" }).waitFor({ state: "attached" });
  assert.equal(await fact(page, "Size", /150 × 150/), "150 × 150 px");
  assert.ok((await rows(page).count()) >= 9);
});

test("list__of_5000_presets_stays_usable", async (t) => {
  const page = await open(t);
  const text = Array.from({ length: 5000 }, (_, at) => `p${at}\twid=${10 + (at % 400)}&fit=constrain&fmt=jpeg&qlt=80,0`).join("\n");
  await importText(page, text, "many.txt");
  await page.getByLabel("Into the catalog").selectOption("Samples");
  await page.getByRole("button", { name: "Add to the catalog" }).click();
  await page.getByText("5,009 presets", { exact: true }).waitFor();
  assert.ok((await page.locator(".preset-desk .preset-row").count()) < 40, "only what is in view is in the page");
  await page.locator(".preset-desk .preset-rows").focus();
  await page.locator("#preset-search").fill("$p4321$");
  await page.getByText("1 of 5,009 presets").waitFor();
  await choose(page, "$p4321$");
  await page.getByLabel("Width (px)").fill("77");
  await page.locator("#preset-search").fill("wid=77& p4321");
  await page.getByText("1 of 5,009 presets").waitFor();
  await page.locator("#preset-search").fill("");
  await page.locator(".preset-desk .preset-rows").focus();
  await page.keyboard.press("End");
  assert.equal(await name(page).inputValue(), "glow");
  await page.reload();
  await page.getByText("5,009 presets", { exact: true }).waitFor();
});

test("presets__of_which_the_browser_cannot_keep_changes_say_so", async (t) => {
  const page = await open(t);
  await choose(page, "$main$");
  await page.evaluate(() => {
    for (let length = 4 << 20; length > 0; length >>= 1) {
      try {
        for (let at = 0; at < 4; at += 1) localStorage.setItem(`full-${length}-${at}`, "x".repeat(length));
      } catch {
        // As full as it gets with parts of this length.
      }
    }
  });
  await page.getByLabel("Width (px)").fill("333");
  await page.getByText("This browser has no room to keep the changes: export them before you leave.").waitFor();
  assert.match((await exported(page)).text, /main\twid=333&/);
});

test("import__refuses_a_file_that_is_no_macro_file", async (t) => {
  const page = await open(t);
  await importText(page, "x".repeat((8 << 20) + 1), "film.txt");
  await page.getByText("film.txt has 8.4 MB: it is no macro file.").waitFor();
  await importText(page, "\u0089PNG\r\n\u001a\n\u0000\u0000", "picture.txt");
  await page.getByRole("dialog").getByText("There is no preset in this file.").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.locator(".preset-count").innerText(), "9 presets");
});

test("sheet__of_more_than_200_waits_before_it_draws_on", async (t) => {
  const page = await open(t);
  await importText(page, Array.from({ length: 203 }, (_, at) => `p${at}\twid=${8 + (at % 5)}&fit=constrain`).join("\n"));
  await page.getByRole("button", { name: "Add to the catalog" }).click();
  await page.getByRole("link", { name: "Contact sheet" }).click();
  await page.locator("#sheet-search").fill("$p");
  await page.getByRole("button", { name: "All shown" }).click();
  await page.getByText(/200 of 20\d drawn, .* The rest waits for you\./).waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText(/^(20[3-9]) of \1 drawn/).waitFor();
});

test("sheet__draws_each_preset_on_each_picture_with_its_bytes", async (t) => {
  const page = await open(t, { route: "presets/sheet" });
  // It begins with the preset and the picture in view.
  await page.getByText("1 of 1 drawn").waitFor();
  await page.locator(".contact-sheet").getByRole("button", { name: "None" }).click();
  await page.getByText("Choose one or more presets").waitFor();
  const list = page.locator(".contact-sheet .preset-rows");
  await list.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByLabel("Dandelions").check();
  await page.locator("input[type=file][multiple]").setInputFiles(join(root, "samples/tulips.png"));
  await page.getByText("6 of 6 drawn").waitFor();
  const cells = await page.locator(".sheet-cell .cell-size").allInnerTexts();
  assert.equal(cells.length, 6);
  for (const text of cells) assert.match(text, /^(150 × 150|350 × 350) · [\d.]+ kB · jpeg$/);
  assert.deepEqual(await page.locator(".sheet-cells h3").allInnerTexts(), ["pier", "Dandelions", "tulips.png"]);
  await page.getByRole("button", { name: "Leave out pier" }).click();
  await page.getByText("4 of 4 drawn").waitFor();
  await page.getByRole("button", { name: "None" }).click();
  assert.equal(await page.locator(".sheet-cell").count(), 0);
});

test("sheet__stops_when_it_is_left_and_goes_on", async (t) => {
  const page = await open(t, { route: "presets/sheet" });
  for (const title of ["Dandelions", "Sunrise in the hills", "Dunes under stars", "Tulips, with alpha"]) await page.getByLabel(title).check();
  await page.getByRole("button", { name: "All shown" }).click();
  await page.getByText(/of 45 drawn/).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  const drawn = await page.locator(".sheet-cell img[src]").count();
  assert.ok(drawn < 45);
  await page.getByRole("link", { name: "Edit" }).click();
  await fact(page, "Size");
  await page.waitForTimeout(1500);
  assert.ok((await page.locator(".sheet-cell img[src]").count()) <= drawn + 3, "nothing is drawn any more");
  await page.getByRole("link", { name: "Contact sheet" }).click();
  await page.getByText("45 of 45 drawn").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`page__is_accessible_in_the_${colorScheme}`, async (t) => {
    const page = await open(t, { colorScheme });
    await fact(page, "Size");
    assert.deepEqual(await violations(page), []);
    await page.getByRole("tab", { name: "Basic" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByLabel("Image modifier").fill("fmt=webp&text=a");
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "New preset" }).click();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Contact sheet" }).click();
    await page.getByRole("button", { name: "All shown" }).click();
    await page.getByText("9 of 9 drawn").waitFor();
    assert.deepEqual(await violations(page), []);
  });
}

test("page__needs_no_sideways_scrolling_on_a_phone", async (t) => {
  const page = await open(t, { viewport: { width: 360, height: 740 } });
  await page.locator(".preset-desk .preset-row").first().waitFor();
  assert.deepEqual(await tooWide(page), []);
  assert.ok(await name(page).isHidden(), "the list is first");
  await choose(page, "$main$");
  assert.deepEqual(await tooWide(page), []);
  for (const button of await page.locator(".view.presets button:visible").all()) {
    const { width, height, y } = await button.boundingBox();
    assert.ok(height >= 44 || y < 0, `${await button.innerText()} is ${width} × ${height}`);
  }
  await page.getByRole("button", { name: "All presets" }).click();
  await page.locator(".preset-desk .preset-row").first().waitFor();
  await page.getByRole("link", { name: "Contact sheet" }).click();
  await page.getByRole("button", { name: "All shown" }).click();
  await page.getByText("9 of 9 drawn").waitFor();
  assert.deepEqual(await tooWide(page), []);
});

test("page__keeps_what_was_typed_when_the_server_goes_away", async (t) => {
  const page = await open(t, { expected: /ERR_|Failed to load resource/ });
  await choose(page, "$main$");
  await fact(page, "Size");
  await page.route("**/*", (route) => route.abort());
  await page.getByLabel("Width (px)").fill("321");
  await page.getByText("Not saved: 1 preset").waitFor();
  await page.locator("#url").fill("/is/image/Elsewhere/shoe");
  await page.getByText("The server cannot be reached.").waitFor();
  await page.unroute("**/*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The server cannot be reached.").waitFor({ state: "hidden" });
  await page.locator("#url").fill("/is/image/Samples/pier");
  await rows(page).filter({ hasText: "$main$" }).filter({ hasText: "321 × 350" }).waitFor();
});
