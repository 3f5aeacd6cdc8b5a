// Panels below the facts: each is loaded when it is first opened, and works only while it is open.
import { element, style } from "../dom.js";

/** Each module has `panel(app)`, which returns `{ element, show(drawn), end() }`. */
const PANELS = {
  formats: { title: "Compare formats", load: () => import("./formats.js") },
  devices: { title: "Responsive code", load: () => import("./devices.js") },
  explain: { title: "Explain", load: () => import("./explain.js") },
};

/** The panels. `show({here, state})` is called with each reply that was drawn; `end()` closes all. */
export function panels(app) {
  const opened = new Map();
  let drawn;

  const buttons = Object.entries(PANELS).map(([name, { title }]) => {
    const button = element("button", { type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": `panel-${name}` }, title);
    const region = element("section", { id: `panel-${name}`, class: "panel", "aria-label": title, hidden: true });
    button.addEventListener("click", () => toggle(name, button, region));
    return { button, region };
  });
  const root = element(
    "div",
    { class: "panels" },
    element("div", { class: "bar", role: "group", "aria-label": "More about this picture" }, ...buttons.map(({ button }) => button)),
    ...buttons.map(({ region }) => region),
  );

  async function toggle(name, button, region) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    region.hidden = !open;
    if (!open) {
      opened.get(name)?.end();
      opened.delete(name);
      region.replaceChildren();
      return;
    }
    region.replaceChildren(element("p", { class: "hint" }, "Loading …"));
    try {
      const [module] = await Promise.all([PANELS[name].load(), style(new URL("panels.css", import.meta.url))]);
      if (region.hidden || opened.has(name)) return;
      const panel = module.panel(app);
      opened.set(name, panel);
      region.replaceChildren(panel.element);
      reveal();
      if (drawn) panel.show(drawn);
    } catch (reason) {
      region.replaceChildren(element("p", { class: "problem alarming", role: "alert" }, `This could not be loaded: ${reason.message} Close and open it to try again.`));
    }
  }

  /** Brings the panels into sight: they are below the picture, in a column that may scroll by itself. */
  function reveal() {
    const column = root.parentElement;
    if (column.scrollHeight > column.clientHeight) column.scrollTop += root.getBoundingClientRect().top - column.getBoundingClientRect().top;
    else root.scrollIntoView({ block: "start" });
  }

  return {
    element: root,
    show(reply) {
      drawn = reply;
      for (const panel of opened.values()) panel.show(reply);
    },
    end() {
      for (const panel of opened.values()) panel.end();
      opened.clear();
    },
  };
}
