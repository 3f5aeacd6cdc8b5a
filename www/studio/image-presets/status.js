// What is not saved, and what is wrong with the files of the presets.
import { element } from "../dom.js";
import { problemList } from "./dialogs.js";
import { DEFAULT } from "./workspace.js";

const title = (root) => (root === DEFAULT ? "the default catalog" : root);

/** Where the changes are, and what becomes of them. */
export function statusText(workspace) {
  const parts = workspace.changed.map(({ root, changes }) => {
    const count = changes.length === 0 ? "other lines" : changes.length === 1 ? "1 preset" : `${changes.length.toLocaleString("en")} presets`;
    return `${count} of ${title(root)}`;
  });
  const kept = workspace.isKept ? "This browser keeps the changes, also after a reload." : "This browser has no room to keep the changes: export them before you leave.";
  const closed = workspace.edit === false && !workspace.isLocked;
  const where = closed ? "This server takes no edits: “Export” gives the macro file. Put it into the folder of your catalogs (presets/), and run azulejo publish." : "";
  const saved = workspace.edit ? "All changes are saved." : "";
  return [parts.length > 0 ? `Not saved: ${parts.join(", ")}. ${kept}` : saved, where].filter(Boolean).join(" ");
}

/** What is wrong with a file; nothing if all is well. */
export function troubleOf({ root, trouble, stale, problems, origin, presets }, { reload, resolve }) {
  const act = (label, onclick) => element("div", { class: "bar" }, element("button", { type: "button", class: "quiet", onclick }, label));
  if (trouble) return element("div", { class: "problem alarming", role: "alert" }, element("span", { class: "message" }, trouble), act("Try again", () => reload(root)));
  if (stale) return element("div", { class: "problem alarming", role: "alert" }, element("span", {}, `The presets of ${title(root)} on the server have changed since you began.`), act("Compare", () => resolve(root)));
  if (origin === "closed" && presets.length === 0) return element("p", { class: "problem" }, `The server does not let this page read the presets of ${title(root)}: its setting PREVIEW_SOURCES does not have it.`);
  if (problems.length === 0) return undefined;
  return problemList(problems.map((one) => ({ ...one, message: root === DEFAULT ? `${one.message} (default catalog)` : one.message })));
}
