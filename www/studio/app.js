// The Studio: the parts of the page, which of them is shown, and the address of the picture that all share.
import { element, style } from "./dom.js";
import { showAddress } from "./address-bar.js";
import { Engine } from "./engine.js";
import { State } from "./state.js";

/**
 * The parts of the page, as index.html links them. Each module has `mount(container, app)`, which returns what unmounts
 * it. A part is shown when its style sheets are there: what moves while they load cannot be clicked.
 */
const VIEWS = {
  browse: { sheets: ["browse/browse.css"], load: () => import("./browse/view.js") },
  modify: { sheets: ["modify/modify.css", "modify/stage.css"], load: () => import("./modify/view.js") },
  layers: { sheets: ["layers/layers.css"], load: () => import("./layers/view.js") },
  presets: {
    sheets: ["presets.css", "dialogs.css", "sheet.css"].map((name) => `image-presets/${name}`),
    load: () => import("./image-presets/view.js"),
  },
  crops: { sheets: ["browse/browse.css", "crops/crops.css"], load: () => import("./crops/view.js") },
  docs: { sheets: ["docs.css"], load: () => import("./docs.js") },
};

const state = new State({ object: "Samples/pier", modifiers: "$product$&wid=800" });
const engine = new Engine();

/** What every part of the page is given. */
const app = {
  engine,
  state,
  /** `rootId/id` of the picture in view. */
  get object() {
    return state.object;
  },
  get route() {
    return state.route;
  },
  /** Shows a part of the page, such as `docs/op_usm`. */
  go: (route) => state.go(route),
  /** Shows an object with modifiers where they can be changed. */
  open({ object = state.object, modifiers = state.modifiers, source }) {
    state.set({ object, modifiers, source });
    state.go("modify");
  },
};

const main = document.getElementById("main");
const links = new Map([...document.querySelectorAll("#views a")].map((link) => [link.hash.slice(1), link]));
let shown;
let unmount;

async function showView() {
  const name = Object.hasOwn(VIEWS, state.route.split("/")[0]) ? state.route.split("/")[0] : "modify";
  if (name === shown) return;
  shown = name;
  document.body.dataset.part = name;
  const title = links.get(name).textContent;
  const { sheets, load } = VIEWS[name];
  document.title = `${title} · Azulejo Studio`;
  for (const [other, link] of links) {
    if (other === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    const styles = Promise.allSettled(sheets.map((sheet) => style(new URL(sheet, import.meta.url))));
    const view = await load();
    // Without them, a part is plain and works.
    await styles;
    if (shown !== name) return;
    unmount?.();
    unmount = undefined;
    const container = element("div", { class: `view ${name}` });
    main.replaceChildren(container);
    unmount = view.mount(container, app);
  } catch (reason) {
    shown = undefined;
    main.replaceChildren(
      element("p", { class: "problem", role: "alert" }, `${title} could not be loaded: ${reason.message}`),
      element("button", { type: "button", onclick: showView }, "Try again"),
    );
  }
}

for (const [name, link] of links) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    state.go(name);
  });
}
document.querySelector(".top h1 a").addEventListener("click", (event) => {
  event.preventDefault();
  state.go("modify");
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
showAddress(app);
state.addEventListener("route", showView);
showView();
