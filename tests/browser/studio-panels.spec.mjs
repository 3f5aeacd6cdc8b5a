// The panels below a picture in Modify: formats, devices and the explanation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readTimes, timesOf } from "../../www/studio/modify/node-times.js";
import { codeOf, devicesOf, heightFor } from "../../www/studio/modify/sizes.js";
import { drop, fact, launch, open, tooWide, violations } from "./chromium.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

async function opened(t, name, { modifiers = "wid=400", ...options } = {}) {
  const page = await open(t, browser, { modifiers, ...options });
  await fact(page, "Size");
  await page.getByRole("button", { name, exact: true }).click();
  return { page, panel: page.getByRole("region", { name, exact: true }) };
}

const card = (panel, name) => panel.getByRole("article", { name });
/** A value of a card, once it is a number. */
async function value(panel, name, fact) {
  const shown = card(panel, name).locator("dl > div").filter({ hasText: fact }).locator("dd").filter({ hasText: /\d|same/ });
  await shown.waitFor();
  return shown.innerText();
}
const number = (text) => Number(text.replace(/[^\d.]/g, ""));

test("devices__are_read_and_what_is_none_is_said", () => {
  assert.deepEqual(devicesOf("360@3, 768@1.5\n1280 2000px@2x"), [
    { width: 360, ratio: 3, pixels: 1080 },
    { width: 768, ratio: 1.5, pixels: 1152 },
    { width: 1280, ratio: 1, pixels: 1280 },
    { width: 2000, ratio: 2, pixels: 3000 },
  ]);
  for (const [text, said] of [["", /at least one/], ["phone", /“phone” is no device/], ["0@2", /width is 1 to/], ["300@9", /ratio is 0.5 to 5/], ["1 ".repeat(20), /at most 12/]]) {
    assert.throws(() => devicesOf(text), { message: said }, text);
  }
  assert.equal(heightFor(1080, 400, 300), 810);
  assert.equal(heightFor(1080, 400, NaN), undefined);
});

test("devices__code_names_each_width_once_and_escapes_addresses", () => {
  const address = (pixels, fmt) => `https://a.example/is/image/A/b?layer=1&text="<x>"&wid=${pixels}${fmt ? `&fmt=${fmt}` : ""}`;
  const { img, picture, responsive } = codeOf(devicesOf("640@2 1280 360"), { address, base: "https://a.example/is/image/A/b", modifiers: "qlt=80&fit=crop", ratio: 0.75 });
  assert.deepEqual([...img.matchAll(/wid=(\d+) (\d+)w/g)].map(([, wid, width]) => [wid, width]), [["360", "360"], ["1280", "1280"]]);
  assert.match(img, /sizes="\(max-width: 360px\) 360px, \(max-width: 640px\) 640px, 1280px"/);
  assert.match(img, /width="1280" height="960"/);
  assert.match(img, /layer=1&amp;text=&quot;&lt;x>&quot;/);
  assert.deepEqual([...picture.matchAll(/type="image\/(\w+)"/g)].map(([, type]) => type), ["avif", "webp"]);
  assert.match(responsive, /data-src="https:\/\/a\.example\/is\/image\/A\/b\?qlt=80&amp;fit=crop" data-breakpoints="360,640,1280"/);
});

test("panels__load_nothing_before_they_are_opened", async (t) => {
  const asked = [];
  const page = await open(t, browser, { modifiers: "wid=300" });
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await fact(page, "Size");
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.ok(!loaded.some((name) => /formats|devices|explain|tools/.test(name)), loaded.join("\n"));
  await page.getByRole("button", { name: "Explain", exact: true }).click();
  await page.getByRole("heading", { name: "How the picture is made" }).waitFor();
  assert.ok(asked.some((path) => path.endsWith("/explain.js")));
  assert.ok(!asked.some((path) => path.endsWith("/formats.js")));
});

test("formats__are_compared_by_bytes_and_taken_over", async (t) => {
  const { page, panel } = await opened(t, "Compare formats", { modifiers: "wid=400&qlt=80" });
  const bytes = {};
  for (const name of ["JPEG", "WebP", "AVIF", "PNG"]) bytes[name] = number(await value(panel, name, "Bytes"));
  const shown = number(await fact(page, "Bytes"));
  assert.equal(bytes.JPEG, shown);
  assert.ok(bytes.PNG > bytes.JPEG && bytes.WebP < bytes.JPEG, JSON.stringify(bytes));
  const saved = await value(panel, "WebP", "Against JPEG");
  assert.equal(number(saved), Math.round((1 - bytes.WebP / bytes.JPEG) * 100), saved);
  assert.equal(await value(panel, "JPEG", "Against JPEG"), "the same");
  await card(panel, "WebP").getByRole("button", { name: "Use WebP" }).click();
  assert.equal(await fact(page, "Type", /webp/), "image/webp");
  assert.equal(number(await fact(page, "Bytes", new RegExp(bytes.WebP.toLocaleString("en")))) > 0, true);
  await page.locator('.format[aria-label="WebP"] button[aria-pressed="true"]').waitFor();
  assert.deepEqual(await violations(page), []);
});

