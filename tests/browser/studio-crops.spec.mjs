// Smart crops: boxes that are moved by mouse, touch and keys, and saved to the record.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { inPixels, isSame, largest, move, reshape, resize, shapeOf } from "../../www/studio/crops/boxes.js";
import { changed, isByHand, merge, partsOf, problemOfName, withParts } from "../../www/studio/crops/parts.js";
import { launch, openAt, tooWide, violations } from "./chromium.mjs";
import { partOf, refusals, startStudio } from "./studio.mjs";
import { phone, swipe } from "./viewers.mjs";

let browser;
let studio;
let readOnly;

/** What is stored of the pier before each test; a wide box that two crops share, and a square one. */
const wide = [0.1, 0.1, 0.6, 0.300055];
const square = [0.2, 0.2, 0.3, 0.450082];
const CROPS = {
  Large: { rect: wide, width: 1200, height: 400, found: wide },
  Medium: { rect: wide, width: 600, height: 200, found: wide },
  Small: { rect: square, width: 420, height: 420, found: square },
};
const SWATCH = { color: "0xA56DB2", rect: [0.7, 0.7, 0.1, 0.150027], width: 200, height: 200, found: [0.7, 0.7, 0.1, 0.150027] };

before(async () => {
  [browser, studio, readOnly] = await Promise.all([launch(), startStudio(), startStudio({ images: ["samples/pier.jpg"], edit: false })]);
  readOnly.write("pier", { crops: CROPS });
});

beforeEach(() => {
  studio.write("pier", { crops: CROPS, swatch: SWATCH });
  studio.write("dunes", { crops: { Large: { rect: [0, 0, 0.5, 0.284], width: 1200, height: 400, found: [0, 0, 0.5, 0.284] } } });
});

after(async () => {
  await browser?.close();
  await Promise.all([studio?.stop(), readOnly?.stop()]);
});

const open = (t, options = {}, part = "crops") => openAt(t, browser, partOf(studio, part), { viewport: { width: 1280, height: 900 }, ...options });
const boxOf = (page, name) => page.locator(`.box[data-name="${name}"]`);
const cardOf = (page, name) => page.locator(`.part[data-name="${name}"]`);
const said = (page) => page.locator(".save-bar .said");
/** Left, top, width and height in pixels of the picture, as the fields show them. */
const fields = async (card) => Promise.all(["Left", "Top", "Box width", "Box height"].map(async (label) => Number(await card.getByLabel(label, { exact: true }).inputValue())));
const drawn = (page) => page.locator(".part .preview[src]").first().waitFor();

async function save(page) {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await said(page).filter({ hasText: "Saved." }).waitFor();
}

test("boxes__stay_in_the_picture_and_keep_their_shape", () => {
  const picture = { width: 5470, height: 3646 };
  const shape = shapeOf({ width: 1200, height: 400 }, picture);
  const inside = ([x, y, width, height]) => x >= 0 && y >= 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9 && width > 0 && height > 0;
  const start = largest(shape);
  assert.ok(inside(start) && (start[2] === 1 || start[3] === 1));
  // A walk of many moves, with numbers that are the same each time.
  let seed = 7;
  const next = () => ((seed = (seed * 16807) % 2147483647) / 2147483647) * 2 - 1;
  let box = start;
  for (let step = 0; step < 5000; step += 1) {
    const handle = { x: Math.round(next()), y: Math.round(next()) };
    box = step % 3 === 0 || (handle.x === 0 && handle.y === 0) ? move(box, next(), next()) : resize(box, handle, next(), next(), shape);
    assert.ok(inside(box), `${step}: ${box}`);
    assert.ok(Math.abs(box[2] / box[3] / shape - 1) < 1e-3, `${step}: ${box}`);
  }
  assert.deepEqual(move([0.1, 0.1, 0.5, 0.5], 2, -2), [0.5, 0, 0.5, 0.5]);
  assert.deepEqual(resize([0.2, 0.2, 0.4, 0.4], { x: 1, y: 1 }, 0.1, 0, 1), [0.2, 0.2, 0.5, 0.5]);
  assert.deepEqual(resize([0.2, 0.2, 0.4, 0.4], { x: -1, y: 0 }, 0.1, 0, 1), [0.3, 0.25, 0.3, 0.3], "the right edge and the middle stay");
  assert.deepEqual(reshape([0.2, 0.2, 0.4, 0.4], 4), [0, 0.3, 0.8, 0.2]);
  assert.deepEqual(inPixels([0.5, 0.5, 0.1, 0.1], { width: 100, height: 50 }), [50, 25, 10, 5]);
  assert.ok(isSame([0, 0, 1, 1], [0, 1e-6, 1, 1]) && !isSame([0, 0, 1, 1], [0, 0.1, 1, 1]));
});

