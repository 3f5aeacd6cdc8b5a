// A form control for every command of the protocol, made from the engine's table of commands.
import { element } from "../dom.js";
import { change, valueOf } from "./edit.js";
import { argumentField } from "./argument.js";
import { presetField } from "./preset-field.js";

const GROUPS = [
  ["basic", "Basic"],
  ["advanced", "Advanced"],
  ["layers", "Layers"],
];

/** The controls; `show()` brings them up to date with the modifiers. */
export function controls(app) {
  const { engine, state, go } = app;
  const search = element("input", { type: "search", id: "search", placeholder: "Search: sharpen, width, op_usm …", "aria-label": "Search the commands" });
  const preset = presetField(app);
  const layer = element("select", { id: "layer" });
  const scope = element("div", { class: "scope" }, element("label", { for: "layer" }, "Change layer"), layer);
  const none = element("p", { class: "hint", hidden: true }, "No command is called that or does that.");
  const groups = new Map(GROUPS.map(([key, title]) => [key, group(title, key === "basic")]));
  const set = element("fieldset", { class: "controls" }, element("legend", {}, "Commands"), preset.element, search, none, ...[...groups.values()].map(({ details }) => details));
  groups.get("layers").body.append(scope);

  /** The controls by the names of their commands. */
  const made = new Map();
  let items = [];
  let shown = 0;

  const place = (command) => (command.group === "layers" && layer.value !== "" ? { layer: Number(layer.value) } : {});

  /** Values that are not written yet, by command and place: a slider makes them faster than they are read. */
  const pending = new Map();
  let writing = false;

  function write(command, value) {
    const at = place(command);
    pending.set(`${command.name} ${at.layer}`, { name: command.name, at, value });
    if (!writing) writePending();
  }

  async function writePending() {
    writing = true;
    while (pending.size > 0) {
      const { modifiers } = state;
      // Places are those in the modifiers as they are now, not as they were last shown.
      const read = await engine.read(modifiers).catch(() => undefined);
      if (!read) {
        pending.clear();
        break;
      }
      if (modifiers !== state.modifiers) continue;
      const [[key, { name, at, value }]] = pending;
      pending.delete(key);
      state.set({ modifiers: change(modifiers, read, name, value, at) }, name);
    }
    writing = false;
  }

  engine.commands().then((commands) => {
    // What the picture is cut from comes after what comes out.
    for (const command of commands.toSorted((one, other) => Number(one.scope === "layer") - Number(other.scope === "layer"))) {
      if (command.support === "refused") continue;
      const control = makeControl(command, (value) => write(command, value), go);
      made.set(command.name, { command, ...control });
      groups.get(command.group).body.append(control.element);
    }
    show();
    find();
  }, (reason) => {
    none.replaceChildren(`The commands could not be loaded: ${reason.message}`);
    none.hidden = false;
  });

  async function show() {
    const number = (shown += 1);
    const read = await engine.read(state.modifiers).catch(() => undefined);
    if (number !== shown || !read) return;
    items = read;
    showLayers();
    for (const { command, show } of made.values()) {
      const item = items.findLast(({ kind, name }) => kind === "command" && name === command.name);
      show(valueOf(items, command.name, place(command)), item?.level);
    }
    preset.show(items);
  }

  function showLayers() {
    const used = items.map((item) => item.layer).filter((number) => number !== undefined);
    const last = Math.max(0, ...used);
    const wanted = ["", ...Array.from({ length: last + 2 }, (_, number) => String(number))];
    if (wanted.join() === [...layer.options].map(({ value }) => value).join()) return;
    const chosen = layer.value;
    layer.replaceChildren(
      ...wanted.map((value) => element("option", { value }, value === "" ? "none: the whole picture" : Number(value) > last ? `${value} (new)` : value)),
    );
    layer.value = wanted.includes(chosen) ? chosen : "";
  }

  function find() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { command, element } of made.values()) {
      const text = `${command.name} ${command.title} ${command.help}`.toLowerCase();
      element.hidden = !words.every((word) => text.includes(word));
      count += Number(!element.hidden);
    }
    for (const { details, body } of groups.values()) {
      details.hidden = ![...body.querySelectorAll(".control")].some((control) => !control.hidden);
      if (words.length > 0) details.open = true;
    }
    none.hidden = count > 0 || made.size === 0;
  }

  search.addEventListener("input", find);
  layer.addEventListener("change", show);
  return { element: set, show };
}

function group(title, open) {
  const body = element("div", { class: "group" });
  // A group that is empty would move when the others are filled.
  return { details: element("details", { open, hidden: true }, element("summary", {}, title), body), body };
}

/** One command: its label, a field for each argument, and what takes it out again. */
export function makeControl(command, write, go) {
  const { name, title, help, support, note } = command;
  const fields = command.arguments.map((argument) => argumentField(argument, changed, name));
  const reset = element("button", { type: "button", class: "quiet reset", "aria-label": `Remove ${name}`, title: `Remove ${name}=`, hidden: true, onclick: () => write(undefined) }, "×");
  const about = element("button", { type: "button", class: "quiet about", "aria-label": `What ${name} does`, title: help, onclick: () => go(`docs/${name}`) }, "?");
  const root = element(
    "div",
    { class: "control", role: "group", "aria-label": title, "data-name": name },
    element("div", { class: "name" }, element("span", {}, title), element("code", {}, name), reset, about),
    element("div", { class: "fields" }, ...fields.map((field) => field.element)),
    support === "full" ? "" : element("p", { class: "hint" }, note ?? ""),
  );

  function changed() {
    const values = fields.map((field) => field.value);
    while (values.at(-1) === "") values.pop();
    write(values.length === 0 ? undefined : values.join(","));
  }

  /** Shows a value, or that there is none. What is being typed stays. */
  function show(value, level) {
    root.classList.toggle("set", value !== undefined);
    root.classList.toggle("wrong", value !== undefined && level === "wrong");
    reset.hidden = value === undefined;
    if (root.contains(document.activeElement) && fields.some((field) => field.isTyping())) return;
    const parts = split(value ?? "", fields.length);
    fields.forEach((field, at) => field.show(parts[at] ?? ""));
  }

  return { element: root, show };
}

/** The arguments of a value. The last one has all that is left; commas in brackets separate nothing. */
function split(value, count) {
  const parts = [""];
  let depth = 0;
  for (const character of value) {
    if (character === "{" || character === "(" || character === "[") depth += 1;
    if (character === "}" || character === ")" || character === "]") depth -= 1;
    if (character === "," && depth === 0 && parts.length < count) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