test("formats__are_rated_against_png", async (t) => {
  const { panel } = await opened(t, "Compare formats");
  const jpeg = number(await value(panel, "JPEG", "SSIMULACRA2"));
  assert.ok(jpeg > 40 && jpeg < 100, `${jpeg}`);
});

test("formats__of_a_file_of_this_device_leave_out_avif", async (t) => {
  const { page, panel } = await opened(t, "Compare formats");
  await drop(page, "samples/dandelions.jpg", "image/jpeg");
  await card(panel, "AVIF").getByText("Not for files of this device").waitFor();
  assert.ok(number(await value(panel, "WebP", "Bytes")) > 0);
});

test("devices__get_their_pictures_and_code", async (t) => {
  const { page, panel } = await opened(t, "Responsive code", { modifiers: "wid=400&hei=300&fit=crop" });
  await panel.getByLabel("Widths and pixel ratios").fill("200@2, 320");
  await panel.getByText("400 × 300 px ·").waitFor();
  await panel.getByText("320 × 240 px ·").waitFor();
  assert.equal(await panel.locator(".device").count(), 2);
  const code = await panel.getByLabel("<img srcset>").inputValue();
  for (const [, address] of code.matchAll(/(http\S+) \d+w/g)) {
    const reply = await page.request.get(address.replaceAll("&amp;", "&"));
    assert.equal(reply.status(), 200, address);
  }
  assert.match(code, /wid=400&amp;hei=300&amp;fit=crop 400w/);
  assert.match(code, /wid=320&amp;hei=240&amp;fit=crop 320w/);
  assert.match(await panel.getByLabel("<picture>").inputValue(), /wid=320&amp;hei=240&amp;fit=crop&amp;fmt=avif 320w/);
  assert.match(await panel.getByLabel("data-breakpoints").inputValue(), /data-src="http[^"]*pier\?fit=crop" data-breakpoints="200,320"/);
  await panel.getByLabel("Widths and pixel ratios").fill("wide");
  await panel.getByText("“wide” is no device").waitFor();
  assert.equal(await panel.locator(".device").count(), 2, "what was drawn stays");
  assert.deepEqual(await violations(page), []);
});

test("explain__names_where_each_command_comes_from", async (t) => {
  const { page, panel } = await opened(t, "Explain", { modifiers: "$thumbnail$&wid=200&layer=1&text=Sale&nonsense=1" });
  const rows = panel.locator("tbody tr");
  await rows.first().waitFor();
  const texts = await panel.locator(".scrolls table").first().locator("tbody tr").allInnerTexts();
  assert.ok(texts.some((text) => /^wid\s+200\s+URL$/.test(text)), texts.join("\n"));
  assert.ok(texts.some((text) => /qlt.*preset \$thumbnail\$/.test(text.replace(/\s+/g, " "))), texts.join("\n"));
  await panel.getByText("Replaced by a later command (1)").click();
  assert.ok((await rows.allInnerTexts()).some((text) => /wid\s+150/.test(text)));
  await panel.getByText("Without effect (1)").click();
  assert.ok(await panel.getByText("nonsense=1").isVisible());
  // What was opened stays open with the next picture.
  await page.getByLabel("URL", { exact: true }).fill("Samples/pier?$thumbnail$&wid=201&nonsense=1");
  await panel.getByText("201", { exact: true }).waitFor();
  assert.ok(await panel.getByText("nonsense=1").isVisible());
});

test("explain__draws_the_tiles_that_are_read", async (t) => {
  const { panel } = await opened(t, "Explain", { modifiers: "crop=1000,500,2000,1500&wid=500" });
  const figure = panel.getByRole("img", { name: /tiles of level \d are read/ });
  await figure.waitFor();
  const [, read, all] = /^(\d+) of (\d+)/.exec(await figure.getAttribute("aria-label"));
  assert.ok(Number(read) < Number(all), "a part of the level");
  assert.equal(await figure.locator("rect.read").count(), Number(read));
  await figure.locator("img").waitFor();
  assert.match(await panel.innerText(), /\d+ bytes/);
});

