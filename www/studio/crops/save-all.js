// Saves the changed crops of all pictures, one after another.
import { element } from "../dom.js";
import { downloadAll } from "./download.js";

/** The bar. `sessions()` are the pictures; `saved()` is called when some are saved. */
export function saveAll(sessions, saved) {
  const said = element("p", { class: "said", role: "status" });
  const problem = element("ul", { class: "problem alarming", role: "alert", hidden: true });
  const save = element("button", { type: "button", onclick: () => save.getAttribute("aria-disabled") !== "true" && keep() }, "Save all");
  let saving = false;

  const waiting = () => sessions().filter(({ changed }) => changed.length > 0);

  async function keep() {
    const all = waiting();
    if (!all.every(({ editable }) => editable)) {
      downloadAll(all);
      said.textContent = "Downloaded. This server takes no edits: put the fields of each picture into its record, records/….json of the store.";
      return;
    }
    saving = true;
    problem.hidden = true;
    const failures = [];
    for (const [at, session] of all.entries()) {
      show(`Saving ${at + 1} of ${all.length} …`);
      try {
        await session.save();
        if (session.conflicts.length > 0) failures.push(`${session.object}: somebody else changed ${session.conflicts.join(", ")} meanwhile. Open it to decide.`);
      } catch (reason) {
        failures.push(`${session.object}: ${reason.message}`);
        // Nor will it answer for the others.
        if (reason.status === undefined) break;
      }
    }
    saving = false;
    problem.replaceChildren(...failures.map((failure) => element("li", {}, failure)));
    problem.hidden = failures.length === 0;
    saved();
    const left = waiting().length;
    show(left === 0 ? `Saved: ${all.length}.` : `Saved: ${all.length - left}. Not saved: ${left}; they are kept in this browser.`);
  }

  function show(text) {
    const count = waiting().length;
    const editable = sessions().every((session) => session.editable);
    save.textContent = editable ? "Save all" : "Download the records";
    save.setAttribute("aria-disabled", String(saving || count === 0));
    if (text !== undefined || count > 0) said.textContent = text ?? `Not saved: ${count} ${count === 1 ? "picture" : "pictures"}`;
    else if (said.textContent.startsWith("Not saved")) said.textContent = "";
  }

  show();
  return { element: element("div", { class: "save-bar" }, element("div", { class: "bar" }, save, said), problem), show: () => saving || show() };
}
