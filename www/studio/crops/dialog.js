// The editor over the grid of a folder, which goes from asset to asset.
import { element } from "../dom.js";
import { editor } from "./editor.js";

/**
 * The dialog. `call` has `beside(at, by)`, which finds the tile before or after another, `left(tile)` when its
 * crops may have changed, and `closed(at)`.
 */
export function cropDialog(app, call) {
  const title = element("h2", { id: "crop-dialog-title" });
  const step = (label, by) => element("button", { type: "button", class: "quiet", onclick: () => go(by) }, label);
  const body = element("div", { class: "crop-dialog-body" });
  const dialog = element(
    "dialog",
    { class: "crop-dialog", "aria-labelledby": "crop-dialog-title" },
    element("div", { class: "head" }, title, element("div", { class: "bar" }, step("Previous", -1), step("Next", 1), element("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"))),
    element("p", { class: "hint" }, "Page Up and Page Down go to the picture before and after; Esc closes."),
    body,
  );
  let shown;

  function leave() {
    if (!shown) return;
    shown.part.end();
    call.left(shown.tile);
  }

  function show(at, tile, name) {
    leave();
    const part = editor(app, tile.session, name);
    shown = { at, tile, part, name };
    title.textContent = tile.object;
    body.replaceChildren(part.element);
    dialog.scrollTop = 0;
    part.focus();
  }

  async function go(by) {
    const { at, name } = shown;
    for (let from = at; ; ) {
      const next = await call.beside(from, by);
      if (!next || !dialog.open) return;
      await next.tile.ready();
      // Without a record there is nothing to edit.
      if (next.tile.session) return show(next.at, next.tile, name);
      from = next.at;
    }
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "PageDown" && event.key !== "PageUp") return;
    event.preventDefault();
    go(event.key === "PageDown" ? 1 : -1);
  });
  dialog.addEventListener("close", () => {
    leave();
    const at = shown?.at;
    shown = undefined;
    body.replaceChildren();
    dialog.remove();
    call.closed(at);
  });

  return {
    /** Opens the dialog for a tile, if it has a record. */
    async open(at, tile, name) {
      await tile.ready();
      if (!tile.session || dialog.open) return;
      document.body.append(dialog);
      dialog.showModal();
      show(at, tile, name);
    },
    end() {
      if (dialog.open) dialog.close();
    },
  };
}
