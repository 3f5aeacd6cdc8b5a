// Presets in the Studio: macro files, the editor, the contact sheet; first what needs no page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drop, fact, launch, open as openStudio, root, tooWide, violations } from "./chromium.mjs";
import { adviceOn, freeName, nameProblem } from "../../www/studio/presets/advice.js";
import { add, apply, callers, decode, differences, parse, presetsOf, problemsOf, remove, rename, setModifiers } from "../../www/studio/presets/macro-file.js";
import { expand, read, summary, tokens, write } from "../../www/studio/presets/modifiers.js";
import { TEMPLATES } from "../../www/studio/presets/templates.js";

const FILE = "\uFEFF# Shop\r\nName\tDefinition\r\nbig\twid=900&hei=2\r\n\r\n  view   wid=240\\\r\n&fmt=png\r\nno$good wid=1\r\n# end";

test("macro_file__comments_order_line_ends_and_unknown_lines_survive", () => {
  const entries = parse(FILE);
  assert.equal(entries.map(({ raw }) => raw).join(""), FILE);
  assert.deepEqual(presetsOf(entries).map(({ name, modifiers, line }) => [name, modifiers, line]), [["big", "wid=900&hei=2", 3], ["view", "wid=240\n&fmt=png", 5]]);
  assert.equal(setModifiers(FILE, "BIG", "wid=1"), FILE.replace("wid=900&hei=2", "wid=1"));
  assert.equal(setModifiers(FILE, "view", "wid=3"), FILE.replace("wid=240\\\r\n&fmt=png", "wid=3"));
  assert.equal(add(FILE, "new", "wid=5"), `${FILE}\r\nnew\twid=5\r\n`);
  assert.equal(add(FILE, "new", "wid=5", "big"), FILE.replace("hei=2\r\n", "hei=2\r\nnew\twid=5\r\n"));
  assert.equal(remove(add(FILE, "new", "wid=5", "big"), "new"), FILE);
});

test("macro_file__every_change_of_the_shipped_file_can_be_taken_back_to_the_byte", () => {
  const text = readFileSync(join(root, "presets/default_macros.txt"), "utf8");
  assert.equal(readFileSync(join(root, "www/studio/presets/default_macros.txt"), "utf8"), text, "the page has the presets that are built in");
  for (const { name, modifiers } of presetsOf(parse(text))) {
    const changed = setModifiers(text, name, "wid=1");
    assert.notEqual(changed, text);
    assert.equal(setModifiers(changed, name, modifiers), text);
    assert.equal(rename(rename(text, name, "other"), "other", name), text);
  }
});

test("macro_file__errors_have_line_numbers", () => {
  const problems = problemsOf(parse("a$b wid=1\nok wid=2\nOK wid=3\nempty\nmit-ü wid=4"));
  assert.deepEqual(problems.map(({ line }) => line), [1, 3, 4, 5]);
  assert.match(problems[0].message, /“a\$b” may have only letters, digits/);
  assert.match(problems[1].message, /also defined in line 2; this line counts/);
});

test("macro_file__a_new_name_is_used_where_other_presets_call_the_old_one", () => {
  const text = "a.b\twid=1\nc\t$A.B$&hei=2&$axb$\nd\twid=2&text=$a.b$";
  assert.equal(rename(text, "a.b", "new"), "new\twid=1\nc\t$new$&hei=2&$axb$\nd\twid=2&text=$a.b$");
  assert.deepEqual(callers(presetsOf(parse(text)), "a.b"), ["c"]);
});

test("macro_file__two_versions_are_compared_and_joined_by_their_names", () => {
  const [mine, theirs] = ["a\twid=1\nb\twid=2\nc\twid=3\n", "# theirs\na\twid=9\nb\twid=2\nd\twid=4\n"];
  assert.deepEqual(differences(mine, theirs), [
    { name: "a", one: "wid=1", other: "wid=9" },
    { name: "d", one: undefined, other: "wid=4" },
    { name: "c", one: "wid=3", other: undefined },
  ]);
  const joined = apply(theirs, [{ name: "a", modifiers: "wid=1" }, { name: "d", modifiers: undefined }, { name: "c", modifiers: "wid=3" }]);
  assert.equal(joined, "# theirs\na\twid=1\nb\twid=2\nc\twid=3\n");
});