test("parts__of_two_people_are_joined_unless_both_changed_the_same_one", () => {
  const part = (x) => ({ rect: [x, 0, 0.1, 0.1], width: 1, height: 1 });
  const base = { A: part(0), B: part(0), C: part(0) };
  const { parts, conflicts } = merge(base, { A: part(0.1), B: part(0.2), D: part(0) }, { A: part(0), B: part(0.3), C: part(0), E: part(0) });
  assert.deepEqual(conflicts, ["B"]);
  assert.deepEqual(Object.keys(parts).sort(), ["A", "B", "D", "E"], "C was deleted, D and E are new");
  assert.deepEqual([parts.A, parts.B], [part(0.1), part(0.2)]);
  assert.deepEqual(merge(base, { ...base, A: part(0.5) }, { ...base, A: part(0.5) }).conflicts, [], "both did the same");
  assert.deepEqual(changed(base, { ...base, A: { height: 1, width: 1, rect: [0, 0, 0.1, 0.1] } }), [], "the order of fields is no change");
});

test("parts__are_the_fields_of_the_record_and_names_fit_into_addresses", () => {
  const record = { width: 9, crops: { A: { rect: [0, 0, 1, 1] } }, swatch: { color: "0x000000" }, other: 1 };
  assert.deepEqual(withParts(record, partsOf(record)), record);
  assert.deepEqual(withParts(record, {}), { width: 9, other: 1 });
  for (const name of ["", "a:b", "a/b", "Swatch", "A", "50%", "x".repeat(101)]) assert.ok(problemOfName(name, { A: {} }), name);
  for (const name of ["B", "16x9 wide", "größer"]) assert.equal(problemOfName(name, { A: {} }), undefined);
  assert.equal(problemOfName("A", { A: {} }, "A"), undefined);
  assert.ok(isByHand({ rect: [0, 0, 1, 1] }) && !isByHand({ rect: [0, 0, 1, 1], found: [0, 0, 1, 1] }));
});

test("crops__a_box_is_dragged_shares_its_ratio_and_is_saved_as_the_server_draws_it", async (t) => {
  const page = await open(t);
  await drawn(page);
  assert.match(await cardOf(page, "Large").innerText(), /found by ingest/);
  const before = await boxOf(page, "Large").boundingBox();
  // At its right, where no smaller box lies upon it.
  const grasp = { x: before.x + before.width * 0.9, y: before.y + before.height / 2 };
  await page.mouse.move(grasp.x, grasp.y);
  await page.mouse.down();
  await page.mouse.move(grasp.x + 60, grasp.y + 40, { steps: 6 });
  await page.mouse.up();
  const after = await boxOf(page, "Large").boundingBox();
  assert.ok(Math.abs(after.x - before.x - 60) < 2 && Math.abs(after.y - before.y - 40) < 2, `${after.x} ${after.y}`);
  assert.equal(await said(page).innerText(), "Not saved: Large, Medium");
  assert.match(await cardOf(page, "Large").innerText(), /set by hand/);
  await save(page);
  const { crops, swatch, original } = studio.record("pier");
  assert.ok(crops.Large.rect[0] > 0.1 && crops.Large.rect[1] > 0.1);
  assert.deepEqual(crops.Large.rect, crops.Medium.rect, "crops of one ratio share the box");
  assert.deepEqual([crops.Small.rect, swatch.color], [square, SWATCH.color]);
  assert.deepEqual(crops.Large.found, wide, "what ingest found is still known");
  assert.ok(original.sha256, "the other fields stay");
  const served = await page.evaluate(async () => new Uint8Array(await (await fetch("/is/image/Samples/pier:Large?fmt=png&wid=90", { cache: "no-store" })).arrayBuffer()).length);
  assert.ok(served > 1000);
});

test("crops__keys_move_and_resize_and_each_change_is_undone", async (t) => {
  const page = await open(t);
  await drawn(page);
  await boxOf(page, "Small").focus();
  const card = cardOf(page, "Small");
  const start = await fields(card);
  await page.keyboard.press("ArrowRight");
  const moved = await fields(card);
  assert.deepEqual(moved.map((value, at) => value - start[at]), [55, 0, 0, 0]);
  await page.keyboard.press("Shift+ArrowDown");
  const larger = await fields(card);
  assert.ok(larger[2] > moved[2] && Math.abs(larger[2] - larger[3]) <= 1, `${larger}`);
  await page.keyboard.press("Control+ArrowLeft");
  assert.equal((await fields(card))[0], larger[0] - 1);
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("Control+z");
  assert.deepEqual(await fields(card), start);
  assert.equal(await said(page).innerText(), "");
  await page.keyboard.press("Control+Shift+z");
  assert.deepEqual(await fields(card), moved);
  await page.getByRole("button", { name: "Revert" }).click();
  assert.deepEqual(await fields(card), start);
  assert.match(await page.inputValue("#url"), /wid=300$/, "the address has not changed");
});

