// The contact sheet: presets beside pictures, drawn here while the rest of the page goes on.
import { element } from "../dom.js";
import { bytes } from "../names.js";
import { requestOf, shownAs, thumbnail } from "./drawing.js";
import { describe, itemsOf, search as find } from "./list.js";
import { Rows } from "./rows.js";
import { sheetPictures } from "./sheet-pictures.js";

/** Cells that are drawn without another word, and those that are asked for at once. */
const MOST = 200;
const AT_ONCE = 3;

/** What was chosen, for the next time. */
const kept = { presets: new Set(), pictures: new Map() };

/** `chosen()` is the key of the preset in the editor. */
export function contactSheet(app, workspace, roots, chosen) {
  const { engine, state } = app;
  let drawing = new AbortController();
  let drawnFor;
  let addresses = [];

  const search = element("input", { type: "search", id: "sheet-search", "aria-label": "Search presets for the sheet", placeholder: "Search: name or modifiers", oninput: () => showPresets() });
  const rows = new Rows({
    label: "Presets of the sheet",
    multiple: true,
    describe: (item) => describe(item, app, workspace),
    draw: (request, signal) => thumbnail(engine, request, { source: state.source, signal }),
    choose: () => draw(),
  });
  rows.chosen = kept.presets;
  const button = (label, onclick, quiet = true) => element("button", { type: "button", class: quiet ? "quiet" : undefined, onclick }, label);
  const pictures = sheetPictures(app, kept.pictures, draw);
  const progress = element("p", { class: "hint", role: "status" });
  const [stopIt, goOn] = [button("Stop", () => stop()), button("Go on", continueIt, false)];
  const table = element("div", { class: "sheet-cells" });
  const root = element(
    "div",
    { class: "contact-sheet", hidden: true },
    element(
      "div",
      { class: "sheet-choose" },
      element("fieldset", {}, element("legend", {}, "Presets"), search, element("div", { class: "bar" }, button("All shown", () => chooseAll(true)), button("None", () => chooseAll(false))), rows.element),
      pictures.element,
    ),
    element("section", { class: "sheet-drawn", "aria-labelledby": "sheet-title" }, element("div", { class: "head" }, element("h2", { id: "sheet-title" }, "Contact sheet"), element("div", { class: "bar" }, stopIt, goOn)), progress, table),
  );

  const shownPresets = () => find(itemsOf(workspace, roots()), search.value);
  const showPresets = () => rows.show(shownPresets());

  function chooseAll(on) {
    if (!on) kept.presets.clear();
    else for (const { key } of shownPresets()) kept.presets.add(key);
    showPresets();
    draw();
  }

  /** Brings presets and pictures up to date, and draws what is not there. */
  function update() {
    // The sheet begins with what is in view.
    if (!kept.begun && itemsOf(workspace, roots()).some(({ key }) => key === chosen())) {
      kept.presets.add(chosen());
      kept.begun = true;
    }
    if (kept.pictures.size === 0) pictures.add({ object: state.object, source: state.source, title: state.source?.name ?? state.object.split("/").slice(1).join("/") });
    showPresets();
    pictures.show();
    draw();
  }

  /** The cells that are wanted: each picture with each preset. */
  function wanted() {
    const presets = itemsOf(workspace, roots()).filter(({ key }) => kept.presets.has(key));
    return [...kept.pictures.values()].flatMap((picture) => presets.map((preset) => ({ picture, preset, request: requestOf(picture.object, preset.modifiers, workspace, preset.root) })));
  }

  let cells = [];
  let done = 0;
  /** How many cells there would be, and how many there may be. */
  let total = 0;
  let limit = MOST;

  function draw() {
    if (root.hidden) return;
    const everything = wanted();
    total = everything.length;
    const list = everything.slice(0, limit);
    const key = list.map(({ request, preset }) => `${preset.key} ${request}`).join("\n");
    if (key === drawnFor) return;
    drawnFor = key;
    drawing.abort();
    const before = new Map(cells.map((cell) => [`${cell.preset.key} ${cell.request}`, cell]));
    cells = list.map((cell) => before.get(`${cell.preset.key} ${cell.request}`) ?? { ...cell, ...makeCell(cell) });
    const still = new Set(cells.map(({ address }) => address));
    for (const address of addresses) if (!still.has(address)) URL.revokeObjectURL(address);
    addresses = addresses.filter((address) => still.has(address));
    arrange();
    drawRest();
  }

  /** The cells as a grid: one row for each picture, if there are several presets. */
  function arrange() {
    const columns = new Set(cells.map(({ preset }) => preset.key)).size;
    const isTable = columns > 1 && kept.pictures.size > 1;
    const groups = new Map();
    for (const cell of cells) {
      const key = isTable ? cell.picture.object : "";
      if (groups.has(key)) groups.get(key).push(cell);
      else groups.set(key, [cell]);
    }
    table.replaceChildren(
      ...[...groups].map(([, group]) =>
        element("section", {}, isTable ? element("h3", {}, group[0].picture.title) : "", element("ul", { class: "sheet-row" }, ...group.map(({ node }) => node))),
      ),
    );
  }

  function makeCell({ picture, preset }) {
    const image = element("img", { alt: `${picture.title} with ${preset.name}` });
    const size = element("span", { class: "cell-size" }, "waits");
    const title = `$${preset.name}$`;
    const node = element(
      "li",
      { class: "sheet-cell" },
      element("div", { class: "cell-frame", "aria-busy": "true" }, image),
      element("b", {}, title),
      element("span", { class: "cell-of" }, picture.title),
      size,
    );
    return { node, image, size };
  }

  /** Draws what is not drawn, a few at once, so that the newest change elsewhere need not wait. */
  async function drawRest() {
    drawing.abort();
    drawing = new AbortController();
    const { signal } = drawing;
    const open = cells.filter(({ state }) => state !== "done");
    done = cells.length - open.length;
    tell(signal);
    const next = async () => {
      while (open.length > 0 && !signal.aborted) {
        const cell = open.shift();
        await drawCell(cell, signal);
        if (signal.aborted) return;
        done += 1;
        tell(signal);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    if (!signal.aborted) tell(signal, true);
  }

  async function drawCell(cell, signal) {
    const { source } = cell.picture;
    try {
      const reply = await engine.render(cell.request, { source, signal, urgency: 0 });
      if (reply.status !== 200) throw new Error(new TextDecoder().decode(reply.bytes).trim());
      const other = shownAs(cell.request, reply.contentType);
      const shown = other ? await engine.render(other, { source, signal, urgency: 0 }) : reply;
      const address = URL.createObjectURL(new Blob([shown.bytes], { type: shown.contentType }));
      addresses.push(address);
      cell.address = address;
      cell.image.src = address;
      await cell.image.decode().catch(() => {});
      const { naturalWidth, naturalHeight } = cell.image;
      cell.bytes = reply.bytes.length;
      cell.size.textContent = `${naturalWidth} × ${naturalHeight} · ${bytes(cell.bytes)} · ${reply.contentType.split(";")[0].replace("image/", "")}`;
      cell.node.classList.toggle("transparent", shown.contentType !== "image/jpeg");
    } catch (reason) {
      if (signal.aborted) return;
      cell.node.classList.add("failed");
      cell.size.textContent = reason.message;
    }
    cell.state = "done";
    cell.node.querySelector(".cell-frame").setAttribute("aria-busy", "false");
  }

  function tell(signal, isOver) {
    const sum = cells.reduce((sum, cell) => sum + (cell.bytes ?? 0), 0);
    if (cells.length === 0) progress.textContent = kept.presets.size === 0 ? "Choose one or more presets, and one or more pictures." : "Choose one or more pictures.";
    else progress.textContent = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} drawn, ${bytes(sum)} in all${isOver && done < total ? ". The rest waits for you." : ""}`;
    stopIt.hidden = isOver || cells.length === 0 || done === cells.length || signal.aborted;
    goOn.hidden = done === total || (!isOver && !signal.aborted);
  }

  /** Draws what was stopped, or the cells that come next. */
  function continueIt() {
    if (done === cells.length) limit += MOST;
    drawnFor = undefined;
    draw();
  }

  function stop() {
    drawing.abort();
    drawnFor = undefined;
    if (!root.hidden) tell(drawing.signal, true);
  }

  return {
    element: root,
    update,
    stop,
    end() {
      stop();
      rows.end();
      pictures.end();
      for (const address of addresses) URL.revokeObjectURL(address);
    },
  };
}
