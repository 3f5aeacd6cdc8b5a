// Zoom viewer, image sets with swatches, and the flyout: by keyboard, mouse and touch.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openAt } from "./chromium.mjs";
import { phone, startShop, swipe, whenReady } from "./viewers.mjs";

let browser;
let shop;

before(async () => {
  [browser, shop] = await Promise.all([launch(), startShop()]);
});

after(async () => {
  await browser?.close();
  await shop?.stop();
});

const at = (path) => new URL(`/s7viewers/html5/${path}`, shop.url);

const zoomOf = (viewer) => viewer.evaluate(({ zoom }) => zoom);

/** Waits until the zoom is between these. */
const untilZoom = (page, least, most = Infinity) =>
  page.waitForFunction(
    ([least, most]) => {
      const { zoom } = document.querySelector("azulejo-zoom");
      return zoom >= least && zoom <= most;
    },
    [least, most === Infinity ? 1e9 : most],
    { polling: 50 },
  );

const untilWhole = (page, fit) => untilZoom(page, fit, fit);

/** Counts tiles, and says which parts they are. */
function tilesOf(page) {
  const tiles = [];
  page.on("request", (request) => {
    const { searchParams, pathname } = new URL(request.url());
    if (searchParams.get("req") === "tile") tiles.push({ name: pathname.split("/").at(-1), scale: Number(searchParams.get("scl")), rect: searchParams.get("rect").split(",").map(Number), id: searchParams.get("id") });
  });
  return tiles;
}

test("zoom__keys_zoom_move_and_reset_and_only_tiles_in_view_are_loaded", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/pier"), { deviceScaleFactor: 1 });
  const tiles = tilesOf(page);
  const viewer = await whenReady(page, "azulejo-zoom");
  const fit = await zoomOf(viewer);
  assert.ok(fit > 0.1 && fit < 0.2, `${fit}`);
  assert.deepEqual(tiles, [], "the whole picture needs no tiles");
  await viewer.locator(".stage").focus();
  await page.keyboard.press("+");
  await untilZoom(page, fit * 1.99);
  await page.keyboard.press("+");
  await untilZoom(page, fit * 3.99);
  await page.keyboard.press("ArrowRight");
  await page.waitForLoadState("networkidle");
  assert.ok(tiles.length > 3, `${tiles.length}`);
  const finest = Math.min(...tiles.map(({ scale }) => scale));
  const shown = tiles.filter(({ scale }) => scale === finest);
  const [columns, rows] = [Math.ceil(5470 / finest / 512), Math.ceil(3646 / finest / 512)];
  assert.ok(shown.length < columns * rows, `${shown.length} of ${columns * rows} tiles`);
  for (const { rect, id } of tiles) assert.ok(rect[0] % 512 === 0 && rect[1] % 512 === 0 && rect[2] <= 512 && rect[3] <= 512 && id, rect.join());
  await page.keyboard.press("0");
  await untilWhole(page, fit);
  await page.keyboard.press("-");
  assert.equal(await zoomOf(viewer), fit, "not smaller than the whole");
});

test("zoom__the_tiles_make_up_the_picture_of_the_server", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/tulips&stagesize=300,300&fmt=png"), { deviceScaleFactor: 1 });
  const viewer = await whenReady(page, "azulejo-zoom");
  await viewer.locator(".stage").focus();
  await page.keyboard.press("+");
  await untilZoom(page, 1, 1);
  await page.waitForLoadState("networkidle");
  const most = await viewer.evaluate(async ({ shadowRoot }) => {
    const canvas = shadowRoot.querySelector("canvas");
    const { width, height } = canvas;
    const image = new Image();
    // The picture is 500 pixels wide and high; its middle is shown.
    image.src = `/is/image/Samples/tulips?scl=1&rect=${(500 - width) / 2},${(500 - height) / 2},${width},${height}&fmt=png`;
    await image.decode();
    const other = Object.assign(document.createElement("canvas"), { width, height });
    other.getContext("2d").drawImage(image, 0, 0);
    const [one, two] = [canvas, other].map((each) => each.getContext("2d").getImageData(0, 0, width, height).data);
    return one.reduce((most, value, index) => Math.max(most, Math.abs(value - two[index])), 0);
  });
  assert.ok(most <= 1, `levels differ by up to ${most}`);
});

