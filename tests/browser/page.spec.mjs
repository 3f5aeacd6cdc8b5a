// The preview page, as a visitor uses it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { drop, fact, launch, open, root } from "./chromium.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

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
  await page.getByLabel("Modifiers").fill("wid=200&hei=100&fit=crop&fmt=png");
  assert.equal(await fact(page, "Size", /^200 × /), "200 × 100 px");
  assert.equal(await fact(page, "Type"), "image/png");
  assert.match(decodeURIComponent(new URL(page.url()).hash), /modifiers=wid=200&hei=100&fit=crop&fmt=png/);
});

test("a preset replaces what is typed, a command is added to it", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=300" });
  await page.getByRole("button", { name: "$thumbnail$" }).click();
  assert.equal(await page.inputValue("#modifiers"), "$thumbnail$");
  await page.getByRole("button", { name: "flip=lr" }).click();
  assert.equal(await page.inputValue("#modifiers"), "$thumbnail$&flip=lr");
  assert.equal(await fact(page, "Size", /^150 × /), "150 × 150 px");
});

test("only the last of hasty changes is shown", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=1500&op_usm=2,9" });
  await fact(page, "Size");
  const field = page.getByLabel("Modifiers");
  for (const width of [1499, 1498, 1497, 60]) {
    await field.fill(`wid=${width}&op_usm=2,9`);
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
  assert.ok(await page.locator("#picture").isHidden());
  await page.getByLabel("Modifiers").fill("wid=100");
  await fact(page, "Size", /^100 × /);
  assert.ok(await page.locator("#message").isHidden());
});

test("what is asked about a picture is shown as text", async (t) => {
  const page = await open(t, browser, { modifiers: "req=imageprops" });
  assert.equal(await fact(page, "Status"), "200");
  assert.match(await page.locator("#message").innerText(), /image\.width=5470/);
});

test("the edge shows its answer, what its cache did, and the same bytes", async (t) => {
  // A request of its own, so that the first answer cannot come from the cache.
  const width = 500 + Math.floor(Math.random() * 1000);
  const page = await open(t, browser, { modifiers: `wid=${width}` });
  await fact(page, "Size", new RegExp(`^${width} × `));
  await page.getByRole("radio", { name: "At the edge" }).check({ force: true });
  assert.match(await fact(page, "X-Azulejo-Cache"), /^(miss|hit)$/);
  assert.equal(await fact(page, "Bytes as here"), "the same");
});

test("a dropped JPEG is rendered here, and not offered at the edge", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=640" });
  await fact(page, "Size");
  await drop(page, "samples/dandelions.jpg", "image/jpeg");
  assert.equal(await fact(page, "Size", /× 360 px/), "640 × 360 px");
  assert.match(await page.locator("#file-name").innerText(), /dandelions\.jpg/);
  assert.ok(await page.getByRole("radio", { name: "At the edge" }).isDisabled());
  assert.equal(await page.inputValue("#url"), "", "it has no URL before it is stored");
  assert.ok(await page.getByRole("button", { name: "Copy" }).isDisabled());
  await page.locator("#samples label").first().click();
  await page.waitForFunction(() => document.getElementById("url").value.includes("/is/image/Samples/"));
  assert.ok(await page.getByRole("button", { name: "Copy" }).isEnabled());
});

test("a chosen pyramid is rendered from the file itself", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=100&fmt=png" });
  await page.setInputFiles("#file", join(root, "tests/fixtures/chart.tif"));
  assert.equal(await fact(page, "Size", /× 67 px/), "100 × 67 px");
});

test("a file that is no picture is an error, and the next one is rendered", async (t) => {
  const page = await open(t, browser, { modifiers: "wid=100" });
  // What is dropped before the page has found its first picture may be overtaken by that.
  await fact(page, "Size");
  await drop(page, "tests/fixtures/README.md", "image/tiff");
  await page.locator("#message", { hasText: "not a TIFF" }).waitFor();
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

test("the keyboard reaches picture, modifiers, result and URL in this order", async (t) => {
  const page = await open(t, browser);
  await fact(page, "Size");
  const reached = [];
  for (let press = 0; press < 16; press += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.name || document.activeElement.id));
  }
  const order = ["sample", "file", "modifiers", "place", "url", "copy"].map((name) => reached.indexOf(name));
  assert.ok(order.every((at) => at >= 0), reached.join(" "));
  assert.deepEqual(order, order.toSorted((one, other) => one - other), reached.join(" "));
});

test("a window of 360 pixels needs no sideways scrolling", async (t) => {
  for (const modifiers of ["wid=2000", "wid=wide&op_usm=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"]) {
    const page = await open(t, browser, { modifiers, viewport: { width: 360, height: 740 } });
    await fact(page, "Bytes");
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
        .map((element) => `${element.localName}#${element.id}`),
    );
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
    const texts = "h1, h2, legend, header p, .hint, .drop span, .drop small, textarea, #url, button, .places input:enabled + span, #message, dt, dd, footer p, footer a";
    const elements = await page.locator(texts).all();
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
