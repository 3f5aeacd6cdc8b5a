// What each part of the Studio looks like, in light, in dark and on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openAt, OUTLINES } from "./chromium.mjs";
import { compare, difference } from "./pictures.mjs";
import { partOf, refusals, startStudio } from "./studio.mjs";

/** The parts, each with something that is there once it is complete. */
const PARTS = {
  browse: (page) => page.getByRole("listitem").filter({ hasText: "tulips" }),
  modify: (page) => page.getByRole("img", { name: /Samples\/pier/ }),
  layers: (page) => page.getByRole("img", { name: /Samples\/pier/ }),
  presets: (page) => page.getByRole("option", { name: /\$cross-sell\$/ }),
  crops: (page) => page.getByRole("img", { name: "Samples/pier" }),
  "docs/op_usm": (page) => page.getByRole("img", { name: /op_usm/ }),
};

const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: "light" },
};

/** What differs from machine to machine and from run to run: times, and the port of the server. */
const UNSTEADY = ["#facts > div:has(dt:text-is('Time')) dd", "#fact-details dd", "#facts > div.long dd", "#url"];

let browser;
let server;

before(async () => {
  [browser, server] = await Promise.all([launch(...OUTLINES), startStudio()]);
});

after(() => Promise.all([browser.close(), server.stop()]));

/** How long a part may take until it is complete, and how often it is looked at, in milliseconds. */
const [PATIENCE, BETWEEN] = [20_000, 500];

/** Takes pictures of a part, in half size, until one is as stored. Gives what is wrong with the last one, if anything is. */
async function wrongWith(t, route, look) {
  const page = await openAt(t, browser, partOf(server, route), { ...LOOKS[look], deviceScaleFactor: 0.5, reducedMotion: "reduce", expected: refusals });
  await PARTS[route](page).first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("main [aria-busy=true]")].every((one) => !one.checkVisibility()));
  const shot = () => page.screenshot({ animations: "disabled", caret: "hide", mask: UNSTEADY.map((selector) => page.locator(selector)), maskColor: "#808080" });
  const began = Date.now();
  let before;
  for (;;) {
    const now = await shot();
    const isStill = before?.equals(now);
    // What moves is not stored.
    const wrong = isStill ? await compare(`${route.replace("/", "-")}-${look}`, now) : "the page does not come to rest";
    if (!wrong || Date.now() - began > PATIENCE) return wrong;
    before = now;
    await page.waitForTimeout(BETWEEN);
  }
}

for (const route of Object.keys(PARTS)) {
  for (const look of Object.keys(LOOKS)) {
    test(`picture__of_${route}_is_as_stored_in_${look}`, async (t) => {
      assert.equal(await wrongWith(t, route, look), undefined);
    });
  }
}

test("picture__difference_is_the_share_of_pixels_that_differ_much", () => {
  const [white, grey, red] = [[255, 255, 255], [230, 230, 230], [255, 0, 0]];
  const picture = (...pixels) => Uint8Array.from(pixels.flat());
  assert.equal(difference(picture(white, white, white, white), picture(white, grey, red, white)), 0.25);
});
