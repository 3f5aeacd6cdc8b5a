// The live preview of a preset on the picture in view, with its size and its bytes.
import { element } from "../dom.js";
import { problemOf } from "../missing.js";
import { factsOf, showFacts } from "../modify/facts.js";
import { acceptDrops, pictures } from "../modify/pictures.js";
import { Stage } from "../modify/stage.js";
import { requestOf, shownAs } from "./drawing.js";

/** How long a drawing may take before it is said, in milliseconds. */
const SLOW = 300;

/** `show(root, preset)` draws; `end()` stops. Files that are dropped are pictures, or else given to `openText`. */
export function preview(app, workspace, openText) {
  const { engine, state } = app;
  const stage = new Stage();
  const facts = element("dl", { id: "facts", "aria-live": "polite" });
  const note = element("p", { class: "hint", hidden: true });
  const chooser = pictures(app, openFile);
  const root = element(
    "section",
    { class: "result", "aria-labelledby": "preview-title" },
    element("h2", { id: "preview-title" }, "On the picture in view"),
    stage.element,
    note,
    facts,
    element("details", {}, element("summary", {}, "Another picture"), chooser.element),
  );
  let latest = new AbortController();
  let drawn;
  let object;
  /** The preset whose first picture is the one to compare with. */
  let compared;

  async function show(catalog, { name, modifiers }) {
    const request = requestOf(state.object, modifiers, workspace, catalog);
    const { source } = state;
    const key = source ?? state.object;
    if (request === drawn && key === object && compared === `${catalog}/${name}`) return;
    drawn = request;
    chooser.show();
    if (key !== object) {
      if (object !== undefined) stage.startAnew();
      object = key;
    }
    latest.abort();
    latest = new AbortController();
    const { signal } = latest;
    const current = () => !signal.aborted;
    const slow = setTimeout(() => stage.busy(), SLOW);
    try {
      const began = performance.now();
      const reply = await engine.render(request, { source, signal, urgency: 2 });
      const here = { ...reply, milliseconds: performance.now() - began };
      const isPicture = here.status === 200 && /^(image|application\/pdf)/.test(here.contentType);
      const other = isPicture ? shownAs(request, here.contentType) : undefined;
      const shown = other ? await engine.render(other, { source, signal, urgency: 2 }) : here;
      let size;
      if (isPicture) {
        size = await stage.show(`${state.object} with the preset`, shown, current);
        if (!size) return;
        if (compared !== `${catalog}/${name}`) stage.keep();
        compared = `${catalog}/${name}`;
      } else if (current()) {
        stage.tell(problemOf(here, state.object), here.status !== 200);
      }
      if (!current()) return;
      note.hidden = !other;
      note.textContent = `Browsers do not show ${here.contentType}: this is the same picture as PNG. Bytes and type are the preset's.`;
      showFacts(facts, factsOf({ here, size, before: size && stage.beforeBytes }));
    } catch (reason) {
      if (!current()) return;
      drawn = undefined;
      stage.tell(`The picture cannot be read\n${reason.message}`, true);
      showFacts(facts, []);
    } finally {
      clearTimeout(slow);
    }
  }

  /** Nothing to draw. */
  function clear() {
    latest.abort();
    drawn = undefined;
  }

  function openFile(file) {
    if (/\.(txt|csv|tsv|macros?)$/i.test(file.name) || file.type.startsWith("text/")) openText(file);
    else state.set({ object: `Preview/${file.name.replace(/\.[^.]+$/, "")}`, source: file });
  }

  const endDrops = acceptDrops((...files) => files.forEach(openFile));
  return {
    element: root,
    show,
    clear,
    end() {
      latest.abort();
      endDrops();
    },
  };
}
