// The chosen layer as a form: what it shows, and how.
import { element } from "../dom.js";
import { makeControl } from "../modify/controls.js";
import { choosePicture } from "./chooser.js";
import { variableIn } from "./model.js";
import { textFields } from "./text-fields.js";

/** The commands of a layer, in the order in which they are offered. */
const COMMANDS = ["pos", "size", "rotate", "opac", "blendMode", "flip", "crop", "anchor", "origin", "extend", "bgColor"];
/** Layer 0 is the canvas: it lies where it lies. */
const NOT_FOR_0 = ["pos", "blendMode"];

/** The form. `edit` writes: `edit.set(name, value, kind)` of the chosen layer, `edit.variable(name, value, kind)`. */
export function layerFields({ engine, go, state }, edit) {
  const title = element("h2", { id: "layer-title" }, "");
  const hint = element("p", { class: "hint" });
  let layer;
  let variables = [];
  let variable;

  const write = (value, kind) => (variable ? edit.variable(variable, value, kind) : edit.set(layer.command, value, kind));
  const text = textFields((rtf, kind) => write(rtf, `text-${kind}`), { writeVariable: edit.variable });
  const source = element("input", { id: "layer-src", type: "text", spellcheck: "false", autocapitalize: "off", placeholder: "Catalog/name" });
  source.addEventListener("input", () => source.value.trim() && write(source.value.trim(), "src"));
  const choose = element("button", { type: "button", class: "quiet" }, "Choose a picture …");
  choose.addEventListener("click", async () => {
    const chosen = await choosePicture(state.object.split("/")[0]);
    if (chosen) write(chosen);
  });
  const picture = element("div", { class: "picture-field" }, element("label", { for: source.id }, "Picture"), source, choose);
  const color = element("input", { id: "layer-color", type: "color" });
  color.addEventListener("input", () => write(color.value.slice(1), "color"));
  const colour = element("div", {}, element("label", { for: color.id }, "Colour"), color);
  const commands = element("div", { class: "group" });
  const form = element("form", { class: "layer-fields", "aria-labelledby": "layer-title", onsubmit: (event) => event.preventDefault() }, title, hint, text.element, picture, colour, commands);

  const made = new Map();
  engine.commands().then((table) => {
    for (const name of COMMANDS) {
      const command = table.find((one) => one.name === name);
      if (!command || command.support === "refused") continue;
      const control = makeControl(command, (value) => edit.set(name, value, name), go);
      made.set(name, control);
      commands.append(control.element);
    }
    if (layer) show(layer, variables);
  }, (reason) => commands.replaceChildren(element("p", { class: "problem alarming" }, `The commands could not be loaded: ${reason.message}`)));

  /** The value that is seen, where a variable stands for it. */
  function valueOf(name) {
    const value = layer.value(name) ?? "";
    const used = variableIn(value);
    return used ? (variables.find((one) => one.name === used)?.value ?? "") : value;
  }

  function show(next, all) {
    [layer, variables] = [next, all];
    variable = variableIn(layer.value(layer.command));
    title.textContent = layer.number === 0 ? "Layer 0: the canvas" : `Layer ${layer.number}: ${layer.label}`;
    hint.textContent = variable ? `This is the variable $${variable}$. URLs can replace it.` : layer.kind === "base" ? "It sets the size of the whole picture, and the other layers lie on it." : "";
    hint.hidden = hint.textContent === "";
    text.element.hidden = layer.kind !== "text";
    picture.hidden = !["picture", "base", "empty"].includes(layer.kind);
    colour.hidden = layer.kind !== "colour";
    if (layer.kind === "text") text.show(valueOf(layer.command), variables);
    if (document.activeElement !== source) source.value = valueOf("src");
    const hex = /^(?:0x)?([0-9a-f]{6})/i.exec(valueOf("color"))?.[1];
    if (hex) color.value = `#${hex.toLowerCase()}`;
    for (const [name, control] of made) {
      control.element.hidden = (layer.number === 0 && NOT_FOR_0.includes(name)) || (layer.kind === "text" && name === "crop");
      control.show(layer.value(name));
    }
  }

  return { element: form, show };
}
