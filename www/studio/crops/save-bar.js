// What is not saved, and the buttons that save it or take it back.
import { whileBusy } from "../busy.js";
import { element } from "../dom.js";
import { download } from "./download.js";

const names = (list) => list.join(", ");

/** The bar of a session, until `signal` aborts; `show()` brings it up to date. */
export function saveBar(session, signal) {
  const said = element("p", { class: "said", role: "status" });
  const busy = element("p", { class: "hint busy", role: "status", hidden: true }, "Saving …");
  const problem = element("div", { class: "problem alarming", role: "alert", hidden: true });
  const button = (label, onclick, quiet = true) => {
    const made = element("button", { type: "button", class: quiet ? "quiet" : undefined, onclick: () => made.getAttribute("aria-disabled") !== "true" && onclick() }, label);
    return made;
  };
  const undo = button("Undo", () => session.undo());
  const redo = button("Redo", () => session.redo());
  const revert = button("Revert", () => session.revert());
  const save = session.editable ? button("Save", keep, false) : button("Download the record", () => takeAway(), false);
  let saving = false;
  let news = "";

  async function keep() {
    if (saving) return;
    saving = true;
    show();
    problem.hidden = true;
    try {
      const taken = await whileBusy(busy, session.save());
      news = session.conflicts.length > 0 ? "" : `Saved.${taken.length > 0 ? ` ${names(taken)} had been changed on the server meanwhile, and is kept as it is there.` : ""}`;
    } catch (reason) {
      tell(`Not saved: ${reason.message} Your crops are kept in this browser.`);
    } finally {
      saving = false;
      show();
    }
  }

  function takeAway() {
    download(session);
    news = `Downloaded. This server takes no edits: put these fields into records/${session.object}.json of the store, in the place of those that it has. The next ingest keeps them.`;
    show();
  }

  function tell(...nodes) {
    problem.replaceChildren(...nodes);
    problem.hidden = false;
  }

  function decide(mine) {
    session.decide(mine);
    problem.hidden = true;
    if (mine && session.editable) keep();
  }

  function show() {
    const { changed, conflicts } = session;
    for (const [control, on] of [[undo, session.canUndo], [redo, session.canRedo], [revert, changed.length > 0], [save, !saving && (!session.editable || changed.length > 0)]]) control.setAttribute("aria-disabled", String(!on));
    said.textContent = news || (changed.length > 0 ? `Not saved: ${changed.length > 3 ? `${changed.length} crops` : names(changed)}` : "");
    if (conflicts.length > 0) {
      tell(
        element("span", {}, `Somebody else changed ${names(conflicts)} meanwhile. Which is to count?`),
        element("span", { class: "bar" }, button(session.editable ? "Mine: save it" : "Mine", () => decide(true)), button("Theirs", () => decide(false))),
      );
    }
  }

  // What was said is of what was there before.
  session.addEventListener("change", () => (news = ""), { signal });
  return { element: element("div", { class: "save-bar" }, element("div", { class: "bar", role: "toolbar", "aria-label": "Changes" }, save, revert, undo, redo, said, busy), problem), show };
}
