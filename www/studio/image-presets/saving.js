// How presets leave the page and come into it: saved on the server, exported, imported.
import { element } from "../dom.js";
import { bytes } from "../names.js";
import { askForImport, askForVersion } from "./dialogs.js";
import { DEFAULT } from "./workspace.js";

/** The largest file that is taken for a macro file, in bytes. */
const LARGEST = 8 << 20;

const title = (root) => (root === DEFAULT ? "the default catalog" : root);

/** `tell(text, action)` says what happened; `busy(promise)` that something takes time; `targets()` are the catalogs. */
export function saving(engine, workspace, { tell, busy, targets }) {
  let isSaving = false;

  async function save() {
    if (workspace.changed.length === 0 || isSaving) return;
    isSaving = true;
    try {
      if (!workspace.edit) {
        await busy(workspace.connect({ ask: true }));
        if (!workspace.edit) return tell("This server takes no edits. “Export” gives the macro file.");
        await busy(workspace.refresh());
      }
      for (const { root } of workspace.changed) await saveOne(root);
    } catch (reason) {
      tell(`Not saved. ${reason.message}`);
    } finally {
      isSaving = false;
    }
  }

  async function saveOne(root) {
    try {
      await busy(workspace.save(root));
      await engine.refresh();
      tell(`Saved. The presets of ${title(root)} have effect at once; caches of browsers and CDNs go on until they expire.`);
    } catch (reason) {
      if (reason.status !== 412) throw reason;
      await resolve(root);
    }
  }

  /** Lets the person choose between both versions, and saves the choice where the server takes it. */
  async function resolve(root) {
    const theirs = await busy(workspace.fromServer(root));
    const { base, text } = workspace.files.get(root);
    const chosen = await askForVersion(root, { base, mine: text, theirs: theirs.text });
    if (chosen === undefined) return tell("Not saved. Your changes are kept in this browser.");
    workspace.settle(root, { ...theirs, base: theirs.text, text: chosen });
    if (chosen !== theirs.text && workspace.edit) await saveOne(root);
  }

  async function importFile(file) {
    if (file.size > LARGEST) return tell(`${file.name} has ${bytes(file.size)}: it is no macro file. One of 5,000 presets has less than 1 MB.`);
    await Promise.all(targets().map((root) => workspace.load(root)));
    const made = await askForImport(file, targets(), (root) => workspace.files.get(root).text);
    if (!made) return;
    workspace.change(made.root, made.text);
    tell(`${made.count.toLocaleString("en")} presets of ${file.name} are in ${title(made.root)}.`, "undo");
  }

  function exportFile(root) {
    const name = root === DEFAULT ? "default_macros.txt" : `${root}_macros.txt`;
    const { text, origin } = workspace.files.get(root) ?? {};
    if (text === undefined) return;
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    const comments = origin === "published" ? " It comes from the published catalog, which has no comments." : "";
    tell(`${name} is downloaded.${comments} Put it into the folder of your catalogs (presets/), where MacroFile= in ${root}.ini names it, and run azulejo publish.`);
  }

  return { save, resolve, importFile, exportFile };
}
