// Fields of the preset editor with Adobe's labels. Numbers and texts are those of Modify.
import { element } from "../dom.js";
import { argumentField } from "../modify/argument.js";

let last = 0;

/** A number with a slider where both ends are given, or a text. */
export const valueField = (label, argument, changed) => {
  const field = argumentField({ kind: "integer", optional: true, ...argument, name: label }, changed);
  if (argument.placeholder) field.input.placeholder = argument.placeholder;
  return { element: field.element, get: () => field.value, show: (value) => field.isTyping() || field.show(value ?? "") };
};

/** A choice between `[value, label]`. A value that is none of them is shown as it is. */
export function choiceField(label, options, changed) {
  const id = `choice-${(last += 1)}`;
  const input = element("select", { id, onchange: changed }, ...options.map(([value, text]) => element("option", { value }, text)));
  const show = (value = "") => {
    for (const own of input.querySelectorAll("[data-typed]")) own.remove();
    const known = [...input.options].find((option) => option.value.toLowerCase() === value.toLowerCase());
    if (!known) input.append(element("option", { value, "data-typed": true }, value));
    input.value = known?.value ?? value;
  };
  const root = element("div", { class: "argument" }, element("label", { for: id }, label), input);
  return { element: root, get: () => input.value, show, input };
}

/** A check box. `on` and `off` are the values that it stands for. */
export function switchField(label, { on = "1", off = "" }, changed) {
  const input = element("input", { type: "checkbox", onchange: changed });
  const root = element("label", { class: "switch" }, input, element("span", {}, label));
  return { element: root, get: () => (input.checked ? on : off), show: (value = "") => (input.checked = value === on) };
}

/** Tabs, of which the arrow keys choose one: `[[title, panel]]`. */
export function tabs(label, parts) {
  const number = (last += 1);
  const buttons = parts.map(([title], at) =>
    element("button", { type: "button", class: "tab", role: "tab", id: `tab-${number}-${at}`, "aria-controls": `panel-${number}-${at}`, onclick: () => choose(at) }, title),
  );
  const panels = parts.map(([, panel], at) => {
    panel.id = `panel-${number}-${at}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${number}-${at}`);
    return panel;
  });
  const bar = element("div", { class: "preset-tabs", role: "tablist", "aria-label": label }, ...buttons);
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose((to + buttons.length) % buttons.length);
    buttons[(to + buttons.length) % buttons.length].focus();
  });
  function choose(at) {
    buttons.forEach((button, other) => {
      button.setAttribute("aria-selected", String(other === at));
      button.tabIndex = other === at ? 0 : -1;
      panels[other].hidden = other !== at;
    });
  }
  choose(0);
  return element("div", { class: "tabbed" }, bar, ...panels);
}
