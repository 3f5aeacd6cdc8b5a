// Spins, carousel, before and after, mixed media: by keyboard, mouse and touch.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openAt } from "./chromium.mjs";
import { ROWS, VIEWS, phone, record, startShop, swipe, whenReady } from "./viewers.mjs";

let browser;
let shop;

before(async () => {
  browser = await launch();
  shop = await startShop();
  const film = await record(browser, shop.url);
  await shop.bucket.put("content/Samples/film.mp4", film.bytes);
});

after(async () => {
  await browser?.close();
  await shop?.stop();
});

const at = (path) => new URL(`/s7viewers/html5/${path}`, shop.url);

const position = (page) => page.evaluate(() => document.querySelector("azulejo-spin").position);

/** The colour of a pixel in the middle of the upper left quarter: each view has its own. */
const colorOf = (page) =>
  page.evaluate(() => {
    const canvas = document.querySelector("azulejo-spin").shadowRoot.querySelector("canvas");
    const side = Math.min(canvas.width, canvas.height);
    const [x, y] = [canvas.width - side, canvas.height - side].map((rest) => rest / 2 + side / 20);
    const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
    pixel.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data].join();
  });

test("spin__keys_turn_it_all_the_way_round", async (t) => {
  const page = await openAt(t, browser, at("SpinViewer.html?asset=Samples/spin"));
  const viewer = await whenReady(page, "azulejo-spin");
  await page.waitForLoadState("networkidle");
  const slider = viewer.getByRole("slider");
  await slider.focus();
  const colors = new Set();
  for (let press = 0; press < VIEWS; press += 1) {
    colors.add(await colorOf(page));
    await page.keyboard.press("ArrowRight");
  }
  assert.equal(colors.size, VIEWS, "each view is another picture");
  assert.deepEqual(await position(page), { row: 0, column: 0 });
  await page.keyboard.press("ArrowLeft");
  assert.equal(await slider.getAttribute("aria-valuetext"), `View ${VIEWS} of ${VIEWS}`);
  await page.keyboard.press("Home");
  assert.equal(await slider.getAttribute("aria-valuenow"), "1");
});

test("spin__the_mouse_turns_it_and_the_button_lets_it_turn_by_itself", async (t) => {
  const page = await openAt(t, browser, at("SpinViewer.html?asset=Samples/spin"), { reducedMotion: "reduce" });
  const viewer = await whenReady(page, "azulejo-spin");
  await page.mouse.move(300, 300);
  await page.mouse.down();
  await page.mouse.move(500, 300, { steps: 10 });
  await page.mouse.up();
  const { column } = await position(page);
  assert.ok(column >= 2 && column <= 4, `${column}`);
  const turn = viewer.getByRole("button", { name: "Turn by itself" });
  await turn.click();
  assert.equal(await turn.getAttribute("aria-pressed"), "true");
  await page.waitForFunction((column) => document.querySelector("azulejo-spin").position.column !== column, column);
  await turn.click();
  const still = await position(page);
  await page.waitForTimeout(300);
  assert.deepEqual(await position(page), still);
});

test("spin__rows_of_a_two_dimensional_spin_are_reached_by_touch_and_keys", async (t) => {
  const page = await openAt(t, browser, at("SpinViewer.html?asset=Samples/sphere"), { ...phone, reducedMotion: "reduce" });
  const viewer = await whenReady(page, "azulejo-spin");
  await swipe(page, { x: 180, y: 400 }, { x: 180, y: 150 });
  const { row } = await position(page);
  assert.ok(row > 0, `${row}`);
  await viewer.getByRole("slider").focus();
  for (let press = 0; press < ROWS; press += 1) await page.keyboard.press("ArrowDown");
  assert.equal((await position(page)).row, ROWS - 1, "rows end");
  await viewer.locator(`[aria-valuetext$="row ${ROWS} of ${ROWS}"]`).waitFor();
  await swipe(page, { x: 100, y: 300 }, { x: 300, y: 300 });
  assert.ok((await position(page)).column > 0);
});

test("spin__zooms_into_a_view_and_back", async (t) => {
  const page = await openAt(t, browser, at("SpinViewer.html?asset=Samples/spin&stagesize=300,300"));
  const viewer = await whenReady(page, "azulejo-spin");
  await viewer.getByRole("slider").focus();
  await page.keyboard.press("Enter");
  await viewer.getByRole("button", { name: "Zoom", pressed: true }).waitFor();
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await position(page), { row: 0, column: 0 }, "the arrows move the picture now");
  await page.keyboard.press("Escape");
  await viewer.locator(".zooming").waitFor({ state: "detached" });
  await page.keyboard.press("ArrowRight");
  assert.equal((await position(page)).column, 1);
});

test("spin__views_that_are_missing_are_said", async (t) => {
  const page = await openAt(t, browser, at("SpinViewer.html?asset=Samples/spin"), { expected: /Failed to load resource/ });
  const viewer = page.locator("azulejo-spin");
  await page.route(/view-0-[567]\?/, (route) => route.abort());
  await page.reload();
  await viewer.getByRole("alert").filter({ hasText: `3 of ${VIEWS} views could not be loaded` }).waitFor();
  await page.unroute(/view-0-[567]\?/);
  await viewer.getByRole("button", { name: "Try again" }).click();
  await viewer.getByRole("slider").waitFor();
});

const slide = (page) => page.evaluate(() => document.querySelector("azulejo-carousel").index);

