// The variables of a template as a form.
import { element } from "../dom.js";
import { choosePicture } from "./chooser.js";
import { textFields } from "./text-fields.js";

/** The form; `write(name, value, kind)` is called with each change. */
export function variableFields(state, write) {
  const body = element("div", { class: "variable-list" });
  const root = element("section", { class: "variables", "aria-labelledby": "variables-title", hidden: true }, element("h2", { id: "variables-title" }, "Variables"), element("p", { class: "hint" }, "What is typed here stands for the variable in this URL."), body);
  const made = new Map();

  function show(variables) {
    root.hidden = variables.length === 0;
    const wanted = variables.map((variable) => {
      const key = `${variable.kind} ${variable.name}`;
      if (!made.has(key)) made.set(key, field(variable, (value, kind) => write(variable.name, value, `$${variable.name} ${kind ?? ""}`), state));
      made.get(key).show(variable.value);
      return made.get(key).element;
    });
    if (wanted.some((one, at) => one !== body.children[at]) || wanted.length !== body.children.length) body.replaceChildren(...wanted);
  }

  return { element: root, show };
}

function field({ name, kind }, write, state) {
  if (kind === "text") return textVariable(name, write);
  const id = `variable-${name.replace(/\W/g, "-")}`;
  const input = element("input", { id, type: "text", spellcheck: "false", autocapitalize: "off" });
  input.addEventListener("input", () => write(input.value, "value"));
  const extra = { color: () => picker(input, write), picture: () => chooser(write, state), switch: () => "" }[kind]?.() ?? "";
  const label = element("label", { for: id }, element("code", {}, `$${name}$`), { picture: " (picture)", color: " (colour)", switch: " (0 shows, 1 hides)" }[kind] ?? "");
  return {
    element: element("div", { class: `variable ${kind}` }, label, element("div", { class: "row" }, extra && kind === "color" ? extra.element : "", input, extra && kind === "picture" ? extra : "")),
    show(value) {
      if (document.activeElement !== input) input.value = value;
      if (kind === "color") extra.show(value);
    },
  };
}

function textVariable(name, write) {
  const fields = textFields(write, { hasFormat: false });
  return { element: element("fieldset", { class: "variable text" }, element("legend", {}, `$${name}$`), fields.element), show: fields.show };
}

function picker(input, write) {
  const field = element("input", { type: "color", "aria-label": "Pick a colour" });
  field.addEventListener("input", () => {
    input.value = field.value.slice(1);
    write(input.value, "value");
  });
  const show = (value) => {
    const hex = /^(?:0x)?([0-9a-f]{6})/i.exec(value)?.[1];
    if (hex) field.value = `#${hex.toLowerCase()}`;
  };
  return { element: field, show };
}

function chooser(write, state) {
  return element("button", {
    type: "button",
    class: "quiet",
    onclick: async () => {
      const chosen = await choosePicture(state.object.split("/")[0]);
      if (chosen) write(chosen);
    },
  }, "Choose …");
}