test("macro_file__old_windows_files_are_read", () => {
  assert.equal(decode(new Uint8Array([0x23, 0xe4])), "#ä");
  assert.equal(decode(new TextEncoder().encode("\uFEFF#ä")), "\uFEFF#ä");
});

test("modifiers__a_line_is_read_into_the_fields_and_written_in_the_order_of_the_editor", () => {
  const real = "wid=388&hei=388&fmt=jpeg&qlt=100,0&op_sharpen=1&resMode=trilin&op_usm=0.8,1.0,6,0&iccEmbed=0";
  assert.equal(write(read(real)), real, "as an editor in use wrote it");
  const mixed = "op_invert=1&PRINTRES=300&op_usm=1%2C2&hei=5&wid=4&fmt=tif,cmyk,lzw&icc=sRGB,relative,1&opac=29";
  assert.equal(write(read(mixed)), "wid=4&hei=5&fmt=tif,cmyk,lzw&op_usm=1,2&icc=sRGB,relative,1&printRes=300&op_invert=1&opac=29");
  assert.equal(write(read("fmt=gif&quantize=adaptive,off,2,000000,ffffff")), "fmt=gif&quantize=adaptive,off,2,000000,ffffff");
});

test("modifiers__what_the_form_cannot_show_stays_as_it_is", () => {
  for (const line of ["$main$&wid=3", "wid=$w$&hei=2", "layer=1&wid=20&src=is{a/b?wid=3&hei=4}&pos=1,2", "fmt=jpeg&qlt=high", "text=a,b"]) {
    const { fields, head, modifier } = read(line);
    const written = write({ fields, head, modifier });
    assert.deepEqual(tokens(written).map(({ text }) => text).toSorted(), tokens(line).map(({ text }) => text).toSorted(), line);
  }
  assert.deepEqual(read("$a$&wid=1&$b$&hei=2").head, "$a$&wid=1&$b$");
  assert.deepEqual(read("layer=1&wid=20").fields, {});
  assert.equal(tokens("src=is{a?wid=1&hei=2}&wid=3").length, 2);
});

test("modifiers__calls_are_replaced_as_the_server_does_it", () => {
  const lookUp = (name) => ({ a: "wid=1&$b$", b: "hei=2" })[name];
  assert.equal(expand("fmt=png&$A$&wid=9&$none$&text=$a$", lookUp), "fmt=png&wid=1&hei=2&wid=9&$none$&text=$a$");
  assert.ok(expand("$a$", () => "$a$").length < 100, "a circle ends");
});

test("modifiers__a_preset_without_a_size_is_responsive", () => {
  assert.equal(summary("fmt=jpeg&qlt=80").kind, "responsive");
  assert.equal(summary("wid=3&fmt=png-alpha").kind, "sized");
  assert.equal(summary("size=3,4").kind, "sized");
  assert.equal(summary("color=0,0,0,255&opac=75&op_blur=5").kind, "effect");
  assert.deepEqual(summary("wid=3&hei=4&qlt=70,0"), { kind: "sized", size: "3 × 4", format: "JPEG 70" });
});

