// Modify: the modifiers as form controls, and the form controls as modifiers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { change, valueOf } from "../../www/studio/modify/edit.js";
import { takeApart } from "../../www/studio/address.js";
import { missingName } from "../../www/studio/missing.js";
import { fact, launch, open, tooWide, violations } from "./chromium.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

/** The control of a command. */
const control = (page, name) => page.locator(`.control[data-name="${name}"]`);
const modifiers = async (page) => (await page.inputValue("#url")).split("?")[1] ?? "";
const until = (page, wanted) => page.waitForFunction((wanted) => document.getElementById("url").value.split("?")[1] === wanted, wanted);

/** Items as the engine reads them, for modifiers without brackets. */
function items(text) {
  let [at, layer] = [0, undefined];
  return text.split("&").filter(Boolean).map((part) => {
    const [from, [name, value]] = [text.indexOf(part, at), part.split("=")];
    at = from + part.length;
    if (name === "layer") layer = Number(value);
    const ofLayer = layer !== undefined && !["wid", "hei", "fmt"].includes(name);
    return { kind: name.startsWith("$") ? "macro" : "command", name, value, from, to: at, ...(ofLayer ? { layer } : {}) };
  });
}

test("edit__a_value_is_replaced_where_it_stands_and_the_rest_stays_as_typed", () => {
  for (const [before, name, value, place, after] of [
    ["wid=400&op_usm=1,1,5,0&$p$", "op_usm", "2,1,5,0", {}, "wid=400&op_usm=2,1,5,0&$p$"],
    ["wid=1&hei=2&wid=3", "wid", "9", {}, "wid=1&hei=2&wid=9"],
    ["wid=1&hei=2&wid=3", "wid", undefined, {}, "hei=2"],
    ["wid=1", "wid", undefined, {}, ""],
    ["", "wid", "9", {}, "wid=9"],
    ["wid=1&layer=1&src=A/b&layer=2&src=A/c", "hei", "7", {}, "wid=1&hei=7&layer=1&src=A/b&layer=2&src=A/c"],
    ["wid=1&layer=1&src=A/b&layer=2&src=A/c", "pos", "3,4", { layer: 1 }, "wid=1&layer=1&src=A/b&pos=3,4&layer=2&src=A/c"],
    ["wid=1", "opac", "50", { layer: 3 }, "wid=1&layer=3&opac=50"],
    ["wid=1", "text", "50 % & more", { layer: 1 }, "wid=1&layer=1&text=50%20%25%20%26%20more"],
    ["wid=1", "src", "is(A/b?wid=1&hei=2)", { layer: 1 }, "wid=1&layer=1&src=is(A/b?wid=1&hei=2)"],
    ["layer=1&src=A/b&opac=5&layer=2&opac=6", "opac", undefined, { layer: 2 }, "layer=1&src=A/b&opac=5&layer=2"],
  ]) {
    assert.equal(change(before, items(before), name, value, place), after, `${before}: ${name}`);
  }
  assert.equal(valueOf(items("wid=1&wid=3"), "wid"), "3");
  assert.equal(valueOf(items("layer=1&opac=5"), "opac"), undefined);
  assert.equal(valueOf(items("layer=1&opac=5"), "opac", { layer: 1 }), "5");
});

test("address__urls_of_sites_paths_and_bare_objects_are_taken_apart", () => {
  globalThis.location = { href: "http://studio.test/", origin: "http://studio.test" };
  for (const [text, object, modifiers, site] of [
    ["https://s7.example/is/image/Shop/red%20shoe?$pdp$&wid=8", "Shop/red shoe", "$pdp$&wid=8", "s7.example"],
    ["//s7.example/is/image/Shop/a", "Shop/a", "", "s7.example"],
    ["http://studio.test/is/image/Shop/a?wid=1#x", "Shop/a", "wid=1", undefined],
    ["/is/image/Shop/a:Wide?src=is(Shop/b?wid=1)", "Shop/a:Wide", "src=is(Shop/b?wid=1)", undefined],
    [" Shop/a?wid=1 ", "Shop/a", "wid=1", undefined],
    ["/is/image/Shop/100%", "Shop/100%", "", undefined],
  ]) {
    assert.deepEqual(takeApart(text), { object, modifiers, site }, text);
  }
  for (const text of ["", "hello", "https://s7.example/a.jpg", "/is/image/", "wid=1&hei=2", "javascript:alert(1)"]) assert.equal(takeApart(text), undefined, text);
  delete globalThis.location;
});

