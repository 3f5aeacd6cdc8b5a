// One crop of one asset in the grid of a folder.
import { element } from "../dom.js";
import { picture } from "../names.js";
import { isByHand } from "./parts.js";

/** The tile. `read(object)` opens its session, `open()` is called when it is chosen. */
export function cropTile(object, id, { read, open }) {
  const image = element("img", { alt: "" });
  const why = element("span", { class: "missing", hidden: true });
  const badge = element("span", { class: "badge" });
  const unsaved = element("span", { class: "badge unsaved", hidden: true }, "not saved");
  const opener = element("button", { type: "button", class: "opener", title: id, tabindex: "-1", onclick: open }, element("span", { class: "thumbnail" }, image, why), element("span", { class: "id" }, id), element("span", { class: "badges" }, badge, unsaved));
  const root = element("li", { class: "tile" }, opener);

  function tell(text) {
    image.hidden = text !== undefined;
    why.hidden = text === undefined;
    why.textContent = text ?? "";
  }

  let reading;

  return {
    element: root,
    object,
    /** The crops, once the record is read. */
    session: undefined,
    focus: () => opener.focus(),
    /** Reads the record. Settles when `session` is there, or cannot be. */
    ready() {
      reading ??= read(object).then(
        (session) => {
          this.session = session;
        },
        (reason) => {
          reading = undefined;
          if (reason.name !== "AbortError") tell(reason.message);
        },
      );
      return reading;
    },
    /** Shows a crop. Settles when its picture is there. */
    async show(name) {
      if (!this.session || !name) return;
      const part = this.session.parts[name];
      root.classList.toggle("changed", this.session.changed.length > 0);
      unsaved.hidden = this.session.changed.length === 0;
      badge.hidden = !part;
      if (!part) return tell(`no ${name}`);
      badge.textContent = isByHand(part) ? "set by hand" : "found by ingest";
      badge.classList.toggle("by-hand", isByHand(part));
      tell(undefined);
      // Named by its box, so that no cache has an older one.
      const address = picture(object, `cropN=${part.rect.join()}&wid=320&hei=320&fit=constrain`);
      if (image.getAttribute("src") === address) return;
      await new Promise((done) => {
        image.onload = done;
        image.onerror = () => done(tell("No picture: it may have been removed."));
        image.src = address;
      });
    },
  };
}
