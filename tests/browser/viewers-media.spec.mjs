// Interactive image, video, panorama and responsive images: by keyboard, mouse and touch.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openAt } from "./chromium.mjs";
import { phone, record, startShop, swipe, whenReady } from "./viewers.mjs";

let browser;
let shop;

before(async () => {
  browser = await launch();
  shop = await startShop();
  const film = await record(browser, shop.url);
  for (const name of ["film.mp4", "film-tall"]) await shop.bucket.put(`content/Samples/${name}`, film.bytes);
  await shop.bucket.put("records/Samples/film-set.json", JSON.stringify({ imageSet: "gone.mp4,film-tall", assetType: "VideoSet" }));
});

after(async () => {
  await browser?.close();
  await shop?.stop();
});

const at = (path) => new URL(`/s7viewers/html5/${path}`, shop.url);

test("interactive_image__areas_are_links_and_buttons_at_their_places", async (t) => {
  const page = await openAt(t, browser, at("InteractiveImage.html?asset=Samples/banner"));
  const viewer = await whenReady(page, "azulejo-interactive-image");
  const shoe = viewer.getByRole("link", { name: "Left shoe" });
  const [stage, box] = [await viewer.locator(".hotspots").boundingBox(), await shoe.boundingBox()];
  const parts = [(box.x - stage.x) / stage.width, (box.y - stage.y) / stage.height, box.width / stage.width, box.height / stage.height];
  for (const [index, part] of [547 / 5470, 364 / 3646, 1094 / 5470, 1094 / 3646].entries()) assert.ok(Math.abs(parts[index] - part) < 0.01, parts.join());
  await viewer.evaluate((element) => element.addEventListener("quickview", ({ detail }) => (window.seen = detail)));
  await viewer.getByRole("button", { name: "Bag" }).focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await page.evaluate(() => window.seen), { alt: "Bag", sku: "B-7" });
  const reached = [];
  await page.locator("body").click({ position: { x: 1, y: 1 } });
  for (let press = 0; press < 3; press += 1) {
    await page.keyboard.press("Tab");
    reached.push(await viewer.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.getAttribute("aria-label")));
  }
  assert.deepEqual(reached, ["Left shoe", "Bag", "Script"], "the order of the map");
});

test("interactive_image__a_script_in_a_map_is_no_link", async (t) => {
  const page = await openAt(t, browser, at("InteractiveImage.html?asset=Samples/banner"), phone);
  const viewer = await whenReady(page, "azulejo-interactive-image");
  assert.deepEqual(await viewer.getByRole("link").evaluateAll((links) => links.map(({ href }) => new URL(href).protocol)), ["http:"]);
  await viewer.getByRole("button", { name: "Script" }).tap();
});

const video = (page) => page.locator("azulejo-video").locator("video");

test("video__plays_by_keyboard_with_captions_chapters_and_poster", async (t) => {
  const page = await openAt(t, browser, at("VideoViewer.html?asset=Samples/film.mp4&caption=Samples/film.vtt,1&navigation=Samples/chapters.vtt&posterimage=Samples/dunes&mutevolume=1"));
  const viewer = await whenReady(page, "azulejo-video");
  assert.match(await video(page).getAttribute("poster"), /\/is\/image\/Samples\/dunes\?wid=\d+$/);
  await viewer.getByRole("list", { name: "Chapters" }).waitFor();
  await viewer.getByRole("button", { name: "End" }).click();
  await page.waitForFunction(() => document.querySelector("azulejo-video").shadowRoot.querySelector("video").currentTime >= 0.49);
  await video(page).focus();
  await page.keyboard.press(" ");
  await page.waitForFunction(() => document.querySelector("azulejo-video").shadowRoot.querySelector("video").ended);
  const cues = await video(page).evaluate(({ textTracks }) => [...textTracks].map(({ kind, mode, cues }) => [kind, mode, cues[0].text]));
  assert.deepEqual(cues, [["captions", "showing", "A square turns."], ["chapters", "hidden", "Beginning"]]);
});

test("video__of_a_set_the_stream_that_plays_is_shown", async (t) => {
  const page = await openAt(t, browser, at("VideoViewer.html?asset=Samples/film-set"), { expected: /Failed to load resource/ });
  await whenReady(page, "azulejo-video");
  await page.waitForFunction(() => document.querySelector("azulejo-video").shadowRoot.querySelector("video")?.duration > 0.5);
  assert.match(await video(page).evaluate(({ currentSrc }) => currentSrc), /\/is\/content\/Samples\/film-tall$/);
});

