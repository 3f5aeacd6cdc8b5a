// The fields of a text: its words and its format as far as it has one, and its RTF.
import { element } from "../dom.js";
import { variableIn } from "./model.js";
import { formatOf, onlyRun, runsOf, setFormat, setWords } from "./rtf.js";

let last = 0;

/**
 * The fields. `write(rtf, kind)` is called with each change; changes of one kind are undone together. Where the words
 * are a variable, they are those of its value, and `writeVariable(name, rtf, kind)` writes it. Without `hasFormat`
 * the words are all that is offered besides the RTF.
 */
export function textFields(write, { writeVariable, hasFormat = true } = {}) {
  const id = `text-${(last += 1)}`;
  let rtf = "";
  let variables = [];
  const words = element("div", { class: "words" });
  const size = element("input", { id: `${id}-size`, type: "number", min: 1, max: 2000, step: 0.5, inputmode: "decimal" });
  const color = element("input", { id: `${id}-color`, type: "color" });
  const align = element("select", { id: `${id}-align` }, ...[["l", "Left"], ["c", "Centre"], ["r", "Right"], ["j", "Justified"]].map(([value, label]) => element("option", { value }, label)));
  const toggle = (name, label) => {
    const button = element("button", { type: "button", class: "quiet", "aria-pressed": "false" }, label);
    button.addEventListener("click", () => change(name, button.getAttribute("aria-pressed") !== "true"));
    return button;
  };
  const bold = toggle("bold", "Bold");
  const italic = toggle("italic", "Italic");
  const field = (label, input) => element("div", {}, element("label", { for: input.id }, label), input);
  const format = element("div", { class: "format-of-text" }, field("Size (points)", size), field("Colour", color), field("Alignment", align), element("div", { class: "bar" }, bold, italic));
  const source = element("textarea", { id: `${id}-rtf`, rows: 3, spellcheck: "false" });
  const note = element("p", { class: "hint" }, "The format changes within this text. Each part has a field of its own; the format is edited as RTF.");
  const root = element("div", { class: "text-fields" }, words, note, format, element("details", {}, element("summary", {}, "RTF"), element("label", { for: source.id }, "The text as RTF"), source));

  size.addEventListener("input", () => Number(size.value) > 0 && change("size", Number(size.value)));
  color.addEventListener("input", () => change("color", color.value.slice(1)));
  align.addEventListener("change", () => change("align", align.value));
  source.addEventListener("input", () => put(source.value, "rtf"));

  function put(next, kind) {
    rtf = next;
    write(rtf, kind);
    show(rtf);
  }

  function change(name, value) {
    put(setFormat(rtf, name, value), name);
  }

  /** The variable whose value the words are. */
  function variableOf(run) {
    const name = writeVariable && variableIn(run?.text);
    return name && variables.find((one) => one.name === name);
  }

  function show(next, all = variables) {
    [rtf, variables] = [next, all];
    const one = onlyRun(rtf);
    showWords(one ? [one] : runsOf(rtf));
    note.hidden = Boolean(one);
    format.hidden = !one || !hasFormat;
    if (document.activeElement !== source) source.value = rtf;
    const now = formatOf(rtf);
    if (document.activeElement !== size) size.value = now.size;
    color.value = `#${now.color}`;
    align.value = now.align;
    bold.setAttribute("aria-pressed", String(now.bold));
    italic.setAttribute("aria-pressed", String(now.italic));
  }

  /** A field for each run. Fields stay as long as there are as many runs, so that they keep the focus. */
  function showWords(runs) {
    if (words.childElementCount !== runs.length) {
      words.replaceChildren(...runs.map((_, at) => {
        const input = element("textarea", { id: `${id}-words-${at}`, rows: 2, spellcheck: "true" });
        input.addEventListener("input", () => {
          const now = onlyRun(rtf) ?? runsOf(rtf)[at];
          const variable = variableOf(now);
          const own = variable && onlyRun(variable.value);
          if (own) writeVariable(variable.name, setWords(variable.value, own, input.value), "words");
          else if (now) put(setWords(rtf, now, input.value), "words");
        });
        return element("div", {}, element("label", { for: input.id }), input);
      }));
    }
    runs.forEach((run, at) => {
      const input = words.children[at].querySelector("textarea");
      const variable = variableOf(run);
      if (document.activeElement !== input) input.value = (variable && onlyRun(variable.value)?.text) ?? run.text;
      const part = runs.length > 1 ? `, part ${at + 1}` : "";
      words.children[at].querySelector("label").textContent = `Text${part}${variable ? ` (the variable $${variable.name}$)` : ""}`;
    });
  }

  return { element: root, show };
}
