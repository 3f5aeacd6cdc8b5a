// A dialog in which a picture is chosen: the samples, what the server lists, or a typed id.
import { element } from "../dom.js";
import { picture } from "../names.js";
import { list } from "../server.js";

/** How many pictures of a catalog are offered at once. */
const LIMIT = 60;

/** Resolves to `rootId/id` of the picture that was chosen, or to nothing. */
export function choosePicture(rootId) {
  const search = element("input", { type: "search", id: "choose-search", autocomplete: "off", placeholder: "Part of a name, or rootId/id" });
  const grid = element("div", { class: "offers", role: "group", "aria-label": "Pictures" });
  const note = element("p", { class: "hint", role: "status" });
  const dialog = element(
    "dialog",
    { class: "chooser", "aria-labelledby": "choose-title" },
    element(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          const typed = search.value.trim();
          if (typed.includes("/")) dialog.close(typed);
        },
      },
      element("h2", { id: "choose-title" }, "Choose a picture"),
      element("label", { for: search.id }, "Search, or type an id"),
      search,
      grid,
      note,
      element("div", { class: "bar" }, element("button", {}, "Use the typed id"), element("button", { type: "button", class: "quiet", onclick: () => dialog.close("") }, "Cancel")),
    ),
  );
  let asked = new AbortController();
  let timer;

  async function find() {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const words = search.value.trim().toLowerCase();
    const samples = await fetch("samples.json").then((reply) => reply.json()).catch(() => []);
    let found = samples.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(words));
    let text = "";
    try {
      const { objects, next } = await list(rootId, { contains: words.includes("/") ? words.split("/").slice(1).join("/") : words, limit: LIMIT, signal });
      const listed = objects.map(({ id }) => ({ id: `${rootId}/${id}`, title: id }));
      found = [...found, ...listed.filter(({ id }) => !found.some((one) => one.id === id))];
      if (next) text = `The first ${found.length} pictures. Type a part of the name to find others.`;
    } catch (reason) {
      if (signal.aborted) return;
      text = `This server does not list the pictures of ${rootId}. These are the samples; the id of any other picture can be typed.`;
    }
    if (signal.aborted) return;
    note.textContent = found.length === 0 ? `No picture has “${search.value}” in its name.` : text;
    grid.replaceChildren(...found.map(({ id, title }) =>
      element("button", { type: "button", class: "offer", onclick: () => dialog.close(id) }, element("img", { src: picture(id, "wid=120&hei=90&fit=crop"), alt: "", loading: "lazy", width: 120, height: 90 }), element("span", {}, title)),
    ));
  }

  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 200);
  });
  document.body.append(dialog);
  dialog.showModal();
  find();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      clearTimeout(timer);
      asked.abort();
      dialog.remove();
      done(dialog.returnValue || undefined);
    });
  });
}
