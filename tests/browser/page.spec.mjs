// The Studio at `/`, as a visitor uses it: the address, the picture, what is said about it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { drop, fact, launch, open, root, tooWide, violations } from "./chromium.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

/** Types other modifiers into the address. */
async function modify(page, modifiers) {
  const url = page.getByLabel("URL", { exact: true });
  await url.fill((await url.inputValue()).replace(/\?.*|$/s, `?${modifiers}`));
}

const shown = (page) => page.locator("#picture").evaluate((picture) => picture.src);

test("a sample is rendered, with its facts and its URL", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=420" });
  assert.match(await fact(page, "Size"), /^420 × \d+ px$/);
  assert.equal(await fact(page, "Type"), "image/jpeg");
  assert.match(await fact(page, "Stages"), /render \d/);
  assert.equal(await page.inputValue("#url"), new URL("/is/image/Samples/pier?wid=420", process.env.AZULEJO_URL).href);
});

test("every sample of the list is there and can be chosen", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=90" });
  await fact(page, "Size");
  const names = await page.locator("#samples img").evaluateAll((images) => images.map(({ alt }) => alt));
  assert.ok(names.length >= 5);
  for (const name of names) {
    const before = await shown(page);
    const radio = page.getByRole("radio", { name, exact: true });
    if (await radio.isChecked()) continue;
    await radio.check({ force: true });
    await page.waitForFunction((before) => document.getElementById("picture").src !== before, before);
    assert.match(await fact(page, "Size"), /^90 × /);
  }
});

test("modifiers change the picture and the address", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300" });
  await fact(page, "Size", /^300 × /);
  await modify(page, "wid=200&hei=100&fit=crop&fmt=png");
  assert.equal(await fact(page, "Size", /^200 × /), "200 × 100 px");
  assert.equal(await fact(page, "Type"), "image/png");
  assert.match(decodeURIComponent(new URL(page.url()).hash), /modifiers=wid=200&hei=100&fit=crop&fmt=png/);
});

test("only the last of hasty changes is shown", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=1500&op_usm=2,9" });
  await fact(page, "Size");
  for (const width of [1499, 1498, 1497, 60]) {
    await modify(page, `wid=${width}&op_usm=2,9`);
    await page.waitForTimeout(160);
  }
  await fact(page, "Size", /^60 × /);
  await page.waitForTimeout(1000);
  assert.match(await fact(page, "Size"), /^60 × /);
});

test("a bad modifier is told with the command's name", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=wide" });
  assert.equal(await fact(page, "Status"), "403");
  assert.match(await page.locator("#message").innerText(), /wid/);
  assert.ok(await page.locator("#picture").isHidden(), "there was no picture yet");
  assert.equal(await page.locator("#url-problem mark").innerText(), "wid=wide");
  await modify(page, "wid=100");
  await fact(page, "Size", /^100 × /);
  assert.ok(await page.locator("#message").isHidden());
});

test("what is asked about a picture is shown as text", async (t) => {
  const page = await open(t, browser, { modifiers: "req=imageprops" });
  assert.equal(await fact(page, "Status"), "200");
  assert.match(await page.locator("#message").innerText(), /image\.width=5470/);
});

test("the server shows its answer, what its cache did, and the same bytes", async (t) => {
  // A request of its own, so that the first answer cannot come from the cache.
  const width = 500 + Math.floor(Math.random() * 1000);
  const page = await open(t, browser, { modifiers: `wid=${width}` });
  await fact(page, "Size", new RegExp(`^${width} × `));
  await page.getByRole("radio", { name: "By the server" }).check({ force: true });
  assert.match(await fact(page, "X-Azulejo-Cache"), /^(miss|hit)$/);
  assert.equal(await fact(page, "Bytes as here"), "the same");
});

test("a dropped JPEG is rendered here, and not offered by the server", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=640" });
  await fact(page, "Size");
  await drop(page, "samples/dandelions.jpg", "image/jpeg");
  assert.equal(await fact(page, "Size", /× 360 px/), "640 × 360 px");
  assert.match(await page.locator("#file-name").innerText(), /dandelions\.jpg/);
  assert.ok(await page.getByRole("radio", { name: "By the server" }).isDisabled());
  const copy = page.getByRole("button", { name: "Copy" });
  assert.equal(await copy.getAttribute("aria-disabled"), "true", "it has no URL before it is stored");
  assert.match(await page.locator("#url-problem").innerText(), /azulejo ingest/);
  await page.locator("#samples label").first().click();
  await page.waitForFunction(() => document.getElementById("url").value.includes("/is/image/Samples/"));
  assert.equal(await copy.getAttribute("aria-disabled"), "false");
});

test("a chosen pyramid is rendered from the file itself", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=100&fmt=png" });
  await page.setInputFiles("#file", join(root, "tests/fixtures/chart.tif"));
  assert.equal(await fact(page, "Size", /× 67 px/), "100 × 67 px");
});

