// The pictures of a contact sheet: samples, pictures of the server's lists, and files of this device.
import { whileBusy } from "../busy.js";
import { element } from "../dom.js";
import { picture } from "../names.js";
import { catalogs, list } from "../server.js";

/** How many pictures of a list are shown at once. */
const PAGE = 40;
/** How long after a key the search begins, in milliseconds. */
const PAUSE = 250;

/** `chosen` has pictures by their objects: `{ object, source, title }`; `changed()` is called when it changes. */
export function sheetPictures({ state }, chosen, changed) {
  const ended = new AbortController();
  let asked = new AbortController();
  let timer;

  const own = element("ul", { class: "chosen-pictures", "aria-label": "Chosen pictures" });
  const samples = element("div", { class: "sheet-tickets" });
  const found = element("div", { class: "sheet-tickets" });
  const busy = element("p", { class: "hint", role: "status", hidden: true }, "Asking the server …");
  const problem = element("p", { class: "problem", role: "status", hidden: true });
  const more = element("button", { type: "button", class: "quiet", hidden: true, onclick: () => read(more.dataset.after) }, "More");
  const all = element("button", { type: "button", class: "quiet", hidden: true, onclick: chooseFound }, "All shown");
  const catalog = element("select", { id: "sheet-catalog", "aria-label": "Catalog", hidden: true, onchange: () => read() });
  const search = element("input", { type: "search", "aria-label": "Search the catalog’s pictures", placeholder: "Search: part of the name", hidden: true });
  const ask = element("button", { type: "button", class: "quiet", onclick: open }, "Pictures of the server …");
  const file = element("input", { type: "file", multiple: true, accept: "image/*,.tif,.tiff,.psd" });
  const root = element(
    "fieldset",
    { class: "sheet-pictures" },
    element("legend", {}, "Pictures"),
    own,
    element("details", { open: true }, element("summary", {}, "Samples"), samples),
    ask,
    catalog,
    search,
    busy,
    problem,
    found,
    element("div", { class: "bar" }, all, more),
    element("label", { class: "drop" }, file, element("span", {}, "Files of this device"), element("small", {}, "They stay on this device.")),
  );

  file.addEventListener("change", () => {
    for (const source of file.files) chosen.set(`Preview/${source.name.replace(/\.[^.]+$/, "")}`, { object: `Preview/${source.name.replace(/\.[^.]+$/, "")}`, source, title: source.name });
    file.value = "";
    show();
    changed();
  });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => read(), PAUSE);
  });

  function toggle(entry, on) {
    if (on) chosen.set(entry.object, entry);
    else chosen.delete(entry.object);
    show();
    changed();
  }

  function ticket({ object, title }) {
    const input = element("input", { type: "checkbox", value: object, checked: chosen.has(object), onchange: () => toggle({ object, title }, input.checked) });
    return element("label", { class: "sheet-ticket" }, input, element("img", { src: picture(object, "wid=96&hei=72&fit=crop"), alt: "", loading: "lazy", onerror: ({ target }) => target.removeAttribute("src") }), element("span", {}, title));
  }

  /** Asks the server for its lists. */
  async function open() {
    try {
      const { catalogs: names } = await whileBusy(busy, catalogs({ signal: ended.signal }));
      catalog.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
      const current = state.object.split("/")[0];
      if (names.includes(current)) catalog.value = current;
      for (const part of [catalog, search]) part.hidden = false;
      ask.hidden = true;
      await read();
    } catch (reason) {
      tell(reason);
    }
  }

  async function read(after) {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const { objects, next } = await whileBusy(busy, list(catalog.value, { contains: search.value.trim(), after, limit: PAGE, signal }));
      if (signal.aborted) return;
      const tickets = objects.map(({ id }) => ticket({ object: `${catalog.value}/${id}`, title: id }));
      if (after) found.append(...tickets);
      else found.replaceChildren(...tickets);
      if (found.childElementCount === 0) found.replaceChildren(element("p", { class: "hint" }, next ? "None so far." : `No picture of ${catalog.value} is called that.`));
      more.hidden = !next;
      all.hidden = !found.querySelector(".sheet-ticket");
      more.dataset.after = next ?? "";
      problem.hidden = true;
    } catch (reason) {
      if (!signal.aborted) tell(reason);
    }
  }

  /** Chooses all pictures of the list that are shown. */
  function chooseFound() {
    for (const { value } of found.querySelectorAll("input")) chosen.set(value, { object: value, title: value.split("/").slice(1).join("/") });
    show();
    changed();
  }

  function tell(reason) {
    if (ended.signal.aborted) return;
    problem.textContent = reason.message;
    problem.hidden = false;
  }

  /** Shows what is chosen. */
  function show() {
    own.replaceChildren(
      ...[...chosen.values()].map((entry) =>
        element("li", {}, element("span", {}, entry.title), element("button", { type: "button", class: "quiet", "aria-label": `Leave out ${entry.title}`, onclick: () => toggle(entry, false) }, "×")),
      ),
    );
    for (const input of root.querySelectorAll(".sheet-ticket input")) input.checked = chosen.has(input.value);
  }

  fetch(new URL("../../samples.json", import.meta.url))
    .then((reply) => reply.json())
    .then((all) => samples.append(...all.map(({ id, title }) => ticket({ object: id, title }))), () => {});
  return {
    element: root,
    show,
    add: (entry) => chosen.set(entry.object, entry),
    end() {
      ended.abort();
      asked.abort();
      clearTimeout(timer);
    },
  };
}