test("controls__every_supported_command_has_one_and_shows_its_value", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=321&op_usm=1,2,5,0&fmt=png&bgc=ff8800" });
  await fact(page, "Size");
  await control(page, "wid").locator("input[type=number]").waitFor();
  const names = await page.locator(".control").evaluateAll((all) => all.map(({ dataset }) => dataset.name));
  assert.ok(names.length > 80, String(names.length));
  for (const name of ["wid", "fmt", "op_usm", "icc", "layer", "textPs", "op_colorbalance"]) assert.ok(names.includes(name), name);
  await page.waitForFunction(() => document.querySelector('[data-name="wid"] input[type=number]').value === "321");
  const values = (name) => control(page, name).locator("input:not([type=range],[type=color]), select").evaluateAll((all) => all.map(({ value }) => value));
  assert.deepEqual(await values("wid"), ["321"]);
  assert.deepEqual(await values("op_usm"), ["1", "2", "5", "0"]);
  assert.deepEqual((await values("fmt"))[0], "png");
  assert.equal(await control(page, "bgc").locator("input[type=color]").inputValue(), "#ff8800");
  assert.ok(await control(page, "wid").evaluate(({ classList }) => classList.contains("set")));
  assert.ok(!(await control(page, "hei").evaluate(({ classList }) => classList.contains("set"))));
});

test("controls__say_in_words_what_each_switch_does", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300&qlt=80,1" });
  await fact(page, "Size");
  await control(page, "qlt").waitFor();
  const named = await page.locator(".argument.switch select").evaluateAll((all) => all.map((select) => [select.closest(".control").dataset.name, select.labels[0].textContent, ...[...select.options].map(({ text }) => text)]));
  assert.ok(named.length >= 14, String(named.length));
  for (const [name, , none, off, on] of named) {
    assert.equal(none, "–", name);
    assert.match(off, /^[a-z].+ \(0\)$/, name);
    assert.match(on, /^[a-z].+ \(1\)$/, name);
    assert.ok(!/^o(n|ff) /.test(on) && !/^o(n|ff) /.test(off), `${name}: ${off}, ${on}`);
  }
  const detail = control(page, "qlt").getByLabel("colour detail");
  assert.equal(await detail.inputValue(), "1");
  await detail.selectOption("half, smaller file (0)");
  await until(page, "wid=300&qlt=80,0");
});

test("controls__change_the_url_and_the_picture_and_take_a_command_out_again", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300" });
  await fact(page, "Size", /^300 × /);
  await control(page, "wid").locator("input[type=number]").fill("210");
  assert.match(await fact(page, "Size", /^210 × /), /^210 × /);
  await until(page, "wid=210");
  await control(page, "fmt").locator("select").first().selectOption("png");
  await fact(page, "Type", /png/);
  await page.getByLabel("Search the commands").fill("mirror");
  const flip = control(page, "flip");
  await flip.waitFor();
  await flip.locator("select").selectOption("lr");
  await until(page, "wid=210&fmt=png&flip=lr");
  await flip.getByRole("button", { name: "Remove flip" }).click();
  await until(page, "wid=210&fmt=png");
  await page.getByLabel("Search the commands").fill("no such thing at all");
  await page.getByText("No command is called that").waitFor();
});

test("controls__a_slider_moves_and_is_undone_as_one", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=200" });
  await fact(page, "Size");
  await page.getByLabel("Search the commands").fill("op_brightness");
  const slider = control(page, "op_brightness").locator("input[type=range]");
  await slider.evaluate((slider) => {
    for (const value of [10, 20, 30, 40]) {
      slider.value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  await until(page, "wid=200&op_brightness=40");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await until(page, "wid=200");
});

test("controls__of_a_layer_write_into_that_layer", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300&layer=1&src=Samples/tulips&size=90,90&layer=2&src=Samples/dunes&size=50,50" });
  await fact(page, "Size");
  await page.locator("summary", { hasText: "Layers" }).click();
  await page.getByLabel("Change layer").selectOption("1");
  const opacity = control(page, "opac").locator("input[type=number]").first();
  await opacity.fill("40");
  await until(page, "wid=300&layer=1&src=Samples/tulips&size=90,90&opac=40&layer=2&src=Samples/dunes&size=50,50");
  await page.getByLabel("Change layer").focus();
  await page.getByLabel("Change layer").selectOption("2");
  await page.waitForFunction(() => document.querySelector('[data-name="opac"] input[type=number]').value === "");
});

test("controls__a_value_that_is_wrong_is_marked_at_its_control", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=wide" });
  await fact(page, "Status");
  await page.waitForFunction(() => document.querySelector('[data-name="wid"]')?.classList.contains("wrong"));
  await page.getByLabel("URL", { exact: true }).fill(`${new URL("/is/image/Samples/pier", page.url()).href}?widt=300`);
  await page.locator("#url-problem", { hasText: /did you mean wid/i }).waitFor();
  await page.getByLabel("URL", { exact: true }).fill("/is/image/Samples/pier?wid=300&cachebuster=7&cachebuster=8");
  await page.locator("#url-problem", { hasText: /^cachebuster= has no effect\.$/ }).waitFor();
});

