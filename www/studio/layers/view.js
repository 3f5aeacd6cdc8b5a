// Layers: the layers of the picture in view as a list, on the picture, and as forms.
import { element } from "../dom.js";
import { problemOf } from "../missing.js";
import { Canvas } from "./canvas.js";
import { choosePicture } from "./chooser.js";
import { layerFields } from "./fields.js";
import { layerList } from "./list.js";
import { layersOf, variableIn, variablesOf } from "./model.js";
import { onlyRun, setWords } from "./rtf.js";
import { templatePart } from "./template.js";
import { LayerThumbnails } from "./thumbnails.js";
import { variableFields } from "./variables.js";
import { encode } from "../modify/edit.js";
import { addLayer, duplicate, moved, removeLayer, renumber, setCommand, setVariable } from "./write.js";

/** The small pictures follow when nothing has changed for so long. */
const CALM = 250;

export function mount(container, app) {
  const { engine, state } = app;
  const read = (modifiers) => engine.read(modifiers);
  const thumbnails = new LayerThumbnails(engine);
  let latest = new AbortController();
  let calm;
  /** Whether what is typed next is the text of the layer that was just added. */
  let typing = false;
  /** Settles when what is in view is explained, or cannot be. */
  let explaining;
  /** The number of the chosen layer; the top one at first. */
  let chosen = Infinity;
  /** What is in view: the object, the commands, the layers from the top, the variables, and the explanation. */
  let view = { object: undefined, modifiers: "", items: [], layers: [], variables: [], explained: undefined };
  let grabbed;
  /** Where the layer is dragged to. */
  let wanted;

  const layer = (number) => view.layers.find((one) => one.number === number);
  const current = () => layer(chosen) ?? view.layers[0];
  /** Edits are made one after another, each of what the one before has left. */
  let edits = Promise.resolve();

  /** Puts into the URL what `work(modifiers, items, layers)` returns. Edits of one kind are undone together. */
  function edit(work, kind) {
    edits = edits
      .then(async () => {
        const { modifiers } = state;
        const items = await read(modifiers);
        const next = await work(modifiers, items, layersOf(items, view.explained));
        if (next !== undefined && modifiers === state.modifiers) state.set({ modifiers: next }, kind);
      })
      .catch((reason) => canvas.tell(`The layers could not be changed: ${reason.message}`));
  }

  const set = (number, name, value, kind) => edit((modifiers, items) => setCommand(modifiers, items, number, name, value), kind && `${number} ${kind}`);
  const putVariable = (name, value, kind) => edit((modifiers, items) => setVariable(modifiers, items, name, value), kind);

  const canvas = new Canvas({ choose, grab, move, nudge, type, remove });
  const list = layerList({ choose, remove, hide, move: reorder, duplicate: copy, thumbnail: (one) => thumbnails.draw(state, view.layers, one, latest.signal) });
  const fields = layerFields(app, { set: (name, value, kind) => set(current().number, name, value, kind), variable: putVariable });
  const variables = variableFields(state, putVariable);
  const template = templatePart(app);
  const adding = (label, work) => element("button", { type: "button", class: "quiet", onclick: work }, label);
  const add = element("div", { class: "bar", role: "group", "aria-label": "Add a layer" }, adding("Add text", addText), adding("Add picture", addPicture), adding("Add colour", addColour));
  const status = element("p", { class: "visually-hidden", role: "status" });

  container.append(
    element("section", { class: "side", "aria-label": "List of layers" }, template.banner, add, list.element, variables.element, template.element),
    canvas.element,
    fields.element,
    status,
  );

  const draw = () => (explaining = explain());

  /** Reads and shows the layers. The picture follows when it is drawn. */
  async function explain() {
    latest.abort();
    latest = new AbortController();
    const { signal } = latest;
    const isWanted = () => !signal.aborted;
    const { request, source, modifiers, object } = state;
    canvas.busy();
    clearTimeout(calm);
    try {
      const items = await read(modifiers);
      if (!isWanted()) return;
      // The forms are up to date before the picture is. What was said of another object is not true of this one.
      take({ modifiers, items, explained: view.object === object ? view.explained : undefined });
      const picture = engine.render(request, { source, signal, urgency: 2 });
      picture.catch(() => {});
      const reply = await engine.render(`${request}${modifiers ? "&" : "?"}req=explain`, { source, signal, urgency: 2 });
      if (!isWanted()) return;
      const explained = JSON.parse(new TextDecoder().decode(reply.bytes));
      take({ modifiers, items, explained });
      template.show(explained);
      showPicture(picture, { object, modifiers, signal });
    } catch (reason) {
      if (isWanted()) canvas.tell(`The picture cannot be drawn: ${reason.message}`);
    }
  }

  async function showPicture(picture, { object, modifiers, signal }) {
    const isWanted = () => !signal.aborted;
    try {
      const { status, contentType, bytes, closed } = await picture;
      if (!isWanted()) return;
      if (status === 200 && contentType.startsWith("image/")) await canvas.picture({ bytes, contentType }, `${object} ${modifiers}`, isWanted);
      else canvas.tell(problemOf({ status, bytes, closed }, object));
      calm = setTimeout(() => isWanted() && list.thumbnails(view.layers, signal), CALM);
    } catch (reason) {
      if (isWanted()) canvas.tell(`The picture cannot be drawn: ${reason.message}`);
    }
  }

  /** Shows what is known of the layers. */
  function take({ modifiers, items, explained }) {
    const before = view.object === state.object ? view.explained : undefined;
    // An explanation of an error knows no places; those of before are better than none.
    const places = explained?.layers ? explained : { ...explained, layers: before?.layers, plan: before?.plan };
    const layers = layersOf(items, places);
    view = { object: state.object, modifiers, items, layers, variables: variablesOf(items, explained), explained: places };
    // Which layers a record adds is known only once the request is explained.
    if (explained && !layer(chosen)) chosen = Math.max(...layers.map(({ number }) => number).filter((number) => number <= chosen));
    showLayers();
    const words = fields.element.querySelector(".words textarea");
    if (!typing || layer(chosen)?.kind !== "text" || !words) return;
    typing = false;
    words.focus();
    words.select();
  }

  function showLayers() {
    const { number } = current();
    list.show(view.layers, number);
    canvas.layers(view.layers, number, mirrored());
    fields.show(current(), view.variables);
    variables.show(view.variables);
  }

  /** −1 across or down where the whole composite is flipped. */
  function mirrored() {
    const flip = view.explained?.commands?.findLast((command) => command.name === "flip" && command.layer === "comp")?.value ?? "";
    return [flip.includes("lr") ? -1 : 1, flip.includes("ud") ? -1 : 1];
  }

  function choose(number) {
    chosen = number;
    showLayers();
  }

  function grab(number) {
    if (chosen !== number) choose(number);
    // All moves of a drag begin where it began, so that rounding does not add up.
    grabbed = { ...view, layer: layer(number) };
  }

  function move(number, across, down) {
    const [name, value] = moved(grabbed.layer, across, down, grabbed.explained?.plan?.composite);
    const isFirst = wanted === undefined;
    wanted = [name, value];
    // Places that are overtaken before their turn are left out.
    if (isFirst) {
      edit((modifiers, items) => {
        const last = wanted;
        wanted = undefined;
        return setCommand(modifiers, items, number, ...last);
      }, `${number} move`);
    }
    status.textContent = `Layer ${number}: ${name}=${value}`;
  }

  /** Moves a layer on from where it is. */
  function nudge(number, across, down) {
    edit((modifiers, items, layers) => {
      const one = layers.find((other) => other.number === number);
      const [name, value] = moved(one, across, down, view.explained?.plan?.composite);
      status.textContent = `Layer ${number}: ${name}=${value}`;
      return setCommand(modifiers, items, number, name, value);
    }, `${number} move`);
  }

  function type(number) {
    const one = layer(number);
    choose(number);
    if (one?.kind !== "text") return;
    // The words may be those of a variable, as may be the whole text.
    const whole = one.value(one.command);
    const variable = variableIn(whole) ?? variableIn(onlyRun(whole)?.text);
    const before = variable ? (view.variables.find(({ name }) => name === variable)?.value ?? "") : whole;
    const put = (rtf) => (variable ? putVariable(variable, rtf, `words ${number}`) : set(number, one.command, rtf, "words"));
    const run = onlyRun(before);
    if (!run) {
      fields.element.querySelector(".words textarea")?.focus();
      return;
    }
    canvas.type(number, run.text, {
      typed: (words) => put(setWords(before, run, words)),
      done: (words) => words === undefined && put(before),
    });
  }

  function hide(number, hidden) {
    const one = layer(number);
    // `hide=0` is needed only where a record or a preset hides it.
    const isTyped = one.typed("hide") !== undefined && (one.isOwn || number === 0);
    set(number, "hide", hidden ? "1" : isTyped ? undefined : "0");
  }

  function remove(number) {
    if (number === 0) return;
    const one = layer(number);
    edit((modifiers, items) => removeLayer(modifiers, items, number, !one.isOwn));
    status.textContent = `Layer ${number} (${one.label}) is deleted. Undo brings it back.`;
    canvas.focus(number);
  }

  function reorder(number, up) {
    const at = view.layers.findIndex((one) => one.number === number);
    const other = view.layers[at + (up ? -1 : 1)];
    if (!other || other.number === 0) return;
    chosen = other.number;
    edit((modifiers, items) => renumber(modifiers, items, new Map([[number, other.number], [other.number, number]])));
    status.textContent = `It is layer ${other.number} now.`;
  }

  function copy(number) {
    edit(async (modifiers, items, layers) => {
      const made = await duplicate(modifiers, layers.find((one) => one.number === number), layers, read);
      chosen = made.number;
      return made.modifiers;
    });
  }

  /** Puts a layer on top. `commands(size)` are its commands on a canvas of that size. */
  function append(commands) {
    edit(async (modifiers, items, layers) => {
      const made = commands(await size());
      // Only now: what is drawn meanwhile has no such layer.
      chosen = Math.max(...layers.map((one) => one.number)) + 1;
      return addLayer(modifiers, chosen, made);
    });
  }

  /** The size of the canvas, once it is known; layers that are added are parts of it. */
  async function size() {
    await explaining;
    return view.explained?.plan?.composite ?? { width: 1000, height: 1000 };
  }

  function addText() {
    typing = true;
    append(({ height }) => `text={\\colortbl;\\red255\\green255\\blue255;}\\fs${Math.max(8, Math.round(height / 10)) * 2}\\cf1 Your text`);
  }

  function addColour() {
    append(({ width, height }) => `color=1d4e9e&size=${Math.round(width / 3)},${Math.round(height / 6)}`);
  }

  async function addPicture() {
    const object = await choosePicture(state.object.split("/")[0]);
    if (object) append(({ width, height }) => `src=${encode(object)}&size=${Math.round(width / 3)},${Math.round(height / 3)}`);
  }

  state.addEventListener("change", draw);
  draw();
  return () => {
    latest.abort();
    clearTimeout(calm);
    state.removeEventListener("change", draw);
    canvas.end();
    thumbnails.end();
  };
}
