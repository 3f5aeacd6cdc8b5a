// Which preset the picture calls: those of its catalog, and those of the default catalog.
import { element } from "../dom.js";
import { DEFAULT, Workspace } from "../image-presets/workspace.js";
import { remove } from "./edit.js";

/** The field; `show(items)` brings it up to date with what the engine has read in the modifiers. */
export function presetField({ state }) {
  const workspace = new Workspace({ isReadOnly: true });
  const select = element("select", { id: "preset", onchange: () => call(select.value) });
  const root = element("div", { class: "preset" }, element("label", { for: "preset" }, "Preset"), select);
  let items = [];
  let catalog;

  /** The names that can be called, in lower case. */
  const known = new Map();

  async function load() {
    // A file of this device is in no catalog of the server.
    const wanted = state.source ? DEFAULT : state.object.split("/")[0];
    if (wanted === catalog) return;
    catalog = wanted;
    const files = await Promise.all([...new Set([wanted, DEFAULT])].map((name) => workspace.load(name)));
    if (wanted !== catalog) return;
    known.clear();
    const groups = files
      .filter(({ presets }) => presets.length > 0)
      .map(({ root, presets }) => {
        for (const { name } of presets) known.set(name.toLowerCase(), name);
        const options = presets.map(({ name }) => element("option", { value: name }, name));
        return element("optgroup", { label: root === DEFAULT ? "Default catalog" : root }, ...options);
      });
    select.replaceChildren(element("option", { value: "" }, "none"), ...groups);
    choose();
  }

  const called = () => items.find(({ kind, name }) => kind === "macro" && known.has(name.toLowerCase()));

  function choose() {
    const macro = called();
    select.value = macro ? known.get(macro.name.toLowerCase()) : "";
  }

  /** Calls another preset in place of the one that is called, or before all else, so that what is set stays set. */
  function call(name) {
    const macro = called();
    const written = `$${name}$`;
    const { modifiers } = state;
    let changed = written + (modifiers ? `&${modifiers}` : "");
    if (macro) changed = name ? modifiers.slice(0, macro.from) + written + modifiers.slice(macro.to) : remove(modifiers, macro);
    if (name || macro) state.set({ modifiers: changed });
  }

  function show(read) {
    items = read;
    choose();
    load();
  }

  return { element: root, show };
}
