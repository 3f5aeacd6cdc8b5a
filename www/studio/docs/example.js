// An example of a command: modifiers that can be edited, and the picture that they make.
import { element } from "../dom.js";
import { request } from "../names.js";

/** How long after a keystroke the picture is drawn, in milliseconds. */
const PAUSE = 120;

/** The example of a command, with `end()`, which stops its drawing. */
export function example(app, command) {
  const { object, modifiers } = suited(app.object, command.example);
  const field = element("textarea", { id: "docs-modifiers", rows: "2", spellcheck: "false", autocapitalize: "off", "aria-describedby": "docs-facts" });
  const image = element("img", { alt: "", hidden: true });
  const problem = element("p", { class: "problem alarming", role: "alert", hidden: true });
  const facts = element("p", { class: "hint", id: "docs-facts", role: "status" }, "Drawing …");
  const reset = element("button", { type: "button", class: "quiet", hidden: true, onclick: restore }, "Reset");
  const open = element("button", { type: "button", onclick: () => app.open({ object, modifiers: field.value }) }, "Open in Modify");
  const shown = element("div", { class: "shown" }, image);
  let [url, drawing, timer] = ["", new AbortController(), undefined];

  field.value = modifiers;
  field.addEventListener("input", () => {
    reset.hidden = field.value === modifiers;
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  });
  draw();

  function restore() {
    field.value = modifiers;
    reset.hidden = true;
    field.focus();
    draw();
  }

  async function draw() {
    clearTimeout(timer);
    drawing.abort();
    drawing = new AbortController();
    const { signal } = drawing;
    const query = field.value.trim().replace(/\s*\n\s*/g, "&");
    shown.setAttribute("aria-busy", "true");
    try {
      const reply = await app.engine.render(request(object, query), { signal, urgency: 1 });
      if (!signal.aborted) await show(reply, query, signal);
    } catch (reason) {
      if (!signal.aborted) fail(`It could not be drawn: ${reason.message}`);
    } finally {
      if (!signal.aborted) shown.removeAttribute("aria-busy");
    }
  }

  async function show({ status, contentType, bytes }, query, signal) {
    if (status !== 200 || !contentType.startsWith("image/")) {
      const text = contentType.startsWith("text/") || contentType.includes("json") ? new TextDecoder().decode(bytes.subarray(0, 2000)).trim() : "";
      return fail(text || `The reply is ${contentType || "empty"}, which is no picture (status ${status}).`);
    }
    const next = URL.createObjectURL(new Blob([bytes], { type: contentType }));
    const loaded = element("img", { src: next, alt: `${object} with ${query || "no modifiers"}` });
    const read = await loaded.decode().then(() => true, () => false);
    if (signal.aborted || !read) {
      URL.revokeObjectURL(next);
      if (!signal.aborted) fail(`Browsers do not show ${contentType}. Open the picture in Modify to save it.`);
      return;
    }
    URL.revokeObjectURL(url);
    url = next;
    shown.replaceChildren(loaded);
    shown.classList.remove("stale");
    shown.classList.toggle("transparent", contentType !== "image/jpeg");
    problem.hidden = true;
    facts.textContent = `${loaded.naturalWidth} × ${loaded.naturalHeight} pixels · ${size(bytes.length)} · ${contentType}`;
  }

  /** Says what is wrong; the last picture stays. */
  function fail(message) {
    problem.textContent = message;
    problem.hidden = false;
    facts.textContent = url ? "The picture below is the last that could be drawn." : "";
    shown.classList.add("stale");
  }

  const form = element(
    "div",
    { class: "form" },
    element("label", { for: field.id }, "Modifiers"),
    field,
    element("div", { class: "bar" }, open, reset),
    problem,
    facts,
  );
  return {
    element: element("div", { class: "example" }, form, shown),
    end() {
      clearTimeout(timer);
      drawing.abort();
      URL.revokeObjectURL(url);
    },
  };
}

/** The examples are of the samples. Where a picture of one's own is in view, they show that one. */
function suited(object, modifiers) {
  if (!object || object.startsWith("Samples/")) return { object: "Samples/pier", modifiers };
  return { object, modifiers: modifiers.replaceAll("Samples/tulips", object) };
}

const size = (bytes) => (bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(bytes < 100_000 ? 1 : 0)} KB`);