test("a file of another kind is drawn after a pyramid was made of it", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=120&fmt=png" });
  await fact(page, "Size");
  for (const [path, type, size] of [
    ["crates/ingest-cli/tests/fixtures/pictures.psd", "image/vnd.adobe.photoshop", /^120 × \d+ px$/],
    ["tests/golden/output/gif.gif", "image/gif", /^120 × \d+ px$/],
  ]) {
    const before = await shown(page);
    await drop(page, path, type);
    await page.waitForFunction((before) => document.getElementById("picture").src !== before && !document.getElementById("picture").hidden, before);
    assert.match(await fact(page, "Size"), size, path);
    assert.match(await page.locator("#file-name").innerText(), new RegExp(path.split("/").at(-1)));
  }
});

test("a file that is no picture is an error, and the next one is rendered", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=100" });
  // What is dropped before the page has found its first picture may be overtaken by that.
  await fact(page, "Size");
  await drop(page, "tests/fixtures/README.md", "image/tiff");
  await page.locator("#message", { hasText: "README.md" }).waitFor();
  await page.setInputFiles("#file", join(root, "tests/fixtures/chart.tif"));
  await fact(page, "Size", /^100 × /);
});

test("the URL can be copied", async (t) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const page = await open(t, browser, { modifiers: "wid=77", permissions });
  await fact(page, "Size");
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.inputValue("#url"));
});

test("the last good picture stays while the modifiers are wrong", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300" });
  await fact(page, "Size");
  const good = await shown(page);
  await modify(page, "wid=300&op_usm=much");
  assert.equal(await fact(page, "Status"), "403");
  assert.equal(await shown(page), good);
  assert.ok(await page.locator("#picture").isVisible());
  assert.match(await page.locator("#message").innerText(), /op_usm/);
  assert.equal(await page.locator("#url-problem mark").innerText(), "op_usm=much");
  assert.equal(await page.getByLabel("URL", { exact: true }).getAttribute("aria-invalid"), "true");
});

test("the address of a live site is taken apart", async (t) => {
  const page = await open(t, browser);
  await fact(page, "Size");
  const url = page.getByLabel("URL", { exact: true });
  await url.fill("https://images.example.com/is/image/Samples/dun%65s?wid=222&hei=100&fit=crop#top");
  assert.equal(await fact(page, "Size", /^222 × /), "222 × 100 px");
  assert.match(await page.locator("#url-problem").innerText(), /Taken from images\.example\.com: the picture is Samples\/dunes/);
  await url.press("Enter");
  assert.equal(await url.inputValue(), new URL("/is/image/Samples/dunes?wid=222&hei=100&fit=crop", page.url()).href);
  await url.fill("https://images.example.com/products/shoe.jpg");
  assert.match(await page.locator("#url-problem").innerText(), /needs \/is\/image\//);
  assert.equal(await fact(page, "Size"), "222 × 100 px", "what was there stays");
});

test("changes are taken back and made again", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300" });
  await fact(page, "Size", /^300 × /);
  const [undo, redo] = ["Undo", "Redo"].map((name) => page.getByRole("button", { name, exact: true }));
  assert.equal(await undo.getAttribute("aria-disabled"), "true");
  await modify(page, "wid=200");
  await fact(page, "Size", /^200 × /);
  await page.locator("#samples label").nth(1).click();
  await page.waitForFunction(() => document.getElementById("url").value.includes("dandelions"));
  await undo.click();
  await page.waitForFunction(() => document.getElementById("url").value.includes("pier?wid=200"));
  await page.keyboard.press("Control+z");
  await fact(page, "Size", /^300 × /);
  await redo.click();
  await page.keyboard.press("Control+Shift+z");
  await page.waitForFunction(() => document.getElementById("url").value.includes("dandelions?wid=200"));
  assert.equal(await redo.getAttribute("aria-disabled"), "true");
});

test("the picture is compared with the one before", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300&fmt=png" });
  await fact(page, "Size");
  const bytes = Number((await fact(page, "Bytes")).replace(/\D/g, ""));
  await modify(page, "wid=300&fmt=jpeg");
  await fact(page, "Type", /jpeg/);
  const change = /^([\d,]+) \(−(\d+) % of before\)$/.exec(await fact(page, "Bytes"));
  const now = Number(change[1].replaceAll(",", ""));
  assert.equal(Number(change[2]), Math.round(((bytes - now) / bytes) * 100));
  await page.getByRole("button", { name: "Before and after" }).click();
  const slider = page.getByRole("slider", { name: "Boundary between before and after" });
  const clip = () => page.locator(".frame .before").evaluate((image) => getComputedStyle(image).clipPath);
  assert.match(await clip(), /inset\(0px 50%/);
  await slider.press("ArrowRight");
  assert.match(await clip(), /inset\(0px 49%/);
});

test("squares show only where the picture is transparent", async (t) => {
  const page = await open(t, browser, { id: "Samples/tulips", modifiers: "wid=200&fmt=png-alpha" });
  await fact(page, "Size");
  const squares = () => page.locator("#stage").evaluate((stage) => getComputedStyle(stage).backgroundImage !== "none");
  assert.ok(await squares());
  await modify(page, "wid=200&fmt=png");
  await fact(page, "Bytes", /before/);
  assert.ok(!(await squares()));
});

test("zoom and loupe show pixels", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=2000" });
  await fact(page, "Size");
  const width = () => page.locator("#picture").evaluate((picture) => picture.getBoundingClientRect().width);
  assert.ok((await width()) < 1000);
  await page.locator("#stage").focus();
  await page.keyboard.press("1");
  assert.equal(await width(), 2000);
  await page.keyboard.press("+");
  assert.equal(await width(), 4000);
  await page.keyboard.press("0");
  await page.getByRole("button", { name: "Loupe" }).click();
  await page.locator("#picture").hover();
  const seen = await page.locator(".loupe").evaluate((canvas) => canvas.getContext("2d").getImageData(180, 180, 1, 1).data[3]);
  assert.equal(seen, 255);
});

