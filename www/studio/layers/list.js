// The layers as a list, the top one first: what each shows, and what can be done with it.
import { element } from "../dom.js";

const KINDS = { text: "Text", picture: "Picture", colour: "Colour", base: "Layer 0", empty: "Empty" };

/**
 * The list. `on` has `choose(number)`, `hide(number, hidden)`, `move(number, up)`, `duplicate(number)`, `remove(number)`
 * and `thumbnail(layer)`, which resolves to the address of a small picture.
 */
export function layerList(on) {
  const list = element("ol", { class: "layer-list", "aria-label": "Layers, the top one first" });
  const rows = new Map();
  /** Up or down, if a layer was just moved that way. */
  let moved;
  const actions = {
    ...on,
    move: (number, up) => {
      moved = up ? "up" : "down";
      on.move(number, up);
    },
  };

  function show(layers, chosen) {
    for (const number of rows.keys()) if (!layers.some((layer) => layer.number === number)) rows.delete(number);
    const wanted = layers.map((layer, at) => {
      const row = rows.get(layer.number) ?? rows.set(layer.number, makeRow(layer.number, actions)).get(layer.number);
      row.show(layer, layer.number === chosen, { above: layers[at - 1], below: layers[at + 1] });
      return row.element;
    });
    if (wanted.some((row, at) => row !== list.children[at]) || wanted.length !== list.children.length) {
      const hadFocus = list.contains(document.activeElement);
      list.replaceChildren(...wanted);
      if (hadFocus) list.querySelector("[aria-pressed=true]")?.focus({ preventScroll: true });
    }
    // The layer that was moved keeps the focus, so that it can be moved on.
    if (moved) list.querySelector(`[data-layer="${chosen}"] [data-action="${moved}"]`)?.focus({ preventScroll: true });
    moved = undefined;
  }

  return {
    element: list,
    show,
    /** Draws the small pictures anew where they have changed. */
    async thumbnails(layers, signal) {
      for (const layer of layers) {
        const address = await on.thumbnail(layer).catch(() => undefined);
        if (signal.aborted) return;
        rows.get(layer.number)?.picture(address);
      }
    },
  };
}

function makeRow(number, on) {
  const image = element("img", { alt: "", width: 64, height: 48, hidden: true });
  const label = element("span", { class: "label" });
  const kind = element("small", {});
  const choose = element("button", { type: "button", class: "choose", "data-action": "choose", onclick: () => on.choose(number) }, element("span", { class: "thumb" }, image), element("span", { class: "names" }, label, kind));
  const act = (action, text, title, work) => {
    const button = element("button", { type: "button", class: "quiet", "data-action": action, title, onclick: () => button.getAttribute("aria-disabled") !== "true" && work() }, text);
    return button;
  };
  let layer;
  const hide = act("hide", "Hide", "Hide or show this layer", () => on.hide(number, !layer.hidden));
  const up = act("up", "↑", "One layer up", () => on.move(number, true));
  const down = act("down", "↓", "One layer down", () => on.move(number, false));
  const copy = act("copy", "Duplicate", "Put a copy of this layer above it", () => on.duplicate(number));
  const remove = act("remove", "Delete", "Delete this layer. Undo brings it back", () => on.remove(number));
  const row = element("li", { class: "layer-row", "data-layer": number }, choose, element("div", { class: "acts" }, hide, up, down, copy, remove));
  const enable = (button, on, why) => {
    button.setAttribute("aria-disabled", String(!on));
    if (!on && why) button.title = why;
  };
  return {
    element: row,
    picture(address) {
      image.hidden = !address;
      if (address) image.src = address;
      else image.removeAttribute("src");
    },
    show(next, isChosen, { above, below }) {
      layer = next;
      row.classList.toggle("chosen", isChosen);
      row.classList.toggle("hidden-layer", layer.hidden);
      choose.setAttribute("aria-pressed", String(isChosen));
      label.textContent = layer.label;
      const from = layer.isOwn || number === 0 ? "" : " · from the template";
      kind.textContent = `${number === 0 ? KINDS.base : `Layer ${number} · ${KINDS[layer.kind]}`}${layer.hidden ? " · hidden" : ""}${from}`;
      hide.textContent = layer.hidden ? "Show" : "Hide";
      for (const [button, text] of [[hide, layer.hidden ? "Show" : "Hide"], [up, "Move up"], [down, "Move down"], [copy, "Duplicate"], [remove, "Delete"]]) button.setAttribute("aria-label", `${text} layer ${number}`);
      const why = "This layer is in the template's record. Edit the template to change its order.";
      enable(up, number > 0 && above && layer.isOwn && above.isOwn, number > 0 && above ? why : undefined);
      enable(down, number > 0 && below && below.number > 0 && layer.isOwn && below.isOwn, below && below.number > 0 ? why : undefined);
      // Layer 0 sets the size of all: it can be hidden only.
      for (const button of [up, down, copy, remove]) button.hidden = number === 0;
    },
  };
}