test("explain__draws_the_plan_as_a_graph", async (t) => {
  const { page, panel } = await opened(t, "Explain", { modifiers: "wid=400&layer=1&text=Sale&layer=2&src=Samples/tulips&size=900,900" });
  const nodes = panel.locator(".nodes li");
  await nodes.first().waitFor();
  const steps = await nodes.locator("b").allInnerTexts();
  assert.equal(steps.at(-1), "encode");
  assert.ok(steps.includes("source") && steps.includes("text") && steps.includes("blend"), steps.join());
  // Each node lies below what it reads, and none upon another.
  const places = await nodes.evaluateAll((all) => all.map(({ offsetLeft, offsetTop }) => `${offsetLeft},${offsetTop}`));
  assert.equal(new Set(places).size, places.length);
  assert.ok((await panel.locator(".drawing path").count()) >= steps.length - 1);
  assert.equal(await panel.locator(".stages dt").filter({ hasText: "render" }).count(), 1);
  assert.deepEqual(await violations(page), []);
});

test("explain__times_are_read_from_the_header_and_rows_share_the_next_rasters", () => {
  const header = 'render;dur=9.0, encode;dur=2.5, node3;desc="blend 00ff00aa";dur=3.4, node1;desc="place 17d480ca";dur=1.2, layers;desc="hit 1, drawn 0"';
  assert.deepEqual([...readTimes(header)], [["00ff00aa", 3.4], ["17d480ca", 1.2]]);
  assert.deepEqual([...readTimes(undefined)], []);
  const node = (step, flow, key, ...inputs) => ({ step, flow, key: `${key}111122223333`, inputs });
  const nodes = [
    node("source", "rows", "11111111"),
    node("ops", "rows", "22222222", 0),
    node("place", "raster", "17d480ca", 1),
    node("text", "raster", "33333333"),
    node("blend", "raster", "00ff00aa", 2, 3),
    node("encode", "file", "44444444", 4),
  ];
  assert.deepEqual(timesOf(nodes, { headers: { "server-timing": header }, timing: { encode: 2.5 } }), [{ within: "place" }, { within: "place" }, { milliseconds: 1.2 }, {}, { milliseconds: 3.4 }, { milliseconds: 2.5 }]);
});

test("explain__draws_the_time_of_each_step", async (t) => {
  const { page, panel } = await opened(t, "Explain", { modifiers: "wid=1200&op_blur=40&layer=1&src=Samples/tulips&size=1500,1500&rotate=20&op_blur=20" });
  const step = (name) => panel.locator(".nodes li").filter({ has: page.locator("b", { hasText: new RegExp(`^${name}$`) }) }).locator(".time");
  await step("encode").waitFor();
  const milliseconds = async (name) => Promise.all((await step(name).allInnerTexts()).map((text) => number(text)));
  assert.match(await step("encode").innerText(), /^\d+\.\d ms$/);
  assert.match(await step("source").first().innerText(), /^in \w+$/);
  const drawn = [...(await milliseconds("place")), ...(await milliseconds("collect")), ...(await milliseconds("blend"))].reduce((sum, one) => sum + one, 0);
  const stage = panel.locator(".stages > div").filter({ has: page.locator("dt", { hasText: /^render$/ }) });
  const whole = number(await stage.locator("dd").innerText());
  // Each number is rounded to a tenth.
  assert.ok(drawn > whole / 2 && drawn <= whole + 1, `${drawn} of ${whole} ms`);
  assert.equal(await panel.locator(".nodes .slowest").count(), 1);
  // No node is a stage of its own.
  assert.equal(await panel.locator(".stages dt").filter({ hasText: /node/ }).count(), 0);
  assert.deepEqual(await violations(page), []);
  // With the layer from the cache, the page says so, and the steps that were drawn have their times.
  await page.getByLabel("URL", { exact: true }).fill("Samples/pier?wid=1200&op_blur=40&layer=1&src=Samples/tulips&size=1500,1500&rotate=20&op_blur=20&pos=30,0");
  await panel.getByText(/came from the cache of layers, as \d did/).waitFor();
  assert.match(await step("blend").last().innerText(), /^\d+\.\d ms$/);
});

for (const [width, colorScheme] of [[360, "light"], [1280, "dark"]]) {
  test(`panels__fit_a_window_of_${width}_pixels_${colorScheme}`, async (t) => {
    const { page, panel } = await opened(t, "Explain", { viewport: { width, height: 800 }, colorScheme, modifiers: "wid=300&layer=1&text=Sale&pos=5,5&opac=50" });
    await panel.locator(".nodes").waitFor();
    for (const name of ["Compare formats", "Responsive code"]) await page.getByRole("button", { name, exact: true }).click();
    await page.locator('.device[aria-busy="false"]').first().waitFor();
    await value(page.getByRole("region", { name: "Compare formats" }), "PNG", "Bytes");
    assert.deepEqual(await tooWide(page).then((list) => list.filter((one) => !/nodes|drawing|^li|^b#|^span|^path|^svg|^ol|^t[dhrb]|^table|^code|^thead/.test(one))), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page does not scroll sideways");
    assert.deepEqual(await violations(page), []);
  });
}
