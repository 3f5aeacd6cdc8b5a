// What turns the pages of a list.
import { element } from "../dom.js";
import { SIZE } from "./pages.js";

/** The bar; `show(place, count)` says where in the list one is. */
export function pager(turn) {
  const where = element("p", { class: "where", role: "status" });
  const back = element("button", { type: "button", class: "quiet", onclick: () => step(-1, back) }, "Previous page");
  const on = element("button", { type: "button", class: "quiet", onclick: () => step(1, on) }, "Next page");
  const step = (by, button) => button.getAttribute("aria-disabled") !== "true" && turn(by);
  return {
    element: element("nav", { class: "pager", "aria-label": "Pages" }, back, where, on),
    show(place, count, isWhole = true) {
      const first = place.page * SIZE + 1;
      const last = (first + count - 1).toLocaleString("en");
      const rest = !isWhole ? " …" : place.next ? "" : ` of ${last}`;
      where.textContent = count === 0 ? "" : `${first.toLocaleString("en")} – ${last}${rest}`;
      back.setAttribute("aria-disabled", String(place.page === 0));
      on.setAttribute("aria-disabled", String(!place.next));
    },
  };
}
