// Presets: the macro files of the catalogs as a list, an editor with a live preview, and a contact sheet.
import { whileBusy } from "../busy.js";
import { element } from "../dom.js";
import { freeName } from "./advice.js";
import { askForTemplate } from "./dialogs.js";
import { presetEditor } from "./editor.js";
import { itemsOf, presetList } from "./list.js";
import { add } from "./macro-file.js";
import { preview } from "./preview.js";
import { saving } from "./saving.js";
import { contactSheet } from "./sheet.js";
import { statusText, troubleOf } from "./status.js";
import { DEFAULT, Workspace } from "./workspace.js";

/** How long a sentence about what was done stays, in milliseconds. */
const READ = 15_000;
/** How long after a change of the address its catalog is read, in milliseconds. */
const PAUSE = 300;

/** The work outlives the view: what is changed, and what can be undone. */
const workspace = new Workspace();
/** What was in view, for the next time. */
const seen = { root: undefined, name: undefined, search: "", only: "", own: "Samples" };

export function mount(container, app) {
  const { state } = app;
  const ended = new AbortController();
  const listen = (target, name, listener) => target.addEventListener(name, listener, { signal: ended.signal });
  const button = (label, onclick, quiet = true) => element("button", { type: "button", class: quiet ? "quiet" : undefined, onclick }, label);

  const status = element("p", { class: "hint preset-status", role: "status" });
  const waiting = element("p", { class: "hint", role: "status", hidden: true }, "Asking the server …");
  const toast = element("p", { class: "preset-toast", role: "status", hidden: true });
  const trouble = element("div", { class: "preset-trouble" });
  const busy = (work) => whileBusy(waiting, work);
  const { save, resolve, importFile, exportFile } = saving(app.engine, workspace, { tell, busy, targets });

  const file = element("input", { type: "file", accept: ".txt,.csv,.tsv,text/plain", "aria-label": "Macro file to import", hidden: true });
  const [undo, redo, saveIt] = [button("Undo", () => workspace.undo()), button("Redo", () => workspace.redo()), button("Save", save, false)];
  undo.setAttribute("aria-label", "Undo in presets");
  redo.setAttribute("aria-label", "Redo in presets");
  const links = [["presets", "Edit"], ["presets/sheet", "Contact sheet"]].map(([route, label]) =>
    element("a", { href: `#${route}`, "data-route": route, onclick: (event) => (event.preventDefault(), app.go(route)) }, label),
  );
  const back = button("All presets", () => container.classList.remove("chosen"));
  back.classList.add("preset-back");

  const list = presetList(app, workspace, { seen, roots, choose: select });
  const editor = presetEditor(app, workspace, { tell, select });
  const view = preview(app, workspace, importFile);
  const sheet = contactSheet(app, workspace, roots);
  const work = element("div", { class: "preset-work" }, back, editor.element, view.element);
  const desk = element("div", { class: "preset-desk" }, list.element, work);
  const bar = [button("New preset", create, false), button("Import", () => file.click()), file, button("Export", () => exportFile(seen.only || seen.root || ownRoot())), undo, redo, saveIt];
  container.append(
    element("div", { class: "head" }, element("nav", { class: "preset-parts", "aria-label": "Presets" }, ...links), element("div", { class: "bar" }, ...bar)),
    status,
    waiting,
    toast,
    trouble,
    desk,
    sheet.element,
  );

  /** The catalog of the picture in view. A file of this device is in none: the last one goes on. */
  function ownRoot() {
    if (!state.source) seen.own = state.object.split("/")[0];
    return seen.own;
  }

  function roots() {
    return [...new Set([ownRoot(), DEFAULT])];
  }

  /** The catalogs, first the one whose preset is in view. */
  function targets() {
    return [...new Set([seen.root, ...roots()])].filter((root) => roots().includes(root));
  }

  const chosen = () => workspace.files.get(seen.root)?.byName.get(seen.name?.toLowerCase());

  /** Brings all up to date with the files. */
  function show() {
    // A file that is still being read may have what was asked for.
    const isKnown = workspace.files.has(seen.root) || !roots().includes(seen.root);
    if (isKnown && (!chosen() || !roots().includes(seen.root))) {
      const [first] = itemsOf(workspace, roots());
      [seen.root, seen.name] = [first?.root, first?.name];
    }
    list.show();
    status.textContent = statusText(workspace);
    status.classList.toggle("unsaved", workspace.changed.length > 0);
    const said = roots().map((root) => workspace.files.get(root)).map((one) => one && troubleOf(one, { reload, resolve }));
    trouble.replaceChildren(...said.filter(Boolean));
    for (const [control, on] of [[undo, workspace.canUndo], [redo, workspace.canRedo], [saveIt, workspace.changed.length > 0]]) control.setAttribute("aria-disabled", String(!on));
    saveIt.hidden = workspace.edit === false && !workspace.isLocked;
    showChosen();
    if (!sheet.element.hidden) sheet.update();
  }

  function showChosen() {
    const found = chosen();
    work.hidden = !found;
    editor.show(seen.root, seen.name);
    if (!found) return view.clear();
    list.select(seen.root, found.name);
    if (!desk.hidden) view.show(seen.root, found);
  }

  async function reload(root) {
    workspace.keep();
    await busy(workspace.connect());
    await busy(workspace.load(root));
  }

  /** Shows a preset. Small screens have either the list or a preset in view. */
  function select(root, name, { focus } = {}) {
    [seen.root, seen.name] = [root, name];
    container.classList.toggle("chosen", name !== undefined);
    showChosen();
    if (focus) editor.focus();
  }

  let loading;
  let hiding;
  function tell(text, action) {
    clearTimeout(hiding);
    const close = () => (toast.hidden = true);
    toast.replaceChildren(element("span", {}, text), action === "undo" ? button("Undo", () => (workspace.undo(), close())) : "", button("Close", close));
    toast.hidden = false;
    hiding = setTimeout(close, READ);
  }

  async function create() {
    const made = await askForTemplate(targets(), state.modifiers);
    if (!made) return;
    const target = await workspace.load(made.root);
    const name = freeName(made.name, target.presets.map((one) => one.name));
    [seen.root, seen.name] = [made.root, name];
    workspace.change(made.root, add(target.text, name, made.modifiers));
    app.go("presets");
    list.reset();
    select(made.root, name, { focus: true });
  }

  /** Shows the part of the page that the address names: the sheet, or a preset. */
  function route() {
    const [part, root, name] = state.route.split("/");
    if (part !== "presets") return;
    const isSheet = root === "sheet";
    desk.hidden = isSheet;
    sheet.element.hidden = !isSheet;
    for (const link of links) {
      if ((link.dataset.route === "presets/sheet") === isSheet) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (!isSheet) sheet.stop();
    if (root && name) [seen.root, seen.name] = [root, name];
    if (root && name) container.classList.add("chosen");
    show();
  }

  async function load() {
    await busy(Promise.all(roots().map((root) => workspace.load(root))));
    if (!ended.signal.aborted) show();
  }

  function key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest?.("dialog")) return;
    const pressed = event.key.toLowerCase();
    // A field has an undo of its own.
    const isTyped = event.target.closest?.("input:not([type=range],[type=checkbox],[type=radio]), textarea, select");
    if (pressed === "s") save();
    else if (isTyped) return;
    else if (pressed === "z" && !event.shiftKey) workspace.undo();
    else if (pressed === "y" || (pressed === "z" && event.shiftKey)) workspace.redo();
    else return;
    event.preventDefault();
    // Here undo is that of the presets, not that of the address.
    event.stopPropagation();
  }

  file.addEventListener("change", () => {
    const [given] = file.files;
    if (given) importFile(given);
    file.value = "";
  });
  listen(workspace, "change", show);
  listen(state, "change", () => {
    clearTimeout(loading);
    // The name of a catalog may be half typed.
    if (roots().some((root) => !workspace.files.has(root))) loading = setTimeout(load, PAUSE);
    show();
  });
  listen(state, "route", route);
  listen(window, "pagehide", () => workspace.keep());
  listen(document, "keydown", key);
  route();
  load();
  return () => {
    ended.abort();
    clearTimeout(hiding);
    clearTimeout(loading);
    workspace.keep();
    for (const part of [list, view, sheet]) part.end();
  };
}