for (const [end, how] of [["continue", "is there"], ["abort", "cannot be had"]]) {
  test(`a part is shown once its style ${how}`, async (t) => {
    const page = await open(t, browser, { modifiers: "wid=900&layer=1&text=\\fs600 Sale", expected: /ERR_FAILED/ });
    const asked = new Promise((resolve) => page.route("**/layers.css", resolve));
    await fact(page, "Size");
    await page.getByRole("link", { name: "Layers" }).click();
    const route = await asked;
    // Nothing can be clicked while the page would still move.
    assert.equal(await page.getByRole("button", { name: "Add text" }).count(), 0);
    await route[end]();
    await page.getByRole("button", { name: "Italic" }).click();
    await page.waitForFunction(() => location.hash.includes("%5Ci%2520Sale"));
  });
}

test("an engine that cannot be loaded is said, and is tried again", async (t) => {
  const page = await open(t, browser, { expected: /Failed to load resource/, modifiers: "wid=100" });
  await fact(page, "Size");
  await page.route("**/pkg/*", (route) => route.abort());
  await page.reload();
  await page.locator("#message", { hasText: "The picture cannot be read" }).waitFor();
  await page.unroute("**/pkg/*");
  await modify(page, "wid=120");
  assert.match(await fact(page, "Size"), /^120 × /);
});

test("what is typed stays when the server goes away", async (t) => {
  const page = await open(t, browser, { expected: /Failed to load resource/, modifiers: "wid=100" });
  await fact(page, "Size");
  await page.route("**/preview/**", (route) => route.abort());
  await page.route("**/is/**", (route) => route.abort());
  await modify(page, "wid=1999&op_invert=1");
  await page.locator("#message", { hasText: /server|store|storage|fetch/i }).waitFor();
  assert.match(await page.inputValue("#url"), /wid=1999&op_invert=1$/);
  assert.ok(await page.locator("#picture").isVisible(), "the last picture stays");
  await page.unroute("**/preview/**");
  await modify(page, "wid=1998&op_invert=1");
  assert.match(await fact(page, "Size", /^1998/), /^1998 × /);
});

test("the keyboard reaches navigation, address, picture, commands and result in this order", async (t) => {
  const page = await open(t, browser);
  await fact(page, "Size");
  const reached = [];
  while (reached.at(-1) !== "stage" && reached.length < 300) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.name || document.activeElement.id || document.activeElement.textContent));
  }
  const wanted = ["Skip to the content", "Modify", "url", "copy", "sample", "file", "search", "place", "stage"];
  const order = wanted.map((name) => reached.indexOf(name));
  assert.ok(order.every((at) => at >= 0), reached.join(" "));
  assert.deepEqual(order, order.toSorted((one, other) => one - other), reached.join(" "));
});

test("a window of 360 pixels needs no sideways scrolling", async (t) => {
  for (const modifiers of ["wid=2000", "wid=wide&op_usm=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"]) {
    const page = await open(t, browser, { modifiers, viewport: { width: 360, height: 740 } });
    await fact(page, "Bytes");
    const wide = await tooWide(page);
    assert.deepEqual(wide, [], modifiers);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
});

/** Contrast by WCAG 2.2, of an element's text on the nearest opaque ground behind it. */
function contrast(element) {
  const parse = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parse(color).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let ground = element;
  while (ground.parentElement && parse(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const [one, other] = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].map(luminance);
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

for (const colorScheme of ["light", "dark"]) {
  test(`every text can be read in the ${colorScheme}`, async (t) => {
    const page = await open(t, browser, { modifiers: "wid=wide", colorScheme });
    await fact(page, "Status");
    assert.deepEqual(await violations(page), []);
    const texts = "h1, h2, legend, summary, .hint, .drop span, .drop small, #url, button, nav a, .places input:enabled + span, #message, mark, dt, dd, .control code, .argument label, footer p, footer a";
    const elements = await page.locator(texts).filter({ visible: true }).all();
    assert.ok(elements.length > 20);
    for (const element of elements) {
      const ratio = await element.evaluate(contrast);
      assert.ok(ratio >= 4.5, `${ratio.toFixed(2)}: ${await element.innerText()}`);
    }
  });
}

test("the dark changes the ground", async (t) => {
  const ground = async (colorScheme) => {
    const page = await open(t, browser, { colorScheme });
    return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  };
  assert.notEqual(await ground("light"), await ground("dark"));
});