test("advice__names_each_pitfall_and_its_fix_removes_it", () => {
  const lookUp = (name) => ({ known: "wid=5&fit=fit,1" })[name];
  for (const [line, said] of [
    ["wid=500&fmt=jpeg", /padded/],
    ["fmt=jpeg&qlt=100,1", /Quality 100/],
    ["fmt=jpeg&qlt=50", /loss can be seen/],
    ["fmt=jpeg&op_sharpen=1", /Simple sharpening/],
    ["fmt=webp&qlt=80", /Smart Imaging/],
    ["fmt=avif-alpha", /Smart Imaging/],
    ["wid=0&fit=constrain", /more than 0/],
  ]) {
    const [found, ...others] = adviceOn(line, lookUp);
    assert.match(found.text, said, line);
    assert.deepEqual(others, [], line);
    assert.deepEqual(adviceOn(found.fix.line, lookUp), [], `${line} → ${found.fix.line}`);
  }
  for (const line of ["text=a", "textPs=b", "locale=de", "template=a/b", "req=set,json", "layer=1&icc=sRGB"]) assert.match(adviceOn(line, lookUp)[0].text, /does not allow/, line);
  assert.match(adviceOn("$unknown$", lookUp)[0].text, /no preset \$unknown\$/);
  for (const line of ["$known$", "icc=sRGB&iccEmbed=1", "wid=5&layer=1", "req=img&fmt=jpeg"]) assert.deepEqual(adviceOn(line, lookUp), [], line);
});

test("advice__names_are_as_adobe_allows_them", () => {
  assert.equal(nameProblem("Main_2.big-x", ["other"]), undefined);
  assert.match(nameProblem("my preset", []), /not a blank/);
  assert.match(nameProblem("größe", []), /“ö”/);
  assert.match(nameProblem("Main", ["main"]), /already/);
  assert.match(nameProblem("", []), /needs a name/);
  assert.equal(freeName("main", ["MAIN", "main-2"]), "main-3");
});

test("templates__are_the_documented_best_practice", () => {
  const of = (name) => read(TEMPLATES.find((one) => one.name === name).modifiers).fields;
  for (const [name, side, amount, radius, threshold] of [["cross-sell", "75", "1.5", "0.8", "5"], ["thumbnail", "150", "1.1", "1", "5"], ["main", "350", "1", "1", "6"], ["enlarge", "500", "1.2", "1.2", "5"]]) {
    const { width, height, ...fields } = of(name);
    assert.deepEqual([width, height, fields.amount, fields.radius, fields.threshold, fields.quality], [side, side, amount, radius, threshold, "80"], name);
  }
  for (const { modifiers } of TEMPLATES) assert.equal(write(read(modifiers)), modifiers);
});