test("carousel__keys_buttons_and_dots_show_slides", async (t) => {
  const page = await openAt(t, browser, at("CarouselViewer.html?asset=Samples/banner,Samples/dunes,Samples/tulips"));
  const viewer = await whenReady(page, "azulejo-carousel");
  await viewer.locator(".slides").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await slide(page), 1);
  await viewer.getByRole("button", { name: "Next slide" }).click();
  assert.equal(await slide(page), 2);
  assert.equal(await viewer.getByRole("button", { name: "Next slide" }).getAttribute("aria-disabled"), "true");
  await page.waitForFunction(() => {
    const { scrollLeft, clientWidth } = document.querySelector("azulejo-carousel").shadowRoot.querySelector(".slides");
    return scrollLeft === 2 * clientWidth;
  });
  await viewer.getByRole("button", { name: "Slide 1", exact: true }).click();
  assert.equal(await slide(page), 0);
  assert.equal(await viewer.locator(".dots [aria-current=true]").getAttribute("aria-label"), "Slide 1");
  assert.equal(await viewer.getByRole("link", { name: "Left shoe" }).getAttribute("href"), new URL("/shoe?id=1", shop.url).href);
});

test("carousel__a_finger_swipes_to_the_next_slide", async (t) => {
  const page = await openAt(t, browser, at("CarouselViewer.html?asset=Samples/dunes,Samples/tulips"), phone);
  await whenReady(page, "azulejo-carousel");
  await swipe(page, { x: 300, y: 250 }, { x: 40, y: 250 });
  await page.waitForFunction(() => document.querySelector("azulejo-carousel").index === 1);
});

test("carousel__plays_where_it_is_told_to_until_somebody_reads", async (t) => {
  const path = "CarouselViewer.html?asset=Samples/dunes,Samples/tulips&autoplay=1,0.3";
  const page = await openAt(t, browser, at(path));
  const viewer = await whenReady(page, "azulejo-carousel");
  await page.waitForFunction(() => document.querySelector("azulejo-carousel").index === 1);
  await viewer.locator(".slides").focus();
  await viewer.getByRole("button", { name: "Play slides" }).waitFor();
  const still = await openAt(t, browser, at(path), { reducedMotion: "reduce" });
  const calm = await whenReady(still, "azulejo-carousel");
  await calm.getByRole("button", { name: "Play slides" }).waitFor();
  await still.waitForTimeout(700);
  assert.equal(await slide(still), 0, "nothing moves by itself");
});

const boundary = (viewer) => viewer.locator(".stage").evaluate(({ style }) => style.getPropertyValue("--at"));

test("before_after__mouse_keys_and_touch_move_the_boundary", async (t) => {
  const page = await openAt(t, browser, at("BeforeAfterViewer.html?asset=Samples/pier,Samples/pier%3Fop_invert%3D1"));
  const viewer = await whenReady(page, "azulejo-before-after");
  const slider = viewer.getByRole("slider", { name: "Boundary of before and after" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await boundary(viewer), "51%");
  assert.equal(await slider.getAttribute("aria-valuetext"), "51 % Before");
  await page.keyboard.press("Home");
  assert.equal(await boundary(viewer), "0%");
  const box = await viewer.locator(".stage").boundingBox();
  await page.mouse.click(box.x + box.width * 0.25, box.y + 100);
  assert.equal(await boundary(viewer), "25%");
  assert.match(await viewer.locator(".after").getAttribute("src"), /op_invert=1/);
  const touch = await openAt(t, browser, at("BeforeAfterViewer.html?asset=Samples/pier,Samples/dunes"), phone);
  const other = await whenReady(touch, "azulejo-before-after");
  await swipe(touch, { x: 180, y: 250 }, { x: 300, y: 252 });
  assert.ok(Number.parseInt(await boundary(other), 10) > 70, await boundary(other));
});

test("before_after__says_how_many_pictures_it_needs", async (t) => {
  const page = await openAt(t, browser, at("BeforeAfterViewer.html?asset=Samples/pier"));
  await page.locator("azulejo-before-after").getByRole("alert").filter({ hasText: "needs two pictures, and the asset has 1" }).waitFor();
});

test("mixed_media__each_item_has_the_viewer_of_its_kind", async (t) => {
  const page = await openAt(t, browser, at("MixedMediaViewer.html?asset=Samples/media"));
  const viewer = await whenReady(page, "azulejo-mixed-media");
  await viewer.locator("azulejo-zoom canvas").waitFor();
  await viewer.getByRole("option").nth(1).click();
  const spin = viewer.locator("azulejo-spin").getByRole("slider");
  await spin.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await spin.getAttribute("aria-valuetext"), `View 2 of ${VIEWS}`);
  await viewer.getByRole("option").nth(1).focus();
  await page.keyboard.press("ArrowRight");
  const video = viewer.locator("azulejo-video video");
  await video.waitFor();
  await page.waitForFunction(() => {
    const child = document.querySelector("azulejo-mixed-media").shadowRoot.querySelector("azulejo-video");
    return child.shadowRoot.querySelector("video").duration > 0.5;
  });
  assert.equal(await viewer.locator("azulejo-spin").count(), 0, "one viewer at a time");
});

test("mixed_media__an_inline_set_with_spins_keeps_their_modifiers", async (t) => {
  const asset = "{Samples/view-0-0?flip=lr,Samples/view-0-1,Samples/view-0-2};;spin,Samples/dunes;;img";
  const page = await openAt(t, browser, at(`MixedMediaViewer.html?asset=${encodeURIComponent(asset)}`));
  const flipped = page.waitForRequest((request) => /view-0-0\?flip=lr&/.test(request.url()));
  const viewer = await whenReady(page, "azulejo-mixed-media");
  await flipped;
  assert.equal(await viewer.locator("azulejo-spin").getByRole("slider").getAttribute("aria-valuemax"), "3");
});