test("crops__a_finger_drags_a_box_and_a_handle", async (t) => {
  const page = await open(t, phone);
  await drawn(page);
  await boxOf(page, "Small").evaluate((box) => box.scrollIntoView({ block: "center" }));
  const box = await boxOf(page, "Small").boundingBox();
  const card = cardOf(page, "Small");
  await swipe(page, { x: box.x + 0.8 * box.width, y: box.y + 0.8 * box.height }, { x: box.x + 0.8 * box.width + 40, y: box.y + 0.8 * box.height + 10 });
  const moved = await boxOf(page, "Small").boundingBox();
  assert.ok(Math.abs(moved.x - box.x - 40) < 3 && Math.abs(moved.y - box.y - 10) < 3, JSON.stringify([box, moved]));
  const before = await fields(card);
  // Beside the handle that is seen: a finger is wide.
  await swipe(page, { x: moved.x + moved.width + 12, y: moved.y + moved.height + 12 }, { x: moved.x + moved.width + 32, y: moved.y + moved.height + 32 });
  const after = await fields(card);
  assert.ok(after[2] > before[2] && after[0] === before[0] && after[1] === before[1], `${before} ${after}`);
});

test("crops__numbers_are_typed_and_the_preview_has_the_size_of_the_crop", async (t) => {
  const page = await open(t);
  await drawn(page);
  const card = cardOf(page, "Small");
  await card.locator(".choose-part").click();
  await card.getByLabel("Box width").fill("1000");
  await page.keyboard.press("Tab");
  assert.deepEqual((await fields(card)).slice(2), [1000, 1000]);
  await card.getByLabel("Meant for: width").fill("840");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => {
    const { naturalWidth, naturalHeight } = document.querySelector('.part[data-name="Small"] .preview');
    return naturalWidth === 800 && naturalHeight === 400;
  });
  await card.getByLabel("Meant for: width").fill("0");
  await page.keyboard.press("Tab");
  await card.getByText("Width and height are whole numbers from 1 to 65500.").waitFor();
});

test("crops__are_added_renamed_and_deleted", async (t) => {
  const page = await open(t);
  await drawn(page);
  await page.getByText("Add a crop", { exact: true }).click();
  await page.getByLabel("Name").first().fill("a:b");
  await page.getByLabel("Width", { exact: true }).fill("300");
  await page.getByLabel("Height", { exact: true }).fill("100");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("The name goes into addresses").waitFor();
  await page.getByLabel("Name").first().fill("Strip");
  await page.keyboard.press("Enter");
  await cardOf(page, "Strip").waitFor();
  assert.deepEqual(await fields(cardOf(page, "Strip")), await fields(cardOf(page, "Large")), "it begins with the box of its ratio");
  await cardOf(page, "Strip").getByLabel("Name").fill("Ribbon");
  await page.keyboard.press("Enter");
  await cardOf(page, "Ribbon").waitFor();
  await cardOf(page, "Small").locator(".choose-part").click();
  await page.getByRole("button", { name: "Delete Small" }).click();
  await save(page);
  const { crops } = studio.record("pier");
  assert.deepEqual(Object.keys(crops).sort(), ["Large", "Medium", "Ribbon"]);
  assert.equal(crops.Ribbon.found, undefined);
});

test("crops__the_swatch_takes_its_colour_from_its_patch", async (t) => {
  const page = await open(t);
  await drawn(page);
  const card = cardOf(page, "Swatch");
  await card.locator(".choose-part").click();
  await boxOf(page, "Swatch").focus();
  for (let step = 0; step < 60; step += 1) await page.keyboard.press("ArrowUp");
  await card.getByRole("button", { name: "Take the patch's colour" }).click();
  const color = await card.getByLabel("Colour", { exact: true }).inputValue();
  assert.match(color, /^0x[0-9A-F]{6}$/);
  assert.notEqual(color, SWATCH.color);
  await save(page);
  assert.deepEqual([studio.record("pier").swatch.color, studio.record("pier").swatch.rect[1] < 0.2], [color, true]);
});