test("zoom__wheel_double_click_drag_and_buttons", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/pier"));
  const viewer = await whenReady(page, "azulejo-zoom");
  const fit = await zoomOf(viewer);
  const zoomIn = viewer.getByRole("button", { name: "Zoom in" });
  const all = viewer.getByRole("button", { name: "Show all" });
  assert.equal(await all.getAttribute("aria-disabled"), "true");
  await page.mouse.move(450, 300);
  await page.mouse.wheel(0, -400);
  await untilZoom(page, fit * 1.5);
  const canvas = () => viewer.locator("canvas").evaluate((canvas) => canvas.toDataURL());
  await page.waitForLoadState("networkidle");
  const still = await canvas();
  await page.mouse.down();
  await page.mouse.move(300, 250, { steps: 5 });
  await page.mouse.up();
  assert.notEqual(await canvas(), still, "the drag moves the picture");
  await all.click();
  await untilWhole(page, fit);
  await page.mouse.dblclick(450, 300);
  await untilZoom(page, fit * 1.99);
  for (let click = 0; click < 5; click += 1) {
    await zoomIn.click({ force: true });
    await page.waitForTimeout(300);
  }
  assert.equal(await zoomOf(viewer), 1, "not beyond the picture's own pixels");
  assert.equal(await zoomIn.getAttribute("aria-disabled"), "true");
  await page.mouse.dblclick(450, 300);
  await untilWhole(page, fit);
});

/** Two fingers that come apart around a point. */
async function pinch(page, { x, y }, from, to) {
  const client = await page.context().newCDPSession(page);
  const points = (half) => [{ x: x - half, y, id: 1 }, { x: x + half, y, id: 2 }];
  await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points(from) });
  for (let step = 1; step <= 8; step += 1) {
    await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: points(from + ((to - from) * step) / 8) });
  }
  await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

test("zoom__fingers_pinch_double_tap_and_swipe_to_the_next_picture", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/album"), phone);
  const viewer = await whenReady(page, "azulejo-zoom");
  const fit = await zoomOf(viewer);
  await pinch(page, { x: 180, y: 200 }, 30, 120);
  await untilZoom(page, fit * 2.5);
  await viewer.getByRole("button", { name: "Show all" }).tap();
  await untilWhole(page, fit);
  await page.touchscreen.tap(180, 200);
  await page.touchscreen.tap(182, 201);
  await untilZoom(page, fit * 1.9);
  await viewer.getByRole("button", { name: "Show all" }).tap();
  await untilWhole(page, fit);
  await swipe(page, { x: 280, y: 200 }, { x: 80, y: 205 });
  await viewer.getByRole("option", { name: "2 of 3", selected: true }).waitFor();
});

test("zoom__a_thrown_picture_coasts_unless_motion_is_reduced", async (t) => {
  for (const reducedMotion of ["no-preference", "reduce"]) {
    const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/pier"), { reducedMotion });
    const viewer = await whenReady(page, "azulejo-zoom");
    await page.mouse.move(450, 300);
    await page.mouse.wheel(0, -300);
    await page.mouse.wheel(0, -300);
    await page.waitForLoadState("networkidle");
    // The events are made within the page: how fast a test's own arrive depends on the machine.
    const canvas = viewer.locator("canvas");
    const thrown = await viewer.evaluate(async ({ shadowRoot }) => {
      const stage = shadowRoot.querySelector(".stage");
      const send = (type, x) => stage.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: "mouse", clientX: x, clientY: 300, bubbles: true }));
      send("pointerdown", 450);
      for (let x = 440; x >= 400; x -= 10) {
        await new Promise(requestAnimationFrame);
        send("pointermove", x);
      }
      send("pointerup", 400);
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return shadowRoot.querySelector("canvas").toDataURL();
    });
    await page.waitForTimeout(600);
    assert.equal((await canvas.evaluate((one) => one.toDataURL())) === thrown, reducedMotion === "reduce", reducedMotion);
  }
});

test("zoom__swatches_are_chosen_by_mouse_and_arrow_keys", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/album"));
  const viewer = await whenReady(page, "azulejo-zoom");
  const list = viewer.getByRole("listbox", { name: "Views" });
  assert.deepEqual(await list.getByRole("option").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label"))), ["1 of 3", "2 of 3", "Red"]);
  assert.equal(await list.locator(".color").evaluate((color) => color.style.background), "rgb(204, 34, 0)");
  await list.getByRole("option", { name: "2 of 3" }).click();
  await viewer.locator('.stage[aria-label="2 of 3"]').waitFor();
  await page.keyboard.press("ArrowRight");
  await viewer.locator('.stage[aria-label="Red"]').waitFor();
  assert.equal(await list.getByRole("option", { name: "Red" }).getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Home");
  await viewer.locator('.stage[aria-label="1 of 3"]').waitFor();
  assert.equal(await list.getByRole("option").evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex === 0).length), 1, "one stop of the tab key");
});

