// The dialogs of the presets: a new preset, an import, and a choice after someone else has saved.
import { element } from "../dom.js";
import { apply, decode, differences, parse, presetsOf, problemsOf } from "./macro-file.js";
import { TEMPLATES } from "./templates.js";

/** Presets that a dialog lists, at most. */
const MOST = 200;

/** Shows a dialog. `body(close)` makes its content; resolves to what it is closed with. */
function ask(title, body) {
  return new Promise((resolve) => {
    let result;
    const dialog = element("dialog", { class: "presets-dialog", "aria-labelledby": "dialog-title" });
    const close = (value) => {
      result = value;
      dialog.close();
    };
    dialog.append(element("h2", { id: "dialog-title" }, title), ...body(close));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

const button = (label, onclick, quiet) => element("button", { type: "button", class: quiet ? "quiet" : undefined, onclick }, label);
const title = (root) => (root === "default" ? "default catalog" : root);

/** What a new preset begins as: `{ root, name, modifiers }`, or nothing. `roots` are catalogs it can be put into. */
export function askForTemplate(roots, inView) {
  return ask("New preset", (close) => {
    const catalog = element("select", { id: "new-catalog" }, ...roots.map((root) => element("option", { value: root }, title(root))));
    const all = inView ? [{ name: "preset", title: "From Modify", about: "The modifiers of the picture in view", modifiers: inView }, ...TEMPLATES] : TEMPLATES;
    const choices = all.map(({ name, title, about, modifiers }) =>
      element(
        "button",
        { type: "button", class: "quiet preset-template", onclick: () => close({ root: catalog.value, name, modifiers }) },
        element("b", {}, title),
        element("span", {}, about),
        modifiers ? element("code", {}, modifiers) : "",
      ),
    );
    return [
      element("label", { for: "new-catalog" }, "In the catalog"),
      catalog,
      element("p", { class: "hint" }, "Begin as one of these, and change what you like. The sizes and the sharpening are those that Dynamic Media documents as best practice."),
      element("div", { class: "preset-templates" }, ...choices),
      element("div", { class: "bar" }, button("Cancel", () => close(), true)),
    ];
  });
}

/** What an import makes of a file: `{ root, text }`, or nothing. `texts(root)` is what is there. */
export async function askForImport(given, roots, texts) {
  const bytes = new Uint8Array(await given.arrayBuffer());
  const text = decode(bytes);
  const entries = parse(text);
  const presets = presetsOf(entries);
  const problems = problemsOf(entries);
  return ask(`Import ${given.name}`, (close) => {
    const catalog = element("select", { id: "import-catalog", onchange: count }, ...roots.map((root) => element("option", { value: root }, title(root))));
    const counts = element("p", { role: "status" });
    function count() {
      const changed = differences(texts(catalog.value), text).filter(({ other }) => other !== undefined);
      const added = changed.filter(({ one }) => one === undefined).length;
      counts.textContent = `${presets.length.toLocaleString("en")} presets: ${added} new, ${changed.length - added} with other modifiers, ${presets.length - changed.length} the same.`;
    }
    count();
    const join = () => close({ root: catalog.value, text: apply(texts(catalog.value), presets), count: presets.length });
    const replace = () => close({ root: catalog.value, text, count: presets.length });
    return [
      element("label", { for: "import-catalog" }, "Into the catalog"),
      catalog,
      counts,
      problemList(problems),
      presets.length === 0 ? element("p", { class: "problem alarming" }, "There is no preset in this file. A macro file has a name, white space and modifiers on each line.") : "",
      element(
        "div",
        { class: "bar" },
        ...(presets.length > 0 ? [button("Add to the catalog", join), button("Replace the catalog’s file", replace, true)] : []),
        button("Cancel", () => close(), true),
      ),
      element("p", { class: "hint" }, "Adding keeps presets of other names. Replacing takes the file as it is, with its order and its comments. Both can be undone, and nothing is saved yet."),
    ];
  });
}

/** Lines with what is wrong in them. */
export function problemList(problems) {
  if (problems.length === 0) return "";
  return element(
    "div",
    { class: "problem alarming", role: "status" },
    ...problems.slice(0, 20).map(({ line, message }) => element("span", { class: "message" }, line ? `Line ${line}: ${message}` : message)),
    problems.length > 20 ? element("span", {}, `And ${problems.length - 20} more.`) : "",
  );
}

/**
 * Both versions of what differs, to choose from, after someone else has changed the file. Resolves to the text
 * to go on with, or nothing.
 */
export function askForVersion(root, { base, mine, theirs }) {
  const [began, found] = [new Map(presetsOf(parse(base)).map((one) => [one.name.toLowerCase(), one.modifiers])), differences(mine, theirs)];
  const rows = found.map((row) => {
    const before = began.get(row.name.toLowerCase());
    return { ...row, both: before !== row.one && before !== row.other, choice: before === row.one ? "theirs" : "mine" };
  });
  rows.sort((one, other) => Number(other.both) - Number(one.both));
  return ask(`The presets of ${title(root)} were changed on the server`, (close) => {
    const version = (row, value, modifiers, label, number) => {
      const input = element("input", { type: "radio", name: `version-${number}`, value, checked: row.choice === value, onchange: () => (row.choice = value) });
      return element("label", {}, input, element("span", {}, element("b", {}, label), element("code", {}, modifiers === undefined ? "not there" : modifiers)));
    };
    const sets = rows.slice(0, MOST).map((row, number) =>
      element(
        "fieldset",
        { class: "versions" },
        element("legend", {}, `$${row.name}$${row.both ? ", changed by both" : ""}`),
        version(row, "mine", row.one, "Yours", number),
        version(row, "theirs", row.other, "The server’s", number),
      ),
    );
    const go = () => close(apply(theirs, rows.filter(({ choice }) => choice === "mine").map(({ name, one }) => ({ name, modifiers: one }))));
    return [
      element("p", {}, "Someone has saved since you began. Choose what is to be saved; nothing is lost before you do."),
      rows.length === 0 ? element("p", { class: "hint" }, "Both have the same presets; only comments or the order differ.") : "",
      element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Versions" }, ...sets),
      rows.length > MOST ? element("p", { class: "hint" }, `${rows.length - MOST} more differ; of each the one that was changed is taken.`) : "",
      element("div", { class: "bar" }, button("Save this choice", go), button("Save all of mine", () => close(mine), true), button("Not now", () => close(), true)),
    ];
  });
}
