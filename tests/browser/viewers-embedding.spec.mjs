// How viewers get into pages: addresses and scripts of old embeds, embed codes, errors in place; and that
// everybody can use them: axe, narrow windows, light and dark.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch, openAt, violations } from "./chromium.mjs";
import { phone, record, startShop, whenReady } from "./viewers.mjs";

/** Each page, the element in it, and an asset. */
const PAGES = [
  ["BasicZoomViewer", "azulejo-zoom", "Samples/pier"],
  ["BeforeAfterViewer", "azulejo-before-after", "Samples/pier,Samples/dunes"],
  ["CarouselViewer", "azulejo-carousel", "Samples/banner,Samples/dunes,Samples/tulips"],
  ["FlyoutViewer", "azulejo-flyout", "Samples/album"],
  ["InteractiveImage", "azulejo-interactive-image", "Samples/banner"],
  ["MixedMediaViewer", "azulejo-mixed-media", "Samples/media"],
  ["PanoramicImage", "azulejo-panorama", "Samples/world"],
  ["SpinViewer", "azulejo-spin", "Samples/sphere"],
  ["VideoViewer", "azulejo-video", "Samples/film.mp4"],
  ["ZoomVerticalViewer", "azulejo-zoom", "Samples/album"],
  ["ZoomViewer", "azulejo-zoom", "Samples/album"],
];

const drawing = /GL Driver Message|GroupMarkerNotSet|swiftshader|fallback/i;

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

