// Modify: a picture, its commands as form controls, and what comes of them.
import { element } from "../dom.js";
import { controls } from "./controls.js";
import { factsOf, showFacts } from "./facts.js";
import { panels } from "./panels.js";
import { acceptDrops, pictures } from "./pictures.js";
import { fromServer } from "./server-picture.js";
import { Stage } from "./stage.js";

/** What is wrong with a picture. How that is said is loaded with the first one; without it, as the engine says it. */
const problemOf = (reply, object) =>
  import("../missing.js").then(
    (missing) => missing.problemOf(reply, object),
    () => new TextDecoder().decode(reply.bytes).trim(),
  );

export function mount(container, app) {
  const { engine, state } = app;
  const stage = new Stage();
  const facts = element("dl", { id: "facts", "aria-live": "polite" });
  const details = element("dl", { id: "fact-details" });
  const chooser = pictures(app, openFile);
  const form = controls(app);
  const more = panels(app);
  // What is below the first picture would move when that is there.
  more.element.hidden = true;
  const places = element(
    "div",
    { class: "places", id: "places", role: "radiogroup", "aria-label": "Drawn" },
    place("here", "In the browser", true),
    place("edge", "By the server", false),
  );
  container.append(
    element("form", { id: "form", autocomplete: "off", onsubmit: (event) => event.preventDefault() }, chooser.element, form.element),
    element(
      "section",
      { class: "result", "aria-labelledby": "result-title" },
      element("div", { class: "head" }, element("h2", { id: "result-title" }, "Result"), places),
      facts,
      stage.element,
      details,
      more.element,
    ),
  );
  const edge = places.querySelector("[value=edge]");

  /** The render that is wanted; an older one is aborted. */
  let latest = new AbortController();
  let object;

  async function draw() {
    latest.abort();
    latest = new AbortController();
    const { signal } = latest;
    const current = () => !signal.aborted;
    const onprogress = (done, step) => current() && stage.tell(`Making a pyramid of ${source.name}: ${step}, ${Math.round(done * 100)} %`, false);
    const { source, request } = state;
    if (object !== (source ?? state.object)) {
      if (object !== undefined) stage.startAnew();
      object = source ?? state.object;
    }
    edge.disabled = Boolean(source);
    if (source) places.querySelector("[value=here]").checked = true;
    chooser.show();
    form.show();
    stage.busy();
    try {
      const here = await timed(() => engine.render(request, { source, signal, urgency: 2, onprogress }));
      const asked = edge.checked ? await timed(() => fromServer(state.url, signal)) : undefined;
      if (!current()) return;
      const shown = asked ?? here;
      let size;
      if (shown.status === 200 && shown.contentType.startsWith("image/")) {
        size = await stage.show(`${state.object} ${state.modifiers}`, shown, current);
        if (!size) return;
      } else {
        const problem = await problemOf(shown, state.object);
        if (!current()) return;
        stage.tell(problem, shown.status !== 200);
      }
      showFacts(facts, factsOf({ here, edge: asked, size, before: size && stage.beforeBytes }), details);
      more.show({ here, state });
      more.element.hidden = false;
    } catch (reason) {
      if (!current()) return;
      stage.tell(`${source ? "The file cannot be read" : "The picture cannot be read"}\n${reason.message}`, true);
      showFacts(facts, [], details);
    }
  }

  function openFile(file) {
    const id = `Preview/${file.name.replace(/\.[^.]+$/, "")}`;
    state.set({ object: id, source: file });
  }

  function place(value, label, checked) {
    const input = element("input", { type: "radio", name: "place", value, checked, onchange: draw });
    return element("label", {}, input, element("span", {}, label));
  }

  state.addEventListener("change", draw);
  const endDrops = acceptDrops(openFile);
  draw();
  return () => {
    latest.abort();
    state.removeEventListener("change", draw);
    endDrops();
    more.end();
  };
}

async function timed(work) {
  const began = performance.now();
  const reply = await work();
  return { ...reply, milliseconds: performance.now() - began };
}