test("crops__changes_of_somebody_else_are_kept_and_a_conflict_is_decided", async (t) => {
  const page = await open(t, { expected: refusals });
  await drawn(page);
  await boxOf(page, "Large").focus();
  await page.keyboard.press("ArrowDown");
  const other = [0.3, 0.3, 0.3, 0.450082];
  studio.write("pier", { crops: { ...CROPS, Small: { ...CROPS.Small, rect: other } } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved. Small had been changed on the server meanwhile").waitFor();
  assert.deepEqual(studio.record("pier").crops.Small.rect, other);
  assert.equal(studio.record("pier").crops.Large.rect[1], 0.11);
  await page.keyboard.press("Tab");
  await boxOf(page, "Large").focus();
  await page.keyboard.press("ArrowDown");
  const theirs = { ...CROPS.Large, rect: [0, 0, 0.6, 0.300055] };
  studio.write("pier", { crops: { ...studio.record("pier").crops, Large: theirs } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Somebody else changed Large meanwhile. Which is to count?").waitFor();
  assert.deepEqual(studio.record("pier").crops.Large, theirs, "nothing is overwritten without a word");
  await page.getByRole("button", { name: "Mine: save it" }).click();
  await said(page).filter({ hasText: "Saved." }).waitFor();
  assert.equal(studio.record("pier").crops.Large.rect[1], 0.12);
});

test("crops__what_is_not_saved_outlives_a_lost_server_and_a_reload", async (t) => {
  const page = await open(t, { expected: refusals });
  await drawn(page);
  await boxOf(page, "Small").focus();
  await page.keyboard.press("ArrowDown");
  const wanted = await fields(cardOf(page, "Small"));
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/^Not saved: The server cannot be reached/).waitFor();
  await page.context().setOffline(false);
  await page.reload();
  await drawn(page);
  await cardOf(page, "Small").locator(".choose-part").click();
  assert.deepEqual(await fields(cardOf(page, "Small")), wanted);
  assert.equal(await said(page).innerText(), "Not saved: Small");
  await save(page);
  assert.ok(studio.record("pier").crops.Small.rect[1] > square[1]);
});

test("crops__a_server_without_edits_gives_a_file_and_says_where_it_goes", async (t) => {
  const page = await openAt(t, browser, partOf(readOnly, "crops"), { expected: refusals });
  await drawn(page);
  await boxOf(page, "Small").focus();
  await page.keyboard.press("ArrowDown");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  assert.equal(download.suggestedFilename(), "pier.json");
  const { crops } = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.ok(crops.Small.rect[1] > square[1]);
  await page.getByText("put these fields into records/Samples/pier.json").waitFor();
});

test("crops__a_folder_is_checked_by_keyboard_and_saved_at_once", async (t) => {
  const page = await open(t, {}, "crops/folder");
  const tile = (name) => page.locator(".crop-tiles .tile").filter({ has: page.getByText(name, { exact: true }) });
  await tile("pier").locator("img[src]").waitFor();
  await tile("tulips").getByText("no Large").waitFor();
  await tile("dunes").locator(".opener").focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Samples/dunes" });
  await dialog.locator(".preview[src]").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("PageDown");
  await page.getByRole("dialog", { name: "Samples/pier" }).locator(".preview[src]").first().waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await page.getByText("Not saved: 2 pictures").waitFor();
  await page.waitForFunction(() => document.activeElement.title === "pier");
  assert.equal(await page.locator(".tile.changed").count(), 2);
  await page.getByRole("button", { name: "Save all" }).click();
  await page.getByText("Saved: 2.").waitFor();
  assert.equal(await page.locator(".tile.changed").count(), 0);
  assert.equal(studio.record("dunes").crops.Large.rect[1], 0.01);
  assert.equal(studio.record("pier").crops.Large.rect[0], 0.11);
  await page.getByLabel("Names that begin with").fill("d");
  await page.waitForFunction(() => document.querySelectorAll(".crop-tiles .tile").length === 1);
});

test("crops__a_missing_picture_is_said", async (t) => {
  const page = await openAt(t, browser, partOf(studio, "crops", "Samples/none"), { expected: refusals });
  await page.getByText("Samples/none has no record.").waitFor();
  await page.getByRole("button", { name: "Browse" }).waitFor();
});

test("crops__axe_finds_nothing_and_360_pixels_are_enough", async (t) => {
  for (const [colorScheme, options] of [["light", {}], ["dark", phone]]) {
    const page = await open(t, { ...options, colorScheme });
    await drawn(page);
    await page.getByText("Add a crop", { exact: true }).click();
    assert.deepEqual(await violations(page), [], colorScheme);
    assert.deepEqual(await tooWide(page), []);
    await page.getByRole("button", { name: "A whole folder" }).click();
    await page.locator(".crop-tiles img[src]").first().waitFor();
    assert.deepEqual(await violations(page), [], colorScheme);
    await page.locator(".crop-tiles .opener").nth(1).click();
    await page.getByRole("dialog").locator(".preview[src]").first().waitFor();
    assert.deepEqual(await violations(page), [], colorScheme);
    assert.deepEqual(await tooWide(page), []);
  }
});
