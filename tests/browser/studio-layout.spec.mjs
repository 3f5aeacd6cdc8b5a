// What the page looks like stays where it is: while a part is loading, and after other parts were shown.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./chromium.mjs";

/** Web Vitals calls a cumulative layout shift of at most 0.1 good. */
const MOST = 0.1;

/** The parts, each with something that is there once it is complete. */
const PARTS = {
  browse: (page) => page.getByRole("listitem").filter({ hasText: "tulips" }),
  modify: (page) => page.getByRole("img", { name: /Samples\/pier/ }),
  layers: (page) => page.getByRole("img", { name: /Samples\/pier/ }),
  presets: (page) => page.getByRole("option", { name: /\$glow\$/ }).or(page.getByText("image/jpeg", { exact: true })),
  "presets/sheet": (page) => page.getByText("1 of 1 drawn"),
  crops: (page) => page.getByRole("img", { name: "Samples/pier" }),
  "crops/folder": (page) => page.getByRole("button", { name: /tulips/ }),
  docs: (page) => page.getByRole("link", { name: "Width wid=" }),
  "docs/op_usm": (page) => page.getByRole("img", { name: /op_usm/ }),
};

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

/** Opens a part, and waits until it is complete and still. */
async function complete(t, route, options) {
  // Catalogs without presets are no fault.
  const page = await open(t, browser, { route, modifiers: "wid=800", expected: /Failed to load resource/, ...options });
  await PARTS[route](page).first().waitFor();
  await page.waitForLoadState("networkidle");
  return page;
}

for (const route of Object.keys(PARTS)) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`layout__of_${route}_at_${viewport.width}_pixels_shifts_by_${MOST}_at_most`, async (t) => {
      const page = await complete(t, route, { viewport });
      const shifts = await page.evaluate(() => new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().filter(({ hadRecentInput }) => !hadRecentInput).map(({ value, sources }) => ({ value, what: sources.map(({ node }) => node?.nodeType === 1 ? `${node.localName}#${node.id}.${node.className}` : "text").join(" ") })))).observe({ type: "layout-shift", buffered: true });
        // Without an entry the observer is not called.
        setTimeout(() => resolve([]), 500);
      }));
      const sum = shifts.reduce((sum, { value }) => sum + value, 0);
      assert.ok(sum <= MOST, `${sum.toFixed(3)}\n${shifts.map(({ value, what }) => `${value.toFixed(3)} ${what}`).join("\n")}`);
    });
  }
}

/** Where the picture is, and what has the focus, in pixels of the window; and whether the one covers the other. */
const places = (page) => page.evaluate(() => {
  const box = (element) => element.getBoundingClientRect();
  const [picture, focus] = [box(document.getElementById("stage")), box(document.activeElement)];
  const inside = document.getElementById("stage").contains(document.activeElement);
  const covers = !inside && focus.top < picture.bottom && focus.bottom > picture.top;
  return { top: picture.top, bottom: picture.bottom, name: document.activeElement.outerHTML.slice(0, 90), covers, isInView: focus.bottom > 0 && focus.top < innerHeight };
});

for (const viewport of [{ width: 360, height: 740 }, { width: 768, height: 600 }]) {
  test(`layout__keeps_the_picture_of_modify_in_view_at_${viewport.width}_pixels_and_covers_no_focus`, async (t) => {
    const page = await complete(t, "modify", { viewport });
    const quality = page.getByRole("group", { name: "Quality", exact: true }).getByRole("spinbutton");
    await quality.fill("9");
    await page.waitForURL(/qlt%3D9/);
    await page.getByRole("img", { name: "Samples/pier wid=800&qlt=9" }).waitFor();
    const at = await places(page);
    assert.ok(at.top >= 0 && at.bottom <= viewport.height * 0.45 && at.bottom > 100, JSON.stringify(at));
    // Forwards and backwards: what has the focus is never below the picture.
    for (const key of ["Tab", "Shift+Tab"]) {
      for (let step = 0; step < 25; step += 1) {
        await page.keyboard.press(key);
        const { covers, isInView, ...seen } = await places(page);
        assert.ok(!covers && isInView, `${key} ${step}: ${JSON.stringify(seen)}`);
      }
    }
    // An open panel has the room for itself.
    await page.getByRole("button", { name: "Compare formats", exact: true }).click();
    await page.getByRole("article", { name: "WebP" }).waitFor();
    await page.mouse.wheel(0, 5000);
    await page.waitForFunction(() => document.getElementById("stage").getBoundingClientRect().bottom < 0);
  });
}

test("layout__keeps_the_picture_of_a_preset_in_view_at_360_pixels", async (t) => {
  const page = await complete(t, "presets", { viewport: { width: 360, height: 740 } });
  await page.getByRole("option", { name: /\$main\$/ }).click();
  const line = page.getByLabel("Modifiers", { exact: true });
  await line.focus();
  await page.waitForFunction(() => document.getElementById("picture")?.naturalWidth > 0);
  const at = await places(page);
  assert.ok(at.top >= 0 && at.bottom <= 740 * 0.45 && at.bottom > 60 && !at.covers && at.isInView, JSON.stringify(at));
});

test("layout__of_a_window_that_is_low_leaves_the_picture_where_it_is", async (t) => {
  const page = await complete(t, "modify", { viewport: { width: 640, height: 320 } });
  await page.getByRole("group", { name: "Quality", exact: true }).getByRole("spinbutton").focus();
  assert.ok((await places(page)).bottom < 0, "the controls need the window");
});

test("layout__of_a_part_is_the_same_after_all_others_were_shown", async (t) => {
  const sheets = new Set();
  const pages = new Map();
  const boxes = (page) => page.locator("main *").evaluateAll((elements) => elements.filter((one) => one.checkVisibility()).map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return `${one.localName}.${one.className} ${[x, y, width, height].map(Math.round).join()} ${getComputedStyle(one).backgroundColor}`;
  }));
  for (const route of Object.keys(PARTS)) {
    const page = await complete(t, route, {});
    pages.set(route, page);
    for (const href of await page.locator("link[rel=stylesheet]").evaluateAll((links) => links.map((link) => link.href))) sheets.add(href);
  }
  // Those of the panels of Modify come when one is opened.
  const panel = await pages.get("modify").evaluate(() => new URL("studio/modify/panels.css", location.href).href);
  sheets.add(panel);
  for (const [route, page] of pages) {
    const before = await boxes(page);
    await page.evaluate((sheets) => Promise.all(sheets.filter((href) => ![...document.querySelectorAll("link")].some((link) => link.href === href)).map((href) => new Promise((loaded) => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: loaded }))))), [...sheets]);
    const moved = (await boxes(page)).filter((box, at) => box !== before[at]);
    assert.deepEqual(moved.slice(0, 5), [], route);
  }
});
