// Templates: records whose `Modifier` holds layers. They are opened to be edited, and saved or downloaded.
import { element } from "../dom.js";
import { picture, request } from "../names.js";
import { catalogs, record, saveRecord } from "../server.js";
import { encode } from "../modify/edit.js";
import { join } from "./write.js";

const KEY = "azulejo-template";

/** The template that is edited in this tab: `{ object, record, tag }`. The tag is that of the record when it was opened. */
const editing = {
  get: () => JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? undefined,
  set: (value) => (value ? sessionStorage.setItem(KEY, JSON.stringify(value)) : sessionStorage.removeItem(KEY)),
};

/** Whether the URL holds a template itself: its layers, under the name of its catalog alone. */
const isOpen = (state) => state.object.endsWith("/") && editing.get()?.object.startsWith(state.object);

export function templatePart({ state, engine }) {
  const banner = element("div", { class: "problem", hidden: true });
  const id = element("input", { id: "template-id", type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  const save = element("button", { type: "button", onclick: () => put() }, "Save to the server");
  const load = element("button", { type: "button", class: "quiet", onclick: () => download() }, "Download the record");
  const message = element("div", { class: "problem", role: "status", hidden: true });
  const hint = element("p", { class: "hint" });
  const root = element(
    "section",
    { class: "template", "aria-labelledby": "template-title" },
    element("h2", { id: "template-title" }, "Save as a template"),
    element("label", { for: id.id }, "Record"),
    id,
    hint,
    element("div", { class: "bar" }, save, load),
    message,
  );
  let explained;
  const takesEdits = catalogs().then(({ edit }) => edit, () => false);

  takesEdits.then((takesEdits) => {
    save.hidden = !takesEdits;
    load.classList.toggle("quiet", takesEdits);
    hint.textContent = takesEdits ? "A template is a record whose layers any URL can fill in." : "This server saves no edits. Download the record, and put it into the store under this name.";
  });

  function tell(alarming, ...parts) {
    message.classList.toggle("alarming", alarming);
    message.replaceChildren(...parts);
    message.hidden = false;
  }

  /** Brings the part up to date with the picture in view. */
  function show(found) {
    explained = found;
    const open = isOpen(state) ? editing.get() : undefined;
    if (document.activeElement !== id && (!id.value || id.dataset.for !== state.object)) {
      id.value = open?.object ?? (state.object.endsWith("/") ? `${state.object}template` : `${state.object}-template`);
      id.dataset.for = state.object;
    }
    const of = explained?.commands?.map(({ from }) => from).find((from) => from?.text === "Modifier" && from.as === "path")?.of;
    if (open) {
      banner.replaceChildren(
        element("span", {}, "The template ", element("code", {}, open.object), " is open: the layers in the URL are its own."),
        element("div", { class: "bar" }, element("button", { type: "button", class: "quiet", onclick: close }, "Close the template")),
      );
    } else if (of) {
      banner.replaceChildren(
        element("span", {}, element("code", {}, of), " is a template. Changes go into this URL; its record stays as it is."),
        element("div", { class: "bar" }, element("button", { type: "button", class: "quiet", onclick: () => edit(of) }, "Edit the template itself")),
      );
    }
    banner.hidden = !open && !of;
  }

  /** Puts the layers of a record into the URL. */
  async function edit(object) {
    try {
      // Without its tag it would be saved over what somebody else has saved.
      const found = ((await takesEdits) && (await record(object))) || (await readable(object));
      if (!found?.record.modifier) throw new Error("Its record cannot be read here.");
      editing.set({ object, ...found });
      const image = explained?.object?.key ? object : undefined;
      const modifiers = await withImage(found.record.modifier, image);
      state.set({ object: `${object.split("/")[0]}/`, modifiers, source: undefined });
      [id.value, id.dataset.for] = [object, state.object];
      message.hidden = true;
    } catch (reason) {
      tell(true, `The template ${object} could not be opened: ${reason.message}`);
    }
  }

  function close() {
    const { object } = editing.get();
    editing.set(undefined);
    state.set({ object, modifiers: "" });
  }

  /** Modifiers whose layer 0 shows an object, unless it shows another. */
  async function withImage(modifiers, object) {
    const items = await engine.read(modifiers);
    const shows = items.some(({ kind, name, layer, effect }) => kind === "command" && layer === 0 && effect === undefined && ["src", "text", "textPs"].includes(name));
    if (!object || shows) return modifiers;
    const at = items.find(({ kind, name }) => kind === "command" && (name === "layer" || name === "effect"))?.from ?? modifiers.length;
    return join(modifiers.slice(0, at), ownImage(object), modifiers.slice(at));
  }

  /** What the record gets: the layers of the URL, and below them those that the record has already. */
  async function modifierOf(target, before) {
    // The record's own picture needs no name in it.
    if (isOpen(state) && editing.get().object === target) return join(...`${state.modifiers}&`.split(`${ownImage(target)}&`));
    if (state.object === target) return join(before ?? "", state.modifiers);
    return withImage(state.modifiers, state.object.endsWith("/") ? undefined : state.object);
  }

  async function put(over) {
    const target = id.value.trim();
    if (!valid(target)) return;
    save.setAttribute("aria-busy", "true");
    try {
      const open = editing.get();
      const found = over ?? (open?.object === target && open.tag ? open : await record(target)) ?? (await fresh(target));
      const next = { ...found.record, modifier: await modifierOf(target, found.record.modifier) };
      const tag = await saveRecord(target, next, found.tag);
      if (isOpen(state)) editing.set({ object: target, record: next, tag });
      tell(false, element("span", {}, "Saved. ", element("a", { href: picture(target) }, `/is/image/${target}`), " draws it."));
    } catch (reason) {
      if (reason.status === 412) await conflict(target);
      else tell(true, `${target} was not saved: ${reason.message}`);
    } finally {
      save.removeAttribute("aria-busy");
    }
  }

  /** A record that the server does not have yet, without a tag. */
  async function fresh(target) {
    const [rootId] = target.split("/");
    const { catalogs: names } = await catalogs();
    if (!names.includes(rootId)) throw new Error(`this server has no catalog ${rootId} that this page may read. Begin the name with ${names.map((name) => `${name}/`).join(" or ")}.`);
    return { record: {} };
  }

  async function conflict(target) {
    const theirs = await record(target).catch(() => undefined);
    const choices = theirs && [
      element("button", { type: "button", class: "quiet", onclick: () => put(theirs) }, "Save mine over it"),
      element("button", { type: "button", class: "quiet", onclick: () => take(target, theirs) }, "Take theirs (Undo brings mine back)"),
    ];
    tell(true, element("span", {}, `${target} was changed on the server since you opened it. Nothing was saved.`), element("div", { class: "bar" }, ...(choices ?? [])));
  }

  function take(object, theirs) {
    editing.set({ object, ...theirs });
    state.set({ object: `${object.split("/")[0]}/`, modifiers: theirs.record.modifier ?? "" });
    message.hidden = true;
  }

  function valid(target) {
    const isName = /^[^/\s]+\/.*[^/]$/.test(target) && !target.split("/").some((part) => part === "" || part === "." || part === "..");
    id.setAttribute("aria-invalid", String(!isName));
    if (!isName) tell(true, `“${target}” names no record: write rootId/id, such as Samples/banner.`);
    return isName;
  }

  async function download() {
    const target = id.value.trim();
    if (!valid(target)) return;
    const before = isOpen(state) ? editing.get().record : undefined;
    const json = JSON.stringify({ ...before, modifier: await modifierOf(target, before?.modifier) }, undefined, 2);
    const address = URL.createObjectURL(new Blob([`${json}\n`], { type: "application/json" }));
    element("a", { href: address, download: `${target.split("/").at(-1)}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    tell(false, element("span", {}, "Put the file into the store as ", element("code", {}, `records/${target}.json`), ", or the modifier into the Modifier column of the catalog."));
  }

  return { element: root, banner, show };
}

/** What shows the picture of a template's record while it is open. */
const ownImage = (object) => `layer=0&src=${encode(object)}`;

/** A record as the page may read it. It has no tag, so it cannot be saved over. */
async function readable(object) {
  const reply = await fetch(`/preview/record/${request(object)}`);
  return reply.status === 200 ? { record: await reply.json() } : undefined;
}