test("zoom__sets_in_the_address_with_modifiers_and_presets_of_the_server", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/pier%3Fflip%3Dlr,Samples/dunes&config=Samples/preset&initialframe=1"));
  const viewer = await whenReady(page, "azulejo-zoom");
  assert.equal(await viewer.getByRole("option").nth(1).getAttribute("aria-selected"), "true");
  const mirrored = page.waitForRequest((request) => /\/pier\?flip=lr&/.test(request.url()));
  await viewer.getByRole("option").first().click();
  await mirrored;
  await viewer.locator('.stage[aria-label="1 of 2"]').waitFor();
  await viewer.locator(".stage").focus();
  const fit = await zoomOf(viewer);
  await page.keyboard.press("+");
  // `ZoomView.zoomstep=2,2` of the preset: two actions for each factor of two.
  await untilZoom(page, fit * 1.4, fit * 1.43);
});

test("zoom__parts_that_fail_are_said_and_tried_again", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/pier"), { expected: /Failed to load resource/ });
  const viewer = await whenReady(page, "azulejo-zoom");
  await page.route(/req=tile/, (route) => route.abort());
  await viewer.locator(".stage").focus();
  const fit = await zoomOf(viewer);
  await page.keyboard.press("+");
  await untilZoom(page, fit * 1.99);
  const again = viewer.getByRole("button", { name: "Parts are missing. Try again" });
  await again.waitFor();
  await page.unroute(/req=tile/);
  await again.click();
  await again.waitFor({ state: "hidden" });
});

/** What the flyout shows, once it has loaded its picture. */
const enlarged = async (page) => (await page.waitForFunction(() => document.querySelector("azulejo-flyout").enlarged)).jsonValue();

test("flyout__the_mouse_opens_it_beside_the_picture_and_leads_it", async (t) => {
  const page = await openAt(t, browser, at("FlyoutViewer.html?asset=Samples/pier,Samples/dunes&stagesize=400,300"));
  const viewer = await whenReady(page, "azulejo-flyout");
  await page.mouse.move(100, 150);
  await viewer.locator(".flyout").waitFor();
  const [stage, flyout] = await Promise.all([".stage", ".flyout"].map((name) => viewer.locator(name).boundingBox()));
  assert.ok(flyout.x >= stage.x + stage.width, "beside it");
  const scales = await enlarged(page);
  await page.mouse.move(300, 150);
  await page.waitForFunction((x) => document.querySelector("azulejo-flyout").enlarged.x > x + 1000, scales.x);
  assert.ok(Math.abs(scales.scale - (3 * 400) / 5470) < 0.01, `${scales.scale}`);
  await page.mouse.move(700, 600);
  await viewer.locator(".flyout").waitFor({ state: "hidden" });
});

test("flyout__keys_open_move_and_close_it", async (t) => {
  const page = await openAt(t, browser, at("FlyoutViewer.html?asset=Samples/pier&stagesize=400,300"));
  const viewer = await whenReady(page, "azulejo-flyout");
  await viewer.locator(".stage").focus();
  await page.keyboard.press("Enter");
  await viewer.locator(".flyout").waitFor();
  const { x } = await enlarged(page);
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((x) => document.querySelector("azulejo-flyout").enlarged.x > x, x);
  await page.keyboard.press("Escape");
  await viewer.locator(".flyout").waitFor({ state: "hidden" });
});

test("flyout__a_tap_enlarges_in_place_where_there_is_no_room_beside", async (t) => {
  const page = await openAt(t, browser, at("FlyoutViewer.html?asset=Samples/pier"), phone);
  const viewer = await whenReady(page, "azulejo-flyout");
  await page.touchscreen.tap(180, 250);
  const flyout = viewer.locator(".flyout.inline");
  await flyout.waitFor();
  const [stage, box] = [await viewer.locator(".stage").boundingBox(), await flyout.boundingBox()];
  assert.deepEqual([box.x, box.width], [stage.x, stage.width]);
  const { x } = await enlarged(page);
  await swipe(page, { x: 180, y: 250 }, { x: 60, y: 250 });
  await page.waitForFunction((x) => document.querySelector("azulejo-flyout").enlarged.x < x, x);
  // Chromium sent no click for taps within 0.1 s of a swipe; it may take them for the end of a fling.
  await page.waitForTimeout(500);
  await page.touchscreen.tap(180, 250);
  await flyout.waitFor({ state: "hidden" });
});
