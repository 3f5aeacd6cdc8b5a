// One part beside the picture: its preview, where its box came from, and its fields.
import { element } from "../dom.js";
import { inPixels } from "./boxes.js";
import { isByHand, SWATCH } from "./parts.js";

let last = 0;

/**
 * A card. `call` has `choose(name)`, `rename(name, to)` (returns what is wrong), `retarget(name, width, height)` (the
 * same), `place(name, side, pixels)`, `found(name)`, `share(name)`, `color(name, value)`, `pick(name)`, `remove(name)`.
 */
export function card(name, picture, call) {
  const id = `part-${(last += 1)}`;
  const canvas = element("img", { alt: "", class: "preview" });
  const badge = element("span", { class: "badge" });
  const size = element("span", { class: "size" });
  const choose = element("button", { type: "button", class: "choose-part", onclick: () => call.choose(name) }, element("strong", {}, name), size, badge);
  const problem = element("p", { class: "problem alarming", role: "alert", hidden: true });
  const field = (label, attributes, changed) => {
    const input = element("input", { id: `${id}-${label.replace(/\W/g, "")}`, onchange: () => told(changed(input)), ...attributes });
    return { input, element: element("div", { class: "labelled" }, element("label", { for: input.id }, label), input) };
  };
  const told = (wrong) => {
    problem.textContent = wrong ?? "";
    problem.hidden = !wrong;
  };
  const isSwatch = name === SWATCH;
  const rename = field("Name", { type: "text", value: name, maxlength: 100 }, ({ value }) => (value.trim() === name ? undefined : call.rename(name, value.trim())));
  const [wide, high] = ["Width", "Height"].map((label) => field(`Meant for: ${label.toLowerCase()}`, { type: "number", min: 1, step: 1 }, () => call.retarget(name, Number(wide.input.value), Number(high.input.value))));
  const sides = ["Left", "Top", "Box width", "Box height"].map((label, side) => field(label, { type: "number", min: side < 2 ? 0 : 1, step: 1 }, ({ value }) => call.place(name, side, Number(value))));
  const color = isSwatch && field("Colour", { type: "text", spellcheck: "false" }, ({ value }) => call.color(name, value));
  const picker = element("input", { type: "color", "aria-label": "Pick the colour" });
  picker.addEventListener("input", () => call.color(name, `0x${picker.value.slice(1).toUpperCase()}`));
  const quiet = (label, onclick) => element("button", { type: "button", class: "quiet", onclick }, label);
  const found = quiet("Use the box that ingest found", () => call.found(name));
  const share = quiet("", () => call.share(name));
  const fields = element(
    "div",
    { class: "part-fields", hidden: true },
    isSwatch ? element("div", { class: "bar" }, color.element, picker, quiet("Take the patch's colour", () => call.pick(name))) : rename.element,
    element("div", { class: "two" }, wide.element, high.element),
    element("div", { class: "four" }, ...sides.map((side) => side.element)),
    problem,
    element("div", { class: "bar" }, found, share, quiet(isSwatch ? "Delete the swatch" : `Delete ${name}`, () => call.remove(name))),
  );
  const root = element("li", { class: "part", "data-name": name }, choose, element("div", { class: "preview-frame" }, canvas), fields);

  /** Shows the part. What is being typed stays. `others` are names of parts of its ratio with other boxes. */
  function show(part, chosen, others) {
    root.classList.toggle("chosen", chosen);
    choose.setAttribute("aria-expanded", String(chosen));
    fields.hidden = !chosen;
    size.textContent = `${part.width} × ${part.height}`;
    badge.textContent = isByHand(part) ? "set by hand" : "found by ingest";
    badge.classList.toggle("by-hand", isByHand(part));
    canvas.alt = `${name} as it will be sent`;
    found.hidden = !part.found || !isByHand(part);
    share.hidden = others.length === 0;
    share.textContent = `Same box for ${others.join(", ")}`;
    const put = ({ input }, value) => document.activeElement !== input && (input.value = value);
    put(wide, part.width);
    put(high, part.height);
    inPixels(part.rect, picture).forEach((pixels, side) => put(sides[side], pixels));
    if (!isSwatch) return;
    put(color, part.color);
    if (/^0x[0-9a-f]{6}$/i.test(part.color)) {
      picker.value = `#${part.color.slice(2).toLowerCase()}`;
      choose.style.setProperty("--swatch", picker.value);
    }
  }

  /** Shows a preview, or why there is none. */
  async function preview({ status, bytes, contentType }) {
    if (status !== 200) {
      canvas.removeAttribute("src");
      return told(new TextDecoder().decode(bytes).trim());
    }
    const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
    const next = Object.assign(new Image(), { src: address });
    await next.decode().catch(() => {});
    canvas.src = address;
    await canvas.decode().catch(() => {});
    URL.revokeObjectURL(address);
    return undefined;
  }

  return { element: root, show, preview, tell: told };
}