/** An HLS playlist of one fragmented MP4: its header, and all that follows as one segment. */
function playlist(film) {
  let header = 0;
  while (film.toString("latin1", header + 4, header + 8) !== "moof") header += film.readUInt32BE(header);
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:3", "#EXT-X-PLAYLIST-TYPE:VOD", `#EXT-X-MAP:URI="film.mp4",BYTERANGE="${header}@0"`];
  return [...lines, "#EXTINF:1.2,", `#EXT-X-BYTERANGE:${film.length - header}@${header}`, "film.mp4", "#EXT-X-ENDLIST", ""].join("\n");
}

test("video__of_an_adaptive_set_the_playlist_is_played_where_the_browser_can", async (t) => {
  const film = Buffer.from(await (await shop.get("/is/content/Samples/film.mp4")).arrayBuffer());
  await shop.bucket.put("content/Samples/movie-AVS.m3u8", playlist(film));
  await shop.bucket.put("records/Samples/movie-AVS.json", JSON.stringify({ imageSet: "film-tall", assetType: "VideoSet" }));
  const page = await openAt(t, browser, at("VideoViewer.html?asset=Samples/movie-AVS&mutevolume=1"));
  await whenReady(page, "azulejo-video");
  await page.waitForFunction(() => document.querySelector("azulejo-video").shadowRoot.querySelector("video")?.duration > 0.5);
  const plays = await page.evaluate(() => document.createElement("video").canPlayType("application/vnd.apple.mpegurl") !== "");
  assert.match(await video(page).evaluate(({ currentSrc }) => currentSrc), plays ? /movie-AVS\.m3u8$/ : /film-tall$/);
  await video(page).evaluate((element) => element.play());
  await page.waitForFunction(() => document.querySelector("azulejo-video").shadowRoot.querySelector("video").ended);
});

test("video__that_is_missing_is_said_and_tried_again", async (t) => {
  const page = await openAt(t, browser, at("VideoViewer.html?asset=Samples/none.mp4"), { expected: /Failed to load resource/ });
  const viewer = page.locator("azulejo-video");
  const said = (name) => viewer.getByRole("alert").filter({ hasText: `Samples/${name} could not be played` });
  await said("none.mp4").waitFor();
  await page.route(/film\.mp4$/, (route) => route.abort());
  await viewer.evaluate((element) => element.setAttribute("asset", "Samples/film.mp4"));
  await said("film.mp4").waitFor();
  await page.unroute(/film\.mp4$/);
  await viewer.getByRole("button", { name: "Try again" }).click();
  await page.waitForFunction(() => document.querySelector("azulejo-video").shadowRoot.querySelector("video")?.duration > 0.5);
});

const look = (page) => page.evaluate(() => document.querySelector("azulejo-panorama").look);

/** The colour in the middle of what is seen. */
async function ahead(page) {
  const picture = await page.locator("azulejo-panorama").locator(".stage").screenshot();
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * 3;
  return [...data.subarray(at, at + 3)];
}

const isNear = (color, wanted) => color.every((value, index) => Math.abs(value - wanted[index]) < 24);

// Software that draws without a graphics processor says so.
const drawing = { expected: /GL Driver Message|GroupMarkerNotSet|swiftshader|fallback/i };

test("panorama__each_side_of_the_world_is_where_it_belongs", async (t) => {
  const page = await openAt(t, browser, at("PanoramicImage.html?asset=Samples/world"), drawing);
  const viewer = await whenReady(page, "azulejo-panorama");
  await page.waitForLoadState("networkidle");
  await viewer.locator(".stage").focus();
  assert.ok(isNear(await ahead(page), [192, 0, 0]), `ahead ${await ahead(page)}`);
  const turn = async (key, times) => {
    for (let press = 0; press < times; press += 1) await page.keyboard.press(key);
    await page.waitForTimeout(200);
    return ahead(page);
  };
  const right = await turn("ArrowRight", 11);
  assert.ok(isNear(right, [0, 160, 0]), `right ${right}`);
  const behind = await turn("ArrowRight", 11);
  assert.ok(isNear(behind, [0, 0, 192]), `behind ${behind}`);
  const left = await turn("ArrowRight", 11);
  assert.ok(isNear(left, [192, 192, 0]), `left ${left}`);
  const above = await turn("ArrowUp", 10);
  assert.ok(isNear(above, [255, 255, 255]), `above ${above}`);
  await page.keyboard.press("0");
  assert.deepEqual(await look(page), { yaw: 0, pitch: 0, field: 75 });
});

