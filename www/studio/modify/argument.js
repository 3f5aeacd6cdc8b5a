// The field of one argument of a command: a number with a slider, a choice, a switch, a colour, or a text.
import { element } from "../dom.js";
import { switchOf } from "./switches.js";

let last = 0;

/**
 * A field of an argument of `command`, with `element`, `value`, `show(value)` and `isTyping()`. `changed` is called
 * after each change.
 */
export function argumentField(argument, changed, command) {
  const id = `argument-${(last += 1)}`;
  const make = { integer: number, number, choice, switch: onOff, color }[argument.kind] ?? text;
  const words = argument.kind === "switch" ? switchOf(command, argument.name) : {};
  const field = make({ ...argument, ...words }, id, changed);
  const unit = argument.unit ? ` (${argument.unit})` : "";
  const label = words.label ?? `${argument.name}${unit}`;
  return {
    ...field,
    get value() {
      return field.input.value;
    },
    isTyping: () => document.activeElement === field.input && field.input.type !== "range" && field.input.localName !== "select",
    element: element("div", { class: `argument ${argument.kind}` }, element("label", { for: id }, label), ...field.parts),
  };
}

function number({ kind, min, max }, id, changed) {
  const step = kind === "integer" ? 1 : "any";
  const input = element("input", { id, type: "number", min, max, step, inputmode: "decimal", oninput: changed });
  // A number field takes nothing else, and browsers warn of it. What is not a number is shown in its place.
  const isNumber = (value) => value !== "" && Number.isFinite(Number(value));
  const showNumber = (value) => {
    input.value = isNumber(value) ? value : "";
    input.placeholder = isNumber(value) ? "" : value;
  };
  if (min === undefined || max === undefined) return { input, parts: [input], show: showNumber };
  const slide = element("input", { type: "range", min, max, step: kind === "integer" ? 1 : (max - min) / 200, "aria-hidden": "true", tabindex: "-1" });
  const slideTo = (value) => {
    slide.value = String(isNumber(value) ? Number(value) : Math.max(min, Math.min(max, 0)));
    // Where nothing is set, its place says nothing.
    slide.classList.toggle("unset", !isNumber(value));
  };
  slide.addEventListener("input", () => {
    input.value = String(Number(Number(slide.value).toFixed(3)));
    changed();
  });
  input.addEventListener("input", () => slideTo(input.value));
  const show = (value) => {
    showNumber(value);
    slideTo(value);
  };
  return { input, parts: [slide, input], show };
}

function choice({ choices }, id, changed) {
  const input = element("select", { id, onchange: changed }, element("option", { value: "" }, "–"), ...choices.map((value) => element("option", { value }, value)));
  const show = (value) => {
    for (const own of input.querySelectorAll("[data-typed]")) own.remove();
    const known = [...input.options].find((option) => option.value.toLowerCase() === value.toLowerCase());
    if (!known) input.append(element("option", { value, "data-typed": true }, value));
    input.value = known?.value ?? value;
  };
  return { input, parts: [input], show };
}

function onOff({ off, on }, id, changed) {
  const input = element("select", { id, onchange: changed }, ...[["", "–"], ["0", `${off} (0)`], ["1", `${on} (1)`]].map(([value, label]) => element("option", { value }, label)));
  return { input, parts: [input], show: (value) => (input.value = value) };
}

function color(argument, id, changed) {
  const input = element("input", { id, type: "text", spellcheck: "false", placeholder: "ff0000", oninput: changed });
  const picker = element("input", { type: "color", "aria-label": "Pick a colour" });
  picker.addEventListener("input", () => {
    input.value = picker.value.slice(1);
    changed();
  });
  const show = (value) => {
    input.value = value;
    const hex = /^(?:0x)?([0-9a-f]{6})(?:[0-9a-f]{2})?$/i.exec(value);
    const parts = /^(\d+),(\d+),(\d+)/.exec(value);
    if (hex) picker.value = `#${hex[1].toLowerCase()}`;
    else if (parts) picker.value = `#${parts.slice(1).map((part) => Math.min(255, Number(part)).toString(16).padStart(2, "0")).join("")}`;
  };
  return { input, parts: [picker, input], show };
}

function text({ name }, id, changed) {
  const input = element("input", { id, type: "text", spellcheck: "false", autocapitalize: "off", placeholder: name, oninput: changed });
  return { input, parts: [input], show: (value) => (input.value = value) };
}
