// The form that adds a crop or a swatch.
import { element } from "../dom.js";
import { offersFor } from "./parts.js";

let last = 0;

/** The form, with what `others`, the crops of other pictures, have. `add(name, width, height)` returns what is wrong, if anything is. */
export function addForm(session, others, add) {
  const id = `add-${(last += 1)}`;
  const name = element("input", { type: "text", id: `${id}-name`, maxlength: 100, placeholder: "Name" });
  const [width, height] = ["width", "height"].map((side) => element("input", { type: "number", id: `${id}-${side}`, min: 1, step: 1, placeholder: side }));
  const problem = element("p", { class: "problem alarming", role: "alert", hidden: true });
  const offers = offersFor(others).map((offer) => ({ offer, button: element("button", { type: "button", class: "quiet", onclick: () => tell(add(offer.name, offer.width, offer.height)) }, `${offer.name} ${offer.width} × ${offer.height}`) }));

  function tell(wrong) {
    problem.textContent = wrong ?? "";
    problem.hidden = !wrong;
    if (!wrong) details.open = false;
    return !wrong;
  }

  const form = element(
    "form",
    {
      class: "add",
      autocomplete: "off",
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        if (tell(add(name.value.trim(), Number(width.value), Number(height.value)))) for (const field of [name, width, height]) field.value = "";
      },
    },
    element("div", { class: "bar offers" }, ...offers.map(({ button }) => button)),
    element("div", { class: "labelled" }, element("label", { for: name.id }, "Name"), name),
    element("div", { class: "two" }, element("div", { class: "labelled" }, element("label", { for: width.id }, "Width"), width), element("div", { class: "labelled" }, element("label", { for: height.id }, "Height"), height)),
    problem,
    element("button", {}, "Add"),
  );
  const details = element("details", { class: "adder" }, element("summary", {}, "Add a crop"), form);
  const showOffers = () => {
    for (const { offer, button } of offers) button.hidden = Object.hasOwn(session.parts, offer.name);
  };
  details.addEventListener("toggle", showOffers);
  details.open = Object.keys(session.parts).length === 0;
  showOffers();
  return details;
}
