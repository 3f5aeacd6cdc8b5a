// The editor of one picture: its boxes on the picture, and a card for each beside it.
import { element } from "../dom.js";
import { request } from "../names.js";
import { addForm } from "./add.js";
import { isSame, largest, move, reshape, resize, shapeOf } from "./boxes.js";
import { card } from "./card.js";
import { changed, hasRatio, problemOfName, problemOfSize, SWATCH } from "./parts.js";
import { saveBar } from "./save-bar.js";
import { opened } from "./session.js";
import { CropStage } from "./stage.js";

/** How large previews are drawn at most; a larger crop is shown smaller, as the card would show it anyway. */
const PREVIEW = 800;

/** About where a new swatch has its patch. */
const PATCH = [0.45, 0.45, 0.1, 0.1];

/** Whether crops of one ratio move together; for the whole visit. */
let together = true;

/** The editor of a session, with a part to begin with. `end()` takes it down. */
export function editor(app, session, first) {
  const { object, picture } = session;
  const ended = new AbortController();
  const cards = new Map();
  /** The drawing that each card waits for, with the box that it shows. */
  const drawings = new Map();
  let chosen = session.parts[first] ? first : Object.keys(session.parts)[0];
  let shown = session.parts;

  const stage = new CropStage(object, picture, { choose, drag, settle: () => session.settle() });
  const list = element("ul", { class: "parts", "aria-label": "Crops" });
  const none = element("p", { class: "hint" }, "This picture has no smart crops yet. Add one: its box can then be moved on the picture.");
  const link = element("input", { type: "checkbox", id: `together-${object}`, checked: together, onchange: () => (together = link.checked) });
  const bar = saveBar(session, ended.signal);
  const side = element("div", { class: "crop-side" }, addForm(session, opened().filter((one) => one !== session).map(({ parts }) => parts), add), element("label", { class: "check" }, link, "Crops of one ratio share their box"), none, list);
  const root = element(
    "div",
    { class: "crop-editor" },
    element("div", { class: "crop-picture" }, bar.element, stage.element, element("p", { class: "hint" }, "Drag a box or its handles. With the keyboard: arrows move the box, Shift and arrows resize it, Ctrl makes the steps single pixels. The ratio stays.")),
    side,
  );

  app.engine.render(request(object, "wid=1600&hei=1600&fit=constrain"), { signal: ended.signal, urgency: 1 }).then((reply) => stage.fill(reply), (reason) => ended.signal.aborted || stage.fail(reason.message));

  function choose(name) {
    if (name === chosen) return;
    chosen = name;
    show();
    // Only the list scrolls, where it is a column of its own: the picture must stay under the finger.
    const [at, part] = [side.getBoundingClientRect(), cards.get(name).element.getBoundingClientRect()];
    side.scrollTop += part.top - Math.max(at.top, Math.min(part.top, at.bottom - part.height));
  }

  /** Other crops of the part's ratio, with the same box or with other boxes. */
  function others(name, sharing) {
    const part = session.parts[name];
    if (name === SWATCH || !part) return [];
    return Object.keys(session.parts).filter((one) => one !== name && one !== SWATCH && hasRatio(session.parts[one], part) && isSame(session.parts[one].rect, part.rect) === sharing);
  }

  /** Changes boxes, those that are shared with them included. */
  function setBox(name, rect, kind) {
    const names = together ? [name, ...others(name, true)] : [name];
    session.set({ ...session.parts, ...Object.fromEntries(names.map((one) => [one, { ...session.parts[one], rect }])) }, kind);
  }

  function drag(name, rect, handle, dx, dy, kind) {
    setBox(name, handle ? resize(rect, handle, dx, dy, shapeOf(session.parts[name], picture)) : move(rect, dx, dy), kind);
  }

  function add(name, width, height) {
    const wrong = name === SWATCH ? undefined : problemOfName(name, session.parts);
    if (wrong ?? problemOfSize(width, height)) return wrong ?? problemOfSize(width, height);
    const shape = shapeOf({ width, height }, picture);
    // A crop of a ratio that is there already begins with its box.
    const like = Object.entries(session.parts).find(([one, part]) => one !== SWATCH && name !== SWATCH && hasRatio(part, { width, height }));
    const part = name === SWATCH ? { color: "0x808080", rect: reshape(PATCH, shape), width, height } : { rect: like?.[1].rect ?? largest(shape), width, height };
    chosen = name;
    session.set({ ...session.parts, [name]: part });
    if (name === SWATCH) pick(name);
    return undefined;
  }

  function rename(name, to) {
    const wrong = problemOfName(to, session.parts, name);
    if (wrong) return wrong;
    chosen = to;
    session.set(Object.fromEntries(Object.entries(session.parts).map(([one, part]) => [one === name ? to : one, part])));
    return undefined;
  }

  function retarget(name, width, height) {
    const wrong = problemOfSize(width, height);
    if (wrong) return wrong;
    const part = session.parts[name];
    const rect = hasRatio(part, { width, height }) ? part.rect : reshape(part.rect, shapeOf({ width, height }, picture));
    session.set({ ...session.parts, [name]: { ...part, width, height, rect } });
    return undefined;
  }

  function placeSide(name, side, pixels) {
    if (!Number.isFinite(pixels)) return "Type a number of pixels.";
    const { rect } = session.parts[name];
    const wanted = pixels / (side % 2 ? picture.height : picture.width);
    const by = wanted - rect[side];
    if (side < 2) setBox(name, move(rect, side === 0 ? by : 0, side === 1 ? by : 0));
    else setBox(name, resize(rect, { x: 1, y: 1 }, side === 2 ? by : 0, side === 3 ? by : 0, shapeOf(session.parts[name], picture)));
    // A number that did not fit is shown as it fits.
    show();
    return undefined;
  }

  function color(name, value) {
    const hex = /^(?:0x|#)?([0-9a-f]{6})$/i.exec(value.trim())?.[1];
    if (!hex) return "A colour has six hexadecimal digits, such as 0xA56DB2.";
    session.set({ ...session.parts, [name]: { ...session.parts[name], color: `0x${hex.toUpperCase()}` } }, "color");
    return undefined;
  }

  function pick(name) {
    const mean = stage.colorOf(session.parts[name].rect);
    if (mean) color(name, mean);
  }

  function remove(name) {
    const { [name]: _, ...rest } = session.parts;
    const names = Object.keys(session.parts);
    chosen = names[names.indexOf(name) + 1] ?? names[names.indexOf(name) - 1];
    session.set(rest);
    list.querySelector(".chosen .choose-part")?.focus();
  }

  const call = {
    choose: (name) => (name === chosen ? stage.focus(name) : choose(name)),
    rename,
    retarget,
    place: placeSide,
    color,
    pick,
    remove,
    found: (name) => setBox(name, session.parts[name].found),
    share: (name) => session.set({ ...session.parts, ...Object.fromEntries(others(name, false).map((one) => [one, { ...session.parts[one], rect: session.parts[name].rect }])) }),
  };

  function show() {
    if (!session.parts[chosen]) chosen = Object.keys(session.parts)[0];
    const names = Object.keys(session.parts).sort((one, other) => (one === SWATCH) - (other === SWATCH) || one.localeCompare(other));
    for (const [name, { element }] of cards) {
      if (session.parts[name]) continue;
      element.remove();
      cards.delete(name);
      drawings.get(name)?.abort();
      drawings.delete(name);
    }
    for (const name of names) if (!cards.has(name)) cards.set(name, card(name, picture, call));
    const wanted = names.map((name) => cards.get(name).element);
    if (wanted.some((node, at) => list.children[at] !== node)) list.replaceChildren(...wanted);
    for (const name of names) {
      cards.get(name).show(session.parts[name], name === chosen, others(name, false));
      draw(name);
    }
    none.hidden = names.length > 0;
    stage.show(session.parts, chosen);
    for (const name of changed(shown, session.parts)) cards.get(name)?.tell(undefined);
    shown = session.parts;
    bar.show();
  }

  /** Draws the preview of a card if its box has changed. The latest wins. */
  async function draw(name) {
    const { rect, width, height } = session.parts[name];
    const scale = Math.min(1, PREVIEW / Math.max(width, height));
    const query = `cropN=${rect.join()}&wid=${Math.max(1, Math.round(width * scale))}&hei=${Math.max(1, Math.round(height * scale))}&fit=constrain`;
    if (drawings.get(name)?.query === query) return;
    drawings.get(name)?.abort();
    const drawing = Object.assign(new AbortController(), { query });
    drawings.set(name, drawing);
    try {
      const reply = await app.engine.render(request(object, query), { signal: drawing.signal, urgency: name === chosen ? 2 : 0 });
      if (!drawing.signal.aborted) cards.get(name)?.preview(reply);
    } catch (reason) {
      if (!drawing.signal.aborted) cards.get(name)?.tell(reason.message);
    }
  }

  /** Ctrl+Z takes a crop's change back, where the whole page's would take back one of the address. */
  function key(event) {
    const typing = event.target.closest?.("input:not([type=checkbox], [type=color]), textarea, select");
    if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const pressed = event.key.toLowerCase();
    if (pressed === "z" && !event.shiftKey) session.undo();
    else if (pressed === "y" || pressed === "z") session.redo();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  addEventListener("keydown", key, { capture: true, signal: ended.signal });
  session.addEventListener("change", show, { signal: ended.signal });
  show();
  return {
    element: root,
    focus: () => (chosen ? stage.focus(chosen) : root.querySelector("summary").focus()),
    end() {
      ended.abort();
      for (const drawing of drawings.values()) drawing.abort();
    },
  };
}
