// The editor of one preset: its name, Adobe's form, the line of modifiers, and what to look at in it.
import { copyText } from "../address-bar.js";
import { element } from "../dom.js";
import { picture, request } from "../names.js";
import { adviceOn, freeName, nameProblem } from "./advice.js";
import { presetForm } from "./form.js";
import { add, callers, remove, rename, setModifiers } from "./macro-file.js";
import { expand, read, write } from "./modifiers.js";

/** `tell(text, action)` says what was done; `select(root, name)` shows another preset. */
export function presetEditor(app, workspace, { tell, select }) {
  let root;
  let name;
  let asked = 0;

  const title = element("input", { type: "text", id: "preset-name", spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-describedby": "name-problem" });
  const wrongName = element("p", { class: "problem alarming", id: "name-problem", role: "status", hidden: true });
  const where = element("p", { class: "hint preset-where" });
  const line = element("textarea", { id: "preset-line", rows: 2, spellcheck: "false", autocapitalize: "off", "aria-describedby": "line-problem" });
  const problem = element("p", { class: "problem alarming", id: "line-problem", role: "status", hidden: true });
  const advice = element("ul", { class: "advice", "aria-label": "What to look at" });
  const form = presetForm(app.engine, (fields, modifier, kind) => {
    const { head } = read(line.value);
    change(write({ head, fields, modifier }), kind);
  });
  const button = (label, onclick) => element("button", { type: "button", class: "quiet", onclick }, label);
  const copy = button("Copy URL", async () => {
    if (app.state.source) return;
    await copyText(new URL(picture(app.object, `$${name}$`), location.href).href, title);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy URL"), 1500);
  });
  const element_ = element(
    "form",
    { class: "preset-editor", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
    element(
      "fieldset",
      {},
      element("legend", {}, "Preset"),
      element("label", { for: "preset-name" }, "Name"),
      title,
      wrongName,
      where,
      element("div", { class: "bar" }, button("Duplicate", duplicate), button("Delete", removeIt), copy, button("Open in Modify", openInModify)),
      form.element,
      element("label", { for: "preset-line" }, "Modifiers"),
      line,
      problem,
      advice,
    ),
  );

  const file = () => workspace.files.get(root);
  const preset = () => file()?.byName.get(name?.toLowerCase());
  const names = () => file().presets.map((one) => one.name);

  function change(text, kind) {
    if (!preset()) return;
    workspace.change(root, setModifiers(file().text, name, text), `${name} ${kind ?? "field"}`);
  }

  title.addEventListener("input", () => say(wrongName, title.value.trim() === name ? undefined : checkName()));
  title.addEventListener("change", () => {
    const wanted = title.value.trim();
    if (wanted === name || checkName()) return;
    const before = name;
    const calling = callers(file().presets, before);
    // No page can ask for a preset that was never saved.
    const isNew = !file().compared.byName.has(before.toLowerCase());
    // The name comes first: what shows the change looks for it.
    name = wanted;
    workspace.change(root, rename(file().text, before, wanted));
    select(root, wanted);
    if (isNew && calling.length === 0) return;
    tell(`$${before}$ is called $${wanted}$ now${calling.length > 0 ? `, also in ${calling.map((one) => `$${one}$`).join(", ")}` : ""}.${isNew ? "" : " Pages that ask for the old name need the new one."}`, "undo");
  });
  title.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      title.value = name;
      say(wrongName);
    }
  });
  line.addEventListener("input", () => change(line.value.replace(/\s*\n\s*/g, "&").replace(/^\?/, ""), "line"));
  line.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());

  const checkName = () => nameProblem(title.value.trim(), names().filter((one) => one.toLowerCase() !== name.toLowerCase()));

  function say(place, text) {
    place.hidden = !text;
    place.textContent = text ?? "";
    if (place === wrongName) title.setAttribute("aria-invalid", String(Boolean(text)));
  }

  function duplicate() {
    const copied = freeName(`${name}-copy`, names());
    workspace.change(root, add(file().text, copied, preset().modifiers, name));
    select(root, copied, { focus: true });
  }

  function removeIt() {
    const removed = name;
    const calling = callers(file().presets, removed).filter((one) => one.toLowerCase() !== removed.toLowerCase());
    const at = file().presets.findIndex((one) => one.name === removed);
    workspace.change(root, remove(file().text, removed));
    const next = file().presets[Math.min(at, file().presets.length - 1)];
    select(root, next?.name);
    tell(`$${removed}$ is deleted.${calling.length > 0 ? ` ${calling.map((one) => `$${one}$`).join(", ")} still calls it.` : ""}`, "undo");
  }

  function openInModify() {
    const { modifiers } = preset();
    // The server draws by its name what it has; an own preset of that name hides one of the default catalog.
    const isThere = !file().changedNames.has(name.toLowerCase()) && workspace.lookUp(app.object.split("/")[0], name) === modifiers && !app.state.source;
    app.open({ modifiers: isThere ? `$${name}$` : expand(modifiers, (called) => workspace.lookUp(root, called)) });
  }

  /** Says what the linter finds in the line. */
  async function check(text) {
    const number = (asked += 1);
    const report = await app.engine.check(request(app.state.object, expand(text, lookUp))).catch(() => undefined);
    if (number !== asked) return;
    say(problem, report?.error?.message);
    line.setAttribute("aria-invalid", String(Boolean(report?.error)));
  }

  /** What the preset can call: what stands before it, and the default catalog. */
  const lookUp = (called) => {
    const own = file().byName.get(called.toLowerCase());
    if (own && own.line < preset().line) return own.modifiers;
    return root === "default" ? undefined : workspace.files.get("default")?.byName.get(called.toLowerCase())?.modifiers;
  };

  function showAdvice(text) {
    advice.replaceChildren(
      ...adviceOn(text, lookUp).map(({ text: said, fix, serious }) =>
        element("li", { class: serious ? "alarming" : undefined }, said, fix ? button(fix.label, () => (change(fix.line, "fix"), line.focus())) : ""),
      ),
    );
    advice.hidden = advice.childElementCount === 0;
  }

  /** Shows a preset, or brings what is shown up to date. */
  function show(catalog, wanted) {
    const isAnother = catalog !== root || wanted !== name;
    [root, name] = [catalog, wanted];
    const found = preset();
    element_.hidden = !found;
    if (!found) return;
    name = found.name;
    if (isAnother || document.activeElement !== title) {
      title.value = name;
      say(wrongName);
    }
    where.textContent = `In ${root === "default" ? "the default catalog" : `the catalog ${root}`}, line ${found.line} of its macro file.`;
    if (isAnother || document.activeElement !== line) line.value = found.modifiers;
    // A file of this device has no address.
    copy.setAttribute("aria-disabled", String(Boolean(app.state.source)));
    form.show(read(found.modifiers), isAnother);
    check(found.modifiers);
    showAdvice(found.modifiers);
  }

  return { element: element_, show, focus: () => (title.focus(), title.select()) };
}
