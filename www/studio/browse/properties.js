// The properties of one asset, beside the list.
import { copyText } from "../address-bar.js";
import { whileBusy } from "../busy.js";
import { element } from "../dom.js";
import { showFacts } from "../modify/facts.js";
import { picture } from "../names.js";
import { shownRecord } from "../record.js";
import { describe, factsAbout, membersOf } from "./about.js";

/** The panel. `show(asset, from)` fills it; `from` gets the focus when it is closed. */
export function properties(app) {
  let wanted = new AbortController();
  let from;
  const panel = element("aside", { class: "about-asset", "aria-labelledby": "about-title", hidden: true });

  async function show(asset, opener) {
    wanted.abort();
    wanted = new AbortController();
    const { signal } = wanted;
    from = opener;
    const name = asset.source?.name ?? asset.object;
    const title = element("h2", { id: "about-title", tabindex: "-1" }, name);
    const busy = element("p", { class: "hint busy", role: "status", hidden: true }, "Asking …");
    const close = element("button", { type: "button", class: "quiet", "aria-label": "Close the properties", onclick: hide }, "×");
    panel.replaceChildren(element("div", { class: "head" }, title, close), busy);
    panel.hidden = false;
    title.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
    try {
      const [about, record] = await whileBusy(busy, Promise.all([describe(app.engine, asset, signal), asset.source ? undefined : shownRecord(asset.object, signal).catch(() => undefined)]));
      if (signal.aborted) return;
      if (about) fill(asset, about, record);
      else panel.append(element("p", { class: "problem alarming", role: "alert" }, `${name} is not there any more. It was removed or renamed; search for it again.`));
    } catch (reason) {
      if (!signal.aborted) panel.append(element("p", { class: "problem alarming", role: "alert" }, reason.message), element("button", { type: "button", class: "quiet", onclick: () => show(asset, opener) }, "Try again"));
    }
  }

  function fill({ object, source, ...listed }, about, record = {}) {
    const facts = element("dl", {});
    showFacts(facts, factsAbout(about, listed));
    const json = JSON.stringify({ object, ...listed, ...about, crops: record.crops, swatch: record.swatch }, null, 2);
    const raw = element("textarea", { class: "raw", readonly: true, rows: 12, "aria-label": "All of it as JSON" });
    raw.value = json;
    const copy = element("button", { type: "button", class: "quiet", "aria-live": "polite", onclick: () => copyAll() }, "Copy as JSON");
    async function copyAll() {
      raw.closest("details").open = true;
      await copyText(json, raw);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy as JSON"), 1500);
    }
    panel.append(
      element(
        "div",
        { class: "bar" },
        element("button", { type: "button", onclick: () => app.open({ object, source }) }, "Open in Modify"),
        source ? "" : element("button", { type: "button", class: "quiet", onclick: () => openCrops(object) }, "Smart crops"),
        copy,
      ),
      facts,
      crops(object, record),
      members(membersOf(about.set)),
      userData(about.userdata),
      about.xmp ? element("details", {}, element("summary", {}, "XMP"), element("pre", {}, about.xmp.replace(/\s{3,}/g, "\n"))) : "",
      element("details", {}, element("summary", {}, "All of it as JSON"), raw),
    );
  }

  function openCrops(object) {
    app.state.set({ object, source: undefined });
    app.go("crops");
  }

  function hide() {
    wanted.abort();
    panel.hidden = true;
    panel.replaceChildren();
    if (from?.isConnected) from.focus();
  }

  panel.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  return { element: panel, show, end: () => wanted.abort() };
}

const figure = (src, name, ...more) => element("figure", {}, element("img", { src, alt: name, loading: "lazy" }), element("figcaption", {}, name, " ", ...more));

function crops(object, { crops = {}, swatch }) {
  const shown = Object.entries(crops).map(([name, { width, height }]) => figure(picture(`${object}:${name}`, "wid=180&hei=120&fit=constrain"), name, element("small", {}, `${width} × ${height}`)));
  if (swatch) shown.push(figure(picture(`${object}:Swatch`, "wid=60&hei=60&fit=constrain"), "Swatch", element("small", {}, swatch.color)));
  return shown.length ? element("section", {}, element("h3", {}, "Smart crops"), element("div", { class: "figures" }, ...shown)) : "";
}

function members(names) {
  if (names.length === 0) return "";
  return element("section", {}, element("h3", {}, `Set of ${names.length}`), element("div", { class: "figures" }, ...names.slice(0, 60).map((name) => figure(picture(name, "wid=180&hei=120&fit=constrain"), name))));
}

function userData(data = {}) {
  const rows = Object.entries(data);
  if (rows.length === 0) return "";
  const list = element("dl", { class: "data" });
  showFacts(list, rows.map(([name, value]) => [name, String(value)]));
  return element("section", {}, element("h3", {}, "User data"), list);
}
