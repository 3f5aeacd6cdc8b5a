// The list of presets with its search: those of the picture's catalog, and those of the default catalog.
import { element } from "../dom.js";
import { thumbnail, thumbnailRequest } from "./drawing.js";
import { expand, summary } from "./modifiers.js";
import { Rows } from "./rows.js";
import { DEFAULT } from "./workspace.js";

/** What a row shows of a preset. */
export function describe({ root, name, modifiers }, app, workspace) {
  const { kind, size, format } = summary(expand(modifiers, (called) => workspace.lookUp(root, called)));
  return {
    title: `$${name}$`,
    badge: kind === "sized" ? "" : kind,
    mark: workspace.files.get(root)?.changedNames.has(name.toLowerCase()) ? "not saved" : "",
    detail: [size, kind === "effect" ? "" : format, root].filter(Boolean).join(" · "),
    request: thumbnailRequest(app.object, modifiers, workspace, root),
  };
}

/** All presets of catalogs, as rows. */
export const itemsOf = (workspace, roots) =>
  roots.flatMap((root) => (workspace.files.get(root)?.presets ?? []).map((preset) => ({ key: `${root}/${preset.name}`, root, ...preset })));

/** The presets whose name or modifiers have all words of a search. */
export function search(items, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(({ name, modifiers }) => {
    const searched = `$${name}$ ${modifiers}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

/** `seen` keeps the search; `choose(root, name)` is called when a preset is chosen. */
export function presetList(app, workspace, { seen, roots, choose }) {
  const field = element("input", { type: "search", id: "preset-search", placeholder: "Search: name or modifiers", "aria-label": "Search the presets", value: seen.search, oninput: () => ((seen.search = field.value), show()) });
  const only = element("select", { "aria-label": "Catalog", onchange: () => ((seen.only = only.value), show()) });
  const count = element("p", { class: "hint preset-count", "aria-live": "polite" });
  const none = element("p", { class: "hint", hidden: true });
  const rows = new Rows({
    label: "Presets",
    describe: (item) => describe(item, app, workspace),
    draw: (request, signal) => thumbnail(app.engine, request, { source: app.state.source, signal }),
    choose: ({ root, name }) => choose(root, name),
  });

  function showCatalogs() {
    const wanted = ["", ...roots()];
    if (wanted.join() === [...only.options].map(({ value }) => value).join()) return;
    only.replaceChildren(...wanted.map((root) => element("option", { value: root }, root === "" ? "All catalogs" : root === DEFAULT ? "Default catalog" : `Catalog ${root}`)));
    if (!wanted.includes(seen.only)) seen.only = "";
    only.value = seen.only;
  }

  function show() {
    showCatalogs();
    const all = itemsOf(workspace, roots());
    const found = search(seen.only ? all.filter(({ root }) => root === seen.only) : all, seen.search);
    rows.show(found);
    const total = all.length.toLocaleString("en");
    count.textContent = found.length === all.length ? `${total} presets` : `${found.length.toLocaleString("en")} of ${total} presets`;
    none.hidden = found.length > 0;
    none.textContent = all.length > 0 ? "No preset is called that or does that." : "There are no presets yet. “New preset” makes one.";
    rows.element.hidden = found.length === 0;
  }

  return {
    element: element("section", { class: "preset-list", "aria-label": "List of presets" }, field, only, count, rows.element, none),
    show,
    select: (root, name) => rows.select(`${root}/${name}`),
    /** Shows all presets again, so that a new one is among them. */
    reset() {
      field.value = seen.search = "";
      seen.only = only.value = "";
      show();
    },
    end: () => rows.end(),
  };
}
