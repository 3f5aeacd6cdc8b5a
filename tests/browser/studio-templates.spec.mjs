// Templates that are opened and saved in the Studio of a server that takes edits.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openAt } from "./chromium.mjs";
import { refusals, startStudio } from "./studio.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

const TEXT = "layer=1&text=\\fs900 Sale&pos=0,-500";

async function studio(t, { id = "Samples/pier", modifiers = `wid=600&${TEXT}`, before = {} } = {}) {
  const server = await startStudio();
  t.after(() => server.stop().catch(() => {}));
  if (Object.keys(before).length > 0) server.write("pier", before);
  const url = new URL(`/#layers?${new URLSearchParams({ id, modifiers })}`, server.url);
  const page = await openAt(t, browser, url, { viewport: { width: 1280, height: 900 }, expected: refusals });
  await page.waitForFunction(() => document.getElementById("layers-picture")?.naturalWidth > 0);
  const part = page.getByRole("region", { name: "Save as a template" });
  return { server, page, part, save: part.getByRole("button", { name: "Save to the server" }), message: part.locator(".problem") };
}

const picture = async (server, request) => Buffer.from(await (await fetch(new URL(`/is/image/${request}`, server.url))).arrayBuffer());
const modifiersOf = (page) => page.evaluate(() => new URLSearchParams(location.hash.split("?")[1]).get("modifiers"));

test("template__is_saved_into_a_record_and_drawn_at_once", async (t) => {
  const { server, page, part, save, message } = await studio(t);
  const others = server.record("pier");
  const layered = await picture(server, `Samples/pier?wid=600&${TEXT}`);
  await part.getByLabel("Record").fill("Samples/pier");
  await save.click();
  await message.getByText("Saved.").waitFor();
  assert.deepEqual(server.record("pier"), { ...others, modifier: `wid=600&${TEXT}` });
  assert.deepEqual(await picture(server, "Samples/pier"), layered);
  assert.equal(await modifiersOf(page), `wid=600&${TEXT}`);
});

test("template__is_opened_changed_and_saved", async (t) => {
  const modifier = `wid=600&${TEXT}&layer=2&color=ff0000&size=900,900`;
  const { server, page, save, message } = await studio(t, { modifiers: "", before: { modifier } });
  await page.getByRole("button", { name: "Edit the template itself" }).click();
  await page.waitForFunction(() => location.hash.includes("src"));
  // What is open looks as the template does.
  const opened = await modifiersOf(page);
  assert.deepEqual(await picture(server, `Samples/?${opened}`), await picture(server, "Samples/pier"));
  await page.getByRole("button", { name: "Delete layer 2" }).click();
  await page.waitForFunction(() => !location.hash.includes("ff0000"));
  await save.click();
  await message.getByText("Saved.").waitFor();
  assert.equal(server.record("pier").modifier, `wid=600&${TEXT}`);
  await page.getByRole("button", { name: "Close the template" }).click();
  await page.getByText("Changes go into this URL").waitFor();
  assert.equal(await modifiersOf(page), "");
});

test("template__that_somebody_else_changed_is_not_overwritten", async (t) => {
  const { server, page, save, message } = await studio(t, { modifiers: "", before: { modifier: TEXT } });
  await page.getByRole("button", { name: "Edit the template itself" }).click();
  await page.waitForFunction(() => location.hash.includes("src"));
  server.write("pier", { modifier: "layer=1&text=\\fs900 Theirs" });
  await save.click();
  await message.getByText("was changed on the server").waitFor();
  assert.equal(server.record("pier").modifier, "layer=1&text=\\fs900 Theirs");
  await page.getByRole("button", { name: "Take theirs" }).click();
  await page.waitForFunction(() => location.hash.includes("Theirs"));
  await page.locator("#undo").click();
  await page.waitForFunction(() => location.hash.includes("Sale"));
  await save.click();
  await message.getByText("Saved.").waitFor();
  assert.equal(server.record("pier").modifier, TEXT);
});

test("template__opened_before_the_server_has_said_that_it_takes_edits_is_not_saved_over_others", async (t) => {
  const { server, page, save, message } = await studio(t, { modifiers: "", before: { modifier: TEXT } });
  const asked = new Promise((resolve) => page.route("**/preview/list", resolve, { times: 1 }));
  await page.reload();
  const route = await asked;
  await page.getByRole("button", { name: "Edit the template itself" }).click();
  await route.continue();
  await page.waitForFunction(() => location.hash.includes("src"));
  server.write("pier", { modifier: "layer=1&text=\\fs900 Theirs" });
  await save.click();
  await message.getByText("was changed on the server").waitFor();
});

test("template__that_is_new_is_made_on_the_server_and_drawn_at_once", async (t) => {
  const { server, page, part, save, message } = await studio(t);
  const layered = await picture(server, `Samples/pier?wid=600&${TEXT}`);
  await part.getByLabel("Record").fill("Samples/sale/banner");
  await save.click();
  await message.getByText("Saved.").waitFor();
  assert.deepEqual(Object.keys(server.record("sale/banner")), ["modifier"]);
  assert.deepEqual(await picture(server, "Samples/sale/banner"), layered);
  assert.equal(await modifiersOf(page), `wid=600&${TEXT}`);
  // It is opened as the others are, and changed.
  await page.getByLabel("URL", { exact: true }).fill("Samples/sale/banner");
  await page.getByRole("button", { name: "Edit the template itself" }).click();
  await page.waitForFunction(() => location.hash.includes("src"));
  await page.getByRole("button", { name: "Delete layer 1" }).click();
  await page.waitForFunction(() => !location.hash.includes("Sale"));
  await save.click();
  await message.getByText("Saved.").waitFor();
  assert.ok(!server.record("sale/banner").modifier.includes("Sale"));
});

test("template__that_is_new_is_not_made_over_what_somebody_else_has_made_meanwhile", async (t) => {
  const { server, page, part, save, message } = await studio(t);
  await part.getByLabel("Record").fill("Samples/banner");
  const headers = { "Content-Type": "application/json", "If-None-Match": "*", Origin: new URL(server.url).origin };
  await page.route("**/studio/records/Samples/banner", async (route) => {
    if (route.request().method() === "PUT") await fetch(new URL("/studio/records/Samples/banner", server.url), { method: "PUT", headers, body: '{"modifier":"layer=0&src=Samples/dunes"}' });
    await route.continue();
  });
  await save.click();
  await message.getByText("Nothing was saved").waitFor();
  assert.equal(server.record("banner").modifier, "layer=0&src=Samples/dunes");
});

test("template__of_a_catalog_that_is_not_there_is_kept_and_offered_for_download", async (t) => {
  const { page, part, save, message } = await studio(t);
  await part.getByLabel("Record").fill("Sampels/banner");
  await save.click();
  await message.getByText(/no catalog Sampels .* Begin the name with Samples\/\./).waitFor();
  assert.equal(await modifiersOf(page), `wid=600&${TEXT}`);
  assert.ok(await part.getByRole("button", { name: "Download the record" }).isVisible());
});

test("template__is_kept_when_the_server_goes_away", async (t) => {
  const { server, page, part, save, message } = await studio(t);
  await part.getByLabel("Record").fill("Samples/pier");
  await server.stop();
  await save.click();
  await message.getByText("cannot be reached").waitFor();
  await page.getByRole("textbox", { name: /^Text/ }).fill("Still here");
  const kept = () => decodeURIComponent(new URLSearchParams(location.hash.split("?")[1]).get("modifiers")).includes("Still here");
  await page.waitForFunction(kept);
});