test("controls__a_preset_is_called_before_all_else_and_another_takes_its_place", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300&op_invert=1" });
  await fact(page, "Size");
  const preset = page.getByLabel("Preset", { exact: true });
  await preset.locator("option", { hasText: "thumbnail" }).waitFor({ state: "attached" });
  assert.equal(await preset.inputValue(), "");
  await preset.selectOption("thumbnail");
  await until(page, "$thumbnail$&wid=300&op_invert=1");
  await preset.selectOption("main");
  await until(page, "$main$&wid=300&op_invert=1");
  await preset.selectOption("");
  await until(page, "wid=300&op_invert=1");
});

test("missing__the_image_that_is_not_there_is_found_in_the_error", () => {
  for (const [message, name] of [
    ["Samples/nothing: no such image (assets/Samples/nothing.tif)", "Samples/nothing"],
    ["layer=2: src=Samples/a b: no such image (assets/Samples/a b.tif)", "Samples/a b"],
    ["src=Samples/a:Wide: no such image", "Samples/a:Wide"],
    ["", "Shop/shoe"],
  ]) {
    assert.equal(missingName(`Image not found\n${message}`, "Shop/shoe"), name, message);
  }
  assert.equal(missingName("Bad request\nwid=wide: no such image", "Shop/shoe"), undefined);
});

test("missing__an_image_is_named_with_what_to_do_and_the_last_picture_stays", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300", expected: /403 \(Forbidden\)/ });
  await fact(page, "Size", /^300 × /);
  const picture = page.locator("#picture");
  const url = page.getByLabel("URL", { exact: true });
  const shown = await picture.getAttribute("src");
  await url.fill("Samples/peir?wid=310");
  const message = page.getByRole("status").filter({ hasText: "There is no picture Samples/peir on this server." });
  await message.getByText("Check the spelling").waitFor();
  assert.ok(await picture.isVisible(), "the last good picture");
  assert.equal(await picture.getAttribute("src"), shown);
  assert.equal(await url.inputValue(), "Samples/peir?wid=310");
  assert.deepEqual(await violations(page), []);
  // The image of a layer is named, not the object.
  await url.fill("Samples/pier?wid=310&layer=1&src=Samples/lgo");
  await page.locator("#message", { hasText: "There is no picture Samples/lgo" }).waitFor();
  await url.fill("Elsewhere/pier?wid=310");
  await page.locator("#message", { hasText: "may not read the catalog Elsewhere" }).waitFor();
  await url.fill("Samples/peir?wid=310");
  await message.getByRole("link", { name: /Browse/ }).click();
  await page.getByRole("listitem").filter({ hasText: "tulips" }).getByRole("button").first().click();
  await fact(page, "Size", /^310 × /);
  assert.ok(await page.locator("#message").isHidden());
  assert.match(await picture.getAttribute("alt"), /^Samples\/tulips wid=310$/);
});

for (const [width, colorScheme] of [[360, "light"], [768, "dark"], [1280, "light"], [1920, "dark"]]) {
  test(`modify__is_whole_at_${width}_pixels_in_the_${colorScheme}`, async (t) => {
    const page = await open(t, browser, { modifiers: "$product$&wid=640&op_usm=1,1,5,0", viewport: { width, height: 900 }, colorScheme });
    await fact(page, "Size");
    await control(page, "wid").waitFor();
    for (const summary of await page.locator("summary").all()) if (!(await summary.evaluate(({ parentElement }) => parentElement.open))) await summary.click();
    assert.deepEqual(await tooWide(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.deepEqual(await violations(page), []);
  });
}

test("first_load__is_at_most_a_mebibyte", async (t) => {
  const { gzipSync } = await import("node:zlib");
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const bodies = [];
  page.on("response", (response) => {
    const { pathname, protocol } = new URL(response.url());
    if (protocol.startsWith("http") && !pathname.startsWith("/is/") && !pathname.startsWith("/preview/")) bodies.push(response.body().then((body) => [pathname, gzipSync(body).length]));
  });
  await page.goto(process.env.AZULEJO_URL);
  await fact(page, "Size");
  await page.waitForLoadState("networkidle");
  const sizes = Object.fromEntries(await Promise.all(bodies));
  assert.ok(Object.keys(sizes).some((path) => path.endsWith(".wasm")), "the worker's files count, too");
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  assert.ok(all <= 1 << 20, `${all} gzipped bytes: ${JSON.stringify(sizes)}`);
});
