// The address of the picture, which can be edited, pasted, copied, and taken back.
import { element } from "./dom.js";
import { takeApart } from "./address.js";

const $ = (id) => document.getElementById(id);

export function showAddress({ engine, state, open }) {
  const [url, problem, copy, undo, redo] = ["url", "url-problem", "copy", "undo", "redo"].map($);
  let site;
  let asked = 0;

  const show = () => {
    // What is being typed stays as it is typed.
    if (document.activeElement !== url || takeApart(url.value)?.modifiers !== state.modifiers) url.value = state.url;
    for (const [button, on] of [[undo, state.canUndo], [redo, state.canRedo]]) button.setAttribute("aria-disabled", String(!on));
    copy.setAttribute("aria-disabled", String(Boolean(state.source)));
    check();
  };

  /** Says what the linter finds, and where. */
  async function check() {
    const number = (asked += 1);
    const { request } = state;
    const report = await engine.check(request).catch(() => undefined);
    if (number !== asked || !report) return;
    const lines = [];
    if (site) lines.push(element("span", {}, `Taken from ${site}: the picture is ${state.object}, the rest is its modifiers.`));
    if (state.source) lines.push(element("span", {}, `${state.source.name} is on this device only. Store it with azulejo ingest, and this address is its own.`));
    if (report.error) lines.push(marked(request, report.error));
    const warnings = [...report.warnings, ...withoutEffect(report).map((name) => `${name}= has no effect.`)];
    lines.push(...warnings.map((warning) => element("span", { class: "warning" }, warning)));
    problem.replaceChildren(...lines);
    problem.hidden = lines.length === 0;
    problem.classList.toggle("alarming", Boolean(report.error));
    url.setAttribute("aria-invalid", String(Boolean(report.error)));
  }

  const read = () => {
    const parts = takeApart(url.value);
    if (!parts) {
      asked += 1;
      problem.replaceChildren("This is no address of a picture: it needs /is/image/ or the form Catalog/id?modifiers.");
      problem.classList.add("alarming");
      problem.hidden = false;
      url.setAttribute("aria-invalid", "true");
      return;
    }
    site = parts.site;
    state.set(parts, "url");
    show();
  };

  url.addEventListener("input", read);
  url.addEventListener("change", () => takeApart(url.value) && (url.value = state.url));
  url.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (!takeApart(url.value)) return;
    url.value = state.url;
    // These parts do not show the picture.
    if (/^(browse|docs)/.test(state.route)) open({});
  });
  undo.addEventListener("click", () => state.undo());
  redo.addEventListener("click", () => state.redo());
  copy.addEventListener("click", async () => {
    if (state.source) return;
    await copyText(state.url, url);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input:not([type=range],[type=checkbox],[type=radio]), textarea, select");
    if (field || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) state.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) state.redo();
    else return;
    event.preventDefault();
  });
  state.addEventListener("change", () => {
    if (document.activeElement !== url) site = undefined;
    show();
  });
  show();
}

/** The names of commands that nobody reads, such as those that keep caches apart; each once. */
function withoutEffect({ commands }) {
  const unread = commands.filter(({ level, suggestions }) => level === "ignored" && !suggestions?.length);
  return [...new Set(unread.map(({ name }) => name))];
}

/** Puts a text on the clipboard. `field` shows it. */
export async function copyText(text, field) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without permission the browser's own copy still works on the selection.
    field.select();
    document.execCommand("copy");
  }
}

/** The request with the faulty command marked, and what is wrong. */
function marked(request, { message, column, length }) {
  const characters = [...request];
  const part = (from, to) => characters.slice(from, to).join("");
  const before = part(Math.max(0, column - 1 - 40), column - 1);
  return element(
    "span",
    {},
    element("code", {}, column - 1 > 40 ? "…" : "", before, element("mark", {}, part(column - 1, column - 1 + length)), part(column - 1 + length, column - 1 + length + 24)),
    element("span", { class: "message" }, message),
  );
}