describe("in the page", () => {
  let browser;

  before(async () => {
    browser = await launch();
  });

  after(() => browser.close());

  const rows = (page) => page.locator(".desk .row:visible");
  const line = (page) => page.locator("#preset-line");
  const name = (page) => page.locator("#preset-name");

  /** The presets, with what the list shows. */
  async function open(t, { route = "presets", ...options } = {}) {
    const page = await openStudio(t, browser, { route, ...options });
    await page.locator(".row").first().waitFor({ state: "attached" });
    return page;
  }

  async function choose(page, preset) {
    await page.locator(".desk .row", { hasText: preset }).first().click();
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
    await page.waitForFunction(() => [...document.querySelectorAll(".desk .row img")].filter((image) => image.naturalWidth > 0).length >= 6);
    await page.locator("#preset-search").fill("png alpha");
    assert.deepEqual(await rows(page).locator("b").allInnerTexts(), ["$cutout$"]);
    await page.locator("#preset-search").fill("nothing like it");
    await page.getByText("No preset is called that or does that.").waitFor();
  });

  test("list__is_walked_with_the_arrow_keys", async (t) => {
    const page = await open(t);
    await page.locator(".desk .rows").focus();
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
    const count = page.locator(".count");
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
    await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
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
    await page.locator(".status.unsaved").waitFor({ state: "hidden" });
    await page.reload();
    await page.locator(".row").first().waitFor();
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
    await page.locator(".trouble", { hasText: "Line 4" }).waitFor();
    await page.locator(".desk").getByLabel("Catalog").selectOption("Default catalog");
    assert.deepEqual(await exported(page), { file: "default_macros.txt", text });
    await choose(page, "$main$");
    await page.getByLabel("Width (px)").fill("124");
    assert.equal((await exported(page)).text, text.replace("wid=123", "wid=124"));
    await page.getByText("run azulejo publish").first().waitFor();
  });

  test("import__adds_to_what_is_there_and_takes_dropped_files", async (t) => {
    const page = await open(t);
    const count = page.locator(".count");
    assert.equal(await count.innerText(), "9 presets");
    await drop(page, "presets/default_macros.txt", "text/plain");
    await page.getByRole("dialog").getByText("9 presets").waitFor();
    await page.getByLabel("Into the catalog").selectOption("Samples");
    await page.getByRole("button", { name: "Add to the catalog" }).click();
    assert.equal(await count.innerText(), "18 presets");
    await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
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
    await page.getByRole("link", { name: "Presets" }).click();
    assert.equal(await name(page).inputValue(), "thumbnail", "the work is still there");
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
    assert.ok((await page.locator(".desk .row").count()) < 40, "only what is in view is in the page");
    await page.locator(".desk .rows").focus();
    await page.locator("#preset-search").fill("$p4321$");
    await page.getByText("1 of 5,009 presets").waitFor();
    await choose(page, "$p4321$");
    await page.getByLabel("Width (px)").fill("77");
    await page.locator("#preset-search").fill("wid=77& p4321");
    await page.getByText("1 of 5,009 presets").waitFor();
    await page.locator("#preset-search").fill("");
    await page.locator(".desk .rows").focus();
    await page.keyboard.press("End");
    assert.equal(await name(page).inputValue(), "glow");
    await page.reload();
    await page.getByText("5,009 presets", { exact: true }).waitFor();
  });

  test("sheet__draws_each_preset_on_each_picture_with_its_bytes", async (t) => {
    const page = await open(t, { route: "presets/sheet" });
    await page.getByText("Choose one or more presets").waitFor();
    const list = page.locator(".sheet .rows");
    await list.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.getByLabel("Dandelions").check();
    await page.locator("input[type=file][multiple]").setInputFiles(join(root, "samples/tulips.png"));
    await page.getByText("6 of 6 drawn").waitFor();
    const cells = await page.locator(".cell .size").allInnerTexts();
    assert.equal(cells.length, 6);
    for (const text of cells) assert.match(text, /^(150 × 150|350 × 350) · [\d.]+ kB · jpeg$/);
    assert.deepEqual(await page.locator(".cells h3").allInnerTexts(), ["pier", "Dandelions", "tulips.png"]);
    await page.getByRole("button", { name: "Leave out pier" }).click();
    await page.getByText("4 of 4 drawn").waitFor();
    await page.getByRole("button", { name: "None" }).click();
    assert.equal(await page.locator(".cell").count(), 0);
  });

  test("sheet__stops_when_it_is_left_and_goes_on", async (t) => {
    const page = await open(t, { route: "presets/sheet" });
    for (const title of ["Dandelions", "Sunrise in the hills", "Dunes under stars", "Tulips, with alpha"]) await page.getByLabel(title).check();
    await page.getByRole("button", { name: "All shown" }).click();
    await page.getByText(/of 45 drawn/).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    const drawn = await page.locator(".cell img[src]").count();
    assert.ok(drawn < 45);
    await page.getByRole("link", { name: "Edit" }).click();
    await fact(page, "Size");
    await page.waitForTimeout(1500);
    assert.ok((await page.locator(".cell img[src]").count()) <= drawn + 3, "nothing is drawn any more");
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
    await page.locator(".desk .row").first().waitFor();
    assert.deepEqual(await tooWide(page), []);
    assert.ok(await name(page).isHidden(), "the list is first");
    await choose(page, "$main$");
    assert.deepEqual(await tooWide(page), []);
    for (const button of await page.locator(".view.presets button:visible").all()) {
      const { width, height, y } = await button.boundingBox();
      assert.ok(height >= 44 || y < 0, `${await button.innerText()} is ${width} × ${height}`);
    }
    await page.getByRole("button", { name: "All presets" }).click();
    await page.locator(".desk .row").first().waitFor();
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
});