for (const [name, tag, asset] of PAGES) {
  test(`${name}__axe_finds_nothing_and_360_pixels_are_enough`, async (t) => {
    for (const [colorScheme, options] of [["light", {}], ["dark", phone]]) {
      const url = at(`${name}.html?asset=${asset}&title=Our%20shoe`);
      const page = await openAt(t, browser, url, { ...options, colorScheme, expected: drawing });
      const viewer = await whenReady(page, tag);
      await page.waitForTimeout(300);
      assert.deepEqual(await violations(page), [], `${colorScheme}`);
      const width = options.viewport?.width ?? 900;
      const wide = await viewer.evaluate(
        ({ shadowRoot }, width) => [...shadowRoot.querySelectorAll(".viewer, .stage, .bar, .bar *, .swatches")].filter((one) => one.getBoundingClientRect().right > width + 0.5).map(({ className }) => className),
        width,
      );
      assert.deepEqual(wide, []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight + 1));
    }
  });

  test(`${name}__a_missing_asset_and_a_server_that_is_away_are_said_in_place`, async (t) => {
    const page = await openAt(t, browser, at(`${name}.html?asset=Samples/none-1,Samples/none-2`), { expected: /Failed to load resource|GL Driver/ });
    const viewer = page.locator(tag);
    const alert = viewer.getByRole("alert");
    // A video may be static content, of which there is no list: its player finds out.
    await alert.filter({ hasText: name === "VideoViewer" ? "could not be played" : "no such image" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.route(/\/is\//, (route) => route.abort());
    await viewer.getByRole("button", { name: "Try again" }).click();
    await alert.filter({ hasText: "The server cannot be reached." }).waitFor();
    await page.unroute(/\/is\//);
    await viewer.evaluate((element, asset) => element.setAttribute("asset", asset), asset);
    await whenReady(page, tag);
    await alert.waitFor({ state: "detached" });
  });
}

test("page__an_empty_or_foreign_address_is_refused_with_words", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html"));
  await page.locator("azulejo-zoom").getByRole("alert").filter({ hasText: "No asset is named" }).waitFor();
  const foreign = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/pier&serverurl=https%3A%2F%2Fexample.com%2Fis%2Fimage%2F"));
  await foreign.getByRole("alert").filter({ hasText: "example.com/is/image/ is another host" }).waitFor();
  const own = await openAt(t, browser, at(`ZoomViewer.html?asset=Samples/pier&serverurl=${encodeURIComponent(`http://${shop.url.hostname}:81/is/image`)}&style=x&onclick=alert(1)`));
  const viewer = await whenReady(own, "azulejo-zoom");
  assert.deepEqual(await viewer.evaluate((element) => element.getAttributeNames().filter((name) => /^on|style/.test(name))), []);
});

test("page__names_of_no_viewer_are_404", async () => {
  for (const path of ["eCatalogViewer.html", "js/eCatalogViewer.js"]) {
    const reply = await shop.get(at(path).pathname);
    assert.equal(reply.status, 404);
    assert.match(await reply.text(), /FlyoutViewer/);
  }
});

test("embed_code__is_copied_and_shows_the_same_viewer_in_a_page_of_another_site", async (t) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/album&stagesize=400,300"), { permissions });
  const viewer = await whenReady(page, "azulejo-zoom");
  await viewer.getByRole("button", { name: "Copy embed code" }).click();
  await viewer.getByRole("status").filter({ hasText: "Embed code copied" }).waitFor();
  const code = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(code, /^<script type="module" src="http[^"]+\/viewers\/zoom\.js"><\/script>\n<azulejo-zoom asset="Samples\/album"/);
  const other = await site(t, `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Shop</title>${code}`);
  const embedded = await whenReady(other, "azulejo-zoom");
  assert.equal(await embedded.getByRole("option").count(), 3);
  assert.deepEqual(await embedded.locator(".stage").evaluate(({ clientWidth, clientHeight }) => [clientWidth, clientHeight]), [400, 300]);
});

test("embed_code__is_shown_where_the_clipboard_is_closed", async (t) => {
  const page = await openAt(t, browser, at("SpinViewer.html?asset=Samples/spin"));
  const viewer = await whenReady(page, "azulejo-spin");
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await viewer.getByRole("button", { name: "Copy embed code" }).click();
  const field = viewer.getByRole("textbox", { name: "Embed code" });
  await field.waitFor();
  assert.match(await field.inputValue(), /<azulejo-spin asset="Samples\/spin"/);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
});

/** A page of another site with this HTML. */
async function site(t, html) {
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const context = await browser.newContext({ viewport: { width: 700, height: 600 } });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  t.after(async () => {
    await context.close();
    assert.deepEqual(said, []);
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return page;
}

test("s7viewers__the_call_of_old_pages_shows_the_viewer_of_the_script's_server", async (t) => {
  const page = await site(
    t,
    `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Shop</title>
    <script src="${at("js/ZoomViewer.js")}"></script><script src="${at("js/SpinViewer.js")}"></script>
    <div id="one" style="width:300px;height:260px"></div><div id="two"></div>
    <script>
      var zoom = new s7viewers.ZoomViewer({ "containerId": "one", "params": { "asset": "Samples/album", "serverurl": "${new URL("/is/image", shop.url)}", "ZoomView.zoomstep": "2", "config": "Scene7SharedAssets/Universal_HTML5_Zoom" },
        "handlers": { "initComplete": function () { window.complete = true; }, "trackEvent": function (id, name, time, info) { window.tracked = [name, info]; } } }).init();
      var spin = new s7viewers.SpinViewer();
      spin.setContainerId("two"); spin.setParams("asset=Samples/spin&stagesize=200,200"); spin.setParam("initialframe", "3"); spin.init();
    </script>`,
  );
  await page.waitForFunction(() => window.complete === true);
  const viewer = await whenReady(page, "azulejo-zoom");
  assert.equal(await viewer.getByRole("option").count(), 3);
  assert.deepEqual(await page.evaluate(() => [window.tracked, document.getElementById("one").className]), [["ZoomViewer", "SWATCH,Samples/pier"], "s7zoomviewer"]);
  const spin = await whenReady(page, "azulejo-spin");
  await spin.locator('[aria-valuenow="4"]').waitFor();
  await page.evaluate(() => window.zoom.setAsset("Samples/tulips"));
  await page.waitForFunction(() => !document.querySelector("azulejo-zoom").shadowRoot.querySelector("[role=listbox]"));
  await page.evaluate(() => window.spin.dispose());
  assert.equal(await page.locator("azulejo-spin").count(), 0);
});

test("layout__without_a_height_it_has_the_shape_of_its_picture_and_with_one_it_fills_it", async (t) => {
  const viewer = (style, asset = "Samples/pier", layout = "") => `<div style="${style}"><azulejo-zoom asset="${asset}" layout="${layout}" serverurl="${new URL("/is/image/", shop.url)}"></azulejo-zoom></div>`;
  const page = await site(
    t,
    `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Shop</title><script type="module" src="${new URL("/viewers/zoom.js", shop.url)}"></script>${viewer("width:320px")}${viewer("width:320px;height:400px")}${viewer("width:600px", "Samples/album", "vertical")}`,
  );
  await page.waitForFunction(() => [...document.querySelectorAll("azulejo-zoom")].every((one) => one.zoom && one.shadowRoot.querySelector(".status").textContent === "" && !one.shadowRoot.querySelector(".busy")));
  const sizes = await page.evaluate(() => [...document.querySelectorAll("azulejo-zoom")].map((one) => [one.shadowRoot.querySelector(".stage").clientHeight, one.clientHeight]));
  assert.ok(Math.abs(sizes[0][0] - (320 * 3646) / 5470) < 2, `${sizes}`);
  assert.equal(sizes[1][1], 400, `${sizes}`);
  assert.ok(sizes[1][0] > 300, `${sizes}`);
  // Beside the swatches there are some 520 pixels.
  assert.ok(Math.abs(sizes[2][0] - (520 * 3646) / 5470) < 12, `${sizes}`);
});

test("keyboard__the_focus_stays_in_a_viewer_that_was_tried_again", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/pier"), { expected: /Failed to load resource/ });
  const viewer = await whenReady(page, "azulejo-zoom");
  await page.route(/\/is\/image\//, (route) => route.abort());
  await viewer.evaluate((element) => element.setAttribute("asset", "Samples/dunes"));
  const again = viewer.getByRole("button", { name: "Try again" });
  await again.waitFor();
  await page.unroute(/\/is\/image\//);
  await again.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("azulejo-zoom").shadowRoot.activeElement?.classList.contains("stage"));
});

test("keyboard__the_tab_key_goes_from_the_picture_to_swatches_and_buttons", async (t) => {
  const page = await openAt(t, browser, at("ZoomViewer.html?asset=Samples/album"));
  const viewer = await whenReady(page, "azulejo-zoom");
  const reached = [];
  for (let press = 0; press < 7; press += 1) {
    await page.keyboard.press("Tab");
    reached.push(await viewer.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.getAttribute("aria-label")));
  }
  assert.deepEqual(reached, ["1 of 3", "1 of 3", "Zoom in", "Zoom out", "Show all", "Full screen", "Copy embed code"]);
});

test("modules__each_stands_alone_and_all_are_small", async () => {
  const sizes = new Map();
  const read = async (file) => {
    if (sizes.has(file)) return;
    const reply = await shop.get(`/viewers/${file}`);
    assert.equal(reply.status, 200, file);
    assert.equal(reply.headers.get("access-control-allow-origin"), "*", file);
    const text = await reply.text();
    sizes.set(file, text.length);
    for (const [, other] of text.matchAll(/(?:from |import\()["'`]\.\/([\w-]+\.js)/g)) await read(other);
  };
  for (const module of ["zoom", "flyout", "spin", "carousel", "before-after", "mixed-media", "interactive-image", "video", "panorama", "responsive-image"]) await read(`${module}.js`);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  assert.ok(total < 130_000, `${total} bytes in ${sizes.size} files`);
});
