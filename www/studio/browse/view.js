// Browse: the assets of a catalog, and the files of this device, to choose one from.
import { arrowKeys } from "../arrows.js";
import { whileBusy } from "../busy.js";
import { element } from "../dom.js";
import { acceptDrops } from "../modify/pictures.js";
import { catalogs, ServerError } from "../server.js";
import { Thumbnails } from "../thumbnails.js";
import { closed } from "./closed.js";
import { forget, keep, localFiles } from "./files.js";
import { pager } from "./pager.js";
import { Place } from "./pages.js";
import { properties } from "./properties.js";
import { assetTile, fileTile } from "./tiles.js";

/** How long after a key the search begins, in milliseconds. */
const PAUSE = 250;

/** What was in view, for the next time that this part is shown. */
const kept = { place: undefined, layout: "grid" };

export function mount(container, app) {
  const thumbnails = new Thumbnails();
  const ownThumbnails = new Thumbnails();
  let wanted = new AbortController();
  let timer;

  const catalog = element("select", { id: "catalog", onchange: () => start() });
  const search = element("input", { type: "search", id: "find", placeholder: "part of the name", oninput: hasten });
  const typed = element("input", { type: "text", id: "object", placeholder: "Catalog/name", spellcheck: "false", autocapitalize: "off" });
  const busy = element("p", { class: "hint busy", role: "status", hidden: true }, "Asking the server …");
  const problem = element("div", { hidden: true });
  const grid = element("ul", { class: "tiles", "aria-label": "Assets" });
  const own = element("ul", { class: "tiles own", "aria-label": "Files of this device" });
  const ownPart = element("section", { class: "device", "aria-labelledby": "device-title" }, element("h2", { id: "device-title" }, "On this device"), own);
  const pages = pager(turn);
  const about = properties(app);
  const layouts = ["grid", "list"].map((name) => element("button", { type: "button", class: "quiet", "aria-pressed": "false", "data-layout": name, onclick: () => lay(name) }, name === "grid" ? "Grid" : "List"));
  const file = element("input", { type: "file", multiple: true, onchange: () => openFiles(...file.files) });

  const lists = element("div", { class: "lists" }, problem, grid, pages.element);
  container.append(
    element(
      "form",
      { class: "choose", autocomplete: "off", onsubmit: openTyped },
      labelled("Catalog", catalog),
      labelled("Search", search),
      labelled("Open by name", typed, element("button", {}, "Open")),
      element("label", { class: "drop" }, file, element("span", {}, "Drop pictures here"), element("small", {}, "or choose files; they stay on this device")),
    ),
    element("div", { class: "body" }, element("div", { class: "found" }, ownPart, element("div", { class: "head" }, element("h2", {}, "Assets"), busy, element("div", { class: "bar", role: "group", "aria-label": "Layout" }, ...layouts)), lists), about.element),
  );
  const keys = [arrowKeys(grid, ".opener", turn), arrowKeys(own, ".opener")];

  async function begin() {
    problem.hidden = true;
    try {
      const { catalogs: names } = await whileBusy(busy, catalogs({ signal: wanted.signal }));
      if (names.length === 0) throw new ServerError("No catalog is open on this server: its setting PREVIEW_SOURCES is empty.", { status: 403 });
      catalog.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
      const shown = [kept.place?.rootId, app.object.split("/")[0]].find((name) => names.includes(name));
      if (shown) catalog.value = shown;
      search.value = kept.place?.rootId === catalog.value ? (kept.place.filter.contains ?? "") : "";
      if (kept.place?.rootId === catalog.value) read();
      else start();
    } catch (reason) {
      tell(reason, begin);
    }
  }

  function start() {
    kept.place = new Place(catalog.value, { contains: search.value.trim() });
    read();
  }

  function hasten() {
    clearTimeout(timer);
    timer = setTimeout(() => catalog.value && start(), PAUSE);
  }

  async function turn(by) {
    if (!kept.place?.turn(by)) return;
    if (await read()) grid.querySelector(".opener")?.focus();
    pages.element.scrollIntoView({ block: "nearest" });
  }

  /** Reads the page that is wanted; an older one is aborted. The page in view stays until there is another. */
  async function read() {
    wanted.abort();
    wanted = new AbortController();
    const { signal } = wanted;
    const { place } = kept;
    try {
      const objects = await whileBusy(busy, place.read(signal, (some) => !signal.aborted && show(place, some, false)));
      if (signal.aborted) return false;
      problem.hidden = true;
      show(place, objects);
      return true;
    } catch (reason) {
      if (!signal.aborted) tell(reason, read);
      return false;
    }
  }

  /** Shows a page, or what is known of it so far. */
  function show(place, objects, isWhole = true) {
    thumbnails.clear();
    grid.replaceChildren(...objects.map((found) => {
      const object = `${place.rootId}/${found.id}`;
      return assetTile({ ...found, object }, thumbnails, { open: () => app.open({ object }), about: (event) => about.show({ object, ...found }, event.currentTarget) });
    }));
    if (objects.length === 0) grid.append(element("li", { class: "hint" }, place.filter.contains ? `No asset of ${place.rootId} has “${place.filter.contains}” in its name.` : `The catalog ${place.rootId} has no assets yet. azulejo ingest stores them.`));
    pages.show(place, objects.length, isWhole);
    pages.element.hidden = false;
    keys[0].first();
  }

  function showOwn() {
    const files = localFiles();
    ownPart.hidden = files.length === 0;
    ownThumbnails.clear();
    own.replaceChildren(...files.map(({ object, file: source }) => {
      const tile = fileTile({ object, file: source }, ownThumbnails, app.engine, {
        open: () => app.open({ object, source }),
        about: (event) => about.show({ object, source, bytes: source.size }, event.currentTarget),
      });
      tile.querySelector(".line").append(element("button", { type: "button", class: "quiet close", "aria-label": `Close ${source.name}`, onclick: () => (forget(object), showOwn()) }, "×"));
      return tile;
    }));
    keys[1].first();
  }

  function tell(reason, again) {
    if (reason.name === "AbortError") return;
    problem.replaceChildren(closed(reason, again));
    problem.hidden = false;
    // What was found before stays, with the way to other pages.
    pages.element.hidden = grid.childElementCount === 0;
  }

  function lay(name) {
    kept.layout = name;
    for (const list of [grid, own]) list.classList.toggle("rows", name === "list");
    for (const button of layouts) button.setAttribute("aria-pressed", String(button.dataset.layout === name));
  }

  function openTyped(event) {
    event.preventDefault();
    const object = typed.value.trim().replace(/^\/+/, "");
    const wrong = !/^[^/]+\/./.test(object);
    typed.setCustomValidity(wrong ? "Type a catalog and a name, such as Samples/pier." : "");
    if (typed.reportValidity()) app.open({ object });
  }
  typed.addEventListener("input", () => typed.setCustomValidity(""));

  function openFiles(...opened) {
    keep(opened);
    showOwn();
  }

  lay(kept.layout);
  showOwn();
  begin();
  const endDrops = acceptDrops(openFiles);
  return () => {
    clearTimeout(timer);
    wanted.abort();
    thumbnails.end();
    ownThumbnails.end();
    about.end();
    endDrops();
  };
}

function labelled(title, field, ...more) {
  return element("div", { class: "labelled" }, element("label", { for: field.id }, title), element("div", { class: "bar" }, field, ...more));
}
