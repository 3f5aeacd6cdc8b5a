// One crop of all assets of a folder as a grid, to look through, to mend, and to save at once.
import { arrowKeys } from "../arrows.js";
import { pager } from "../browse/pager.js";
import { Place } from "../browse/pages.js";
import { closed } from "../browse/closed.js";
import { whileBusy } from "../busy.js";
import { element } from "../dom.js";
import { catalogs } from "../server.js";
import { Thumbnails } from "../thumbnails.js";
import { cropDialog } from "./dialog.js";
import { saveAll } from "./save-all.js";
import { opened, openSession, refresh } from "./session.js";
import { cropTile } from "./tile.js";

/** How long after a key the folder is read, in milliseconds. */
const PAUSE = 300;

/** What was in view, for the next time that this part is shown. */
const kept = { place: undefined, crop: "" };

/** The grid. `end()` takes it down. */
export function folder(app) {
  const thumbnails = new Thumbnails();
  let wanted = new AbortController();
  let timer;
  let tiles = [];

  const catalog = element("select", { id: "crop-catalog", onchange: () => start() });
  const prefix = element("input", { type: "text", id: "crop-prefix", placeholder: "all", spellcheck: "false", autocapitalize: "off", oninput: () => (clearTimeout(timer), (timer = setTimeout(start, PAUSE))) });
  const crop = element("select", { id: "crop-name", onchange: () => ((kept.crop = crop.value), showTiles()) });
  const busy = element("p", { class: "hint busy", role: "status", hidden: true }, "Asking the server …");
  const problem = element("div", { hidden: true });
  const grid = element("ul", { class: "tiles crop-tiles", "aria-label": "Crops" });
  const pages = pager((by) => turn(by));
  const saving = saveAll(opened, () => showTiles());
  const labelled = (title, field) => element("div", { class: "labelled" }, element("label", { for: field.id }, title), field);
  const root = element(
    "div",
    { class: "crop-folder" },
    element("form", { class: "choose", autocomplete: "off", onsubmit: (event) => event.preventDefault() }, labelled("Catalog", catalog), labelled("Names that begin with", prefix), labelled("Crop", crop)),
    saving.element,
    busy,
    problem,
    grid,
    pages.element,
  );
  const keys = arrowKeys(grid, ".opener", (by) => turn(by, 0));
  const dialog = cropDialog(app, {
    /** The tile before or after another one, on other pages, too. */
    async beside(at, by) {
      const to = at + by;
      if (tiles[to]) return { at: to, tile: tiles[to] };
      if (!(await turn(by))) return undefined;
      const on = by > 0 ? 0 : tiles.length - 1;
      return tiles[on] && { at: on, tile: tiles[on] };
    },
    left(tile) {
      tile.show(crop.value);
      showNames();
      saving.show();
    },
    closed: (at) => tiles[at]?.focus(),
  });

  async function begin() {
    problem.hidden = true;
    try {
      const { catalogs: names } = await whileBusy(busy, catalogs({ signal: wanted.signal }));
      catalog.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
      const shown = [kept.place?.rootId, app.object.split("/")[0]].find((name) => names.includes(name));
      if (shown) catalog.value = shown;
      if (kept.place?.rootId !== catalog.value) return start();
      prefix.value = kept.place.filter.prefix ?? "";
      return await read();
    } catch (reason) {
      return tell(reason, begin);
    }
  }

  function start() {
    if (!catalog.value) return undefined;
    kept.place = new Place(catalog.value, { prefix: prefix.value.trim() });
    return read();
  }

  /** Turns the page. Returns whether there was one, once it is shown. */
  async function turn(by, focus) {
    if (!kept.place?.turn(by) || !(await read())) return false;
    if (focus !== undefined) tiles[focus]?.focus();
    return true;
  }

  async function read() {
    wanted.abort();
    wanted = new AbortController();
    const { signal } = wanted;
    const { place } = kept;
    try {
      const objects = await whileBusy(busy, place.read(signal));
      if (signal.aborted) return false;
      problem.hidden = true;
      show(place, objects, signal);
      return true;
    } catch (reason) {
      if (!signal.aborted) tell(reason, read);
      return false;
    }
  }

  function show(place, objects, signal) {
    thumbnails.clear();
    tiles = objects.map(({ id }, at) => {
      const tile = cropTile(`${place.rootId}/${id}`, id, {
        read: (object) => openSession(object, app.engine, signal),
        open: () => dialog.open(at, tile, crop.value),
      });
      thumbnails.add(tile.element, async () => {
        await tile.ready();
        if (signal.aborted) return;
        showNames();
        await tile.show(crop.value);
        saving.show();
      });
      return tile;
    });
    grid.replaceChildren(...tiles.map(({ element }) => element));
    if (tiles.length === 0) grid.append(element("li", { class: "hint" }, `No asset of ${place.rootId} has a name that begins with “${place.filter.prefix}”.`));
    pages.show(place, tiles.length);
    keys.first();
  }

  /** The names of all crops that were seen, to choose from. */
  function showNames() {
    const seen = new Set(opened().filter(({ object }) => object.startsWith(`${catalog.value}/`)).flatMap(({ parts }) => Object.keys(parts)));
    const names = [...seen].sort();
    if (names.join("\n") === [...crop.options].map(({ value }) => value).join("\n")) return;
    crop.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    const before = crop.dataset.shown;
    crop.value = names.includes(kept.crop) ? kept.crop : (names[0] ?? "");
    crop.dataset.shown = crop.value;
    if (before !== crop.value) showTiles();
  }

  function showTiles() {
    for (const tile of tiles) tile.show(crop.value);
    saving.show();
  }

  function tell(reason, again) {
    problem.replaceChildren(closed(reason, again));
    problem.hidden = false;
  }

  refresh();
  begin();
  return {
    element: root,
    end() {
      clearTimeout(timer);
      wanted.abort();
      thumbnails.end();
      dialog.end();
    },
  };
}