test("panorama__mouse_touch_and_buttons_turn_and_zoom", async (t) => {
  const page = await openAt(t, browser, at("PanoramicViewer.html?asset=Samples/world"), { ...drawing, reducedMotion: "reduce" });
  const viewer = await whenReady(page, "azulejo-panorama");
  await page.mouse.move(500, 300);
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 5 });
  await page.mouse.up();
  assert.ok((await look(page)).yaw > 10);
  await page.mouse.wheel(0, -200);
  await page.waitForFunction(() => document.querySelector("azulejo-panorama").look.field < 75);
  await viewer.getByRole("button", { name: "Zoom out" }).click();
  await viewer.getByRole("button", { name: "Look ahead" }).click();
  assert.deepEqual(await look(page), { yaw: 0, pitch: 0, field: 75 });
  const touch = await openAt(t, browser, at("PanoramicViewer.html?asset=Samples/world"), { ...phone, ...drawing });
  await whenReady(touch, "azulejo-panorama");
  await swipe(touch, { x: 250, y: 250 }, { x: 100, y: 200 });
  const { yaw, pitch } = await look(touch);
  assert.ok(yaw > 5 && pitch < 0, `${yaw} ${pitch}`);
});

/** A page of the shop with an image of these attributes, which the library manages. */
async function responsive(t, attributes, width, options = {}) {
  const page = await openAt(t, browser, new URL("/viewers/page.css", shop.url), options);
  await page.evaluate(
    async ([attributes, width]) => {
      document.body.replaceChildren();
      const image = Object.assign(document.createElement("img"), { alt: "" });
      for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, value);
      Object.assign(image.style, { width: `${width}px`, height: attributes.height ?? "auto" });
      window.changes = [];
      image.addEventListener("s7responsiveViewer", ({ s7responsiveViewerEvent }) => window.changes.push(s7responsiveViewerEvent));
      document.body.append(image);
      const script = document.createElement("script");
      script.src = "/s7viewers/libs/responsive_image.js";
      await new Promise((done) => (script.onload = done) && document.head.append(script));
      window.s7responsiveImage(image);
    },
    [attributes, width],
  );
  await page.waitForFunction(() => /\?wid=/.test(document.images[0].src));
  return page;
}

const source = (page) => page.evaluate(() => document.images[0].getAttribute("src"));

test("responsive_image__the_breakpoint_follows_box_and_screen", async (t) => {
  const page = await responsive(t, { "data-src": "/is/image/Samples/pier", "data-breakpoints": "200:qlt=50,400:op_usm=1%2C1%2C5%2C0&qlt=70,800" }, 150, { deviceScaleFactor: 2 });
  assert.match(await source(page), /\/is\/image\/Samples\/pier\?wid=400&qlt=50$/);
  await page.evaluate(() => (document.images[0].style.width = "390px"));
  await page.waitForFunction(() => /wid=800&op_usm=1%2C1%2C5%2C0&qlt=70$/.test(document.images[0].src));
  await page.evaluate(() => (document.images[0].style.width = "3000px"));
  await page.waitForFunction(() => /wid=1600$/.test(document.images[0].src));
  assert.deepEqual(await page.evaluate(() => window.changes), [
    { type: "breakpointchanged", width: 200, oldWidth: 0 },
    { type: "breakpointchanged", width: 400, oldWidth: 200 },
    { type: "breakpointchanged", width: 800, oldWidth: 400 },
  ]);
  assert.ok(await page.evaluate(async () => (await document.images[0].decode()) ?? document.images[0].naturalWidth === 1600));
});

test("responsive_image__never_asks_for_more_than_the_picture_has", async (t) => {
  const page = await responsive(t, { "data-src": "/is/image/Samples/tulips", "data-breakpoints": "360,2000" }, 900);
  assert.match(await source(page), /tulips\?wid=500$/);
});

test("responsive_image__the_smart_crop_of_the_shape_of_the_box", async (t) => {
  const page = await responsive(t, { "data-src": "/is/image/Samples/cropped", "data-mode": "smartcrop", height: "200px" }, 760);
  assert.match(await source(page), /cropped:Wide\?wid=800$/);
  await page.evaluate(() => Object.assign(document.images[0].style, { width: "200px", height: "450px" }));
  await page.waitForFunction(() => /cropped:Tall\?wid=200$/.test(document.images[0].src));
  assert.ok(await page.evaluate(async () => (await document.images[0].decode()) ?? document.images[0].naturalHeight > document.images[0].naturalWidth));
});
