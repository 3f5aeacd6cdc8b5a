// The layers and the variables of a request: what its modifiers say themselves, and what records and presets
// add, as `req=explain` reports it.
import { plain } from "./rtf.js";

const isCommand = ({ kind }) => kind === "command";

/** The layers from the top to layer 0. `items` are the commands of the modifiers, `explained` the explanation. */
export function layersOf(items, explained = {}) {
  const theirs = (explained.commands ?? []).filter(({ layer, effect }) => /^\d+/.test(layer) && effect === undefined);
  const numbers = new Set([0, ...items.map(({ layer }) => layer), ...theirs.map(({ layer }) => parseInt(layer, 10))]);
  numbers.delete(undefined);
  const places = new Map((explained.layers ?? []).map((placed) => [placed.layer, placed]));
  const values = new Map(variablesOf(items, explained).map(({ name, value }) => [name, value]));
  const layers = [...numbers].map((number) => {
    const own = items.filter((item) => isCommand(item) && item.layer === number && item.effect === undefined);
    const others = theirs.filter(({ layer }) => parseInt(layer, 10) === number);
    return layerOf(number, own, others, places.get(number), values);
  });
  return layers.sort((one, other) => other.number - one.number);
}

function layerOf(number, own, theirs, placed, values) {
  const typed = (name) => own.findLast((item) => item.name === name)?.value;
  const effective = (name) => {
    const found = theirs.findLast((command) => command.name === name);
    return found?.written?.replace(/^[^=]*=/, "") ?? found?.value;
  };
  const value = (name) => typed(name) ?? effective(name);
  const name = own.filter((item) => item.name === "layer").map((item) => item.value.split(",")[1]).findLast(Boolean);
  // `hide=$variable$` hides by the variable's value.
  const hide = theirs.findLast((command) => command.name === "hide")?.value ?? typed("hide");
  // Only what the URL itself selects can get another number, or be taken out.
  const isOwn = own.some((item) => item.name === "layer") && !theirs.some(({ from }) => from && from.text !== "URL");
  const layer = { number, name, value, typed, placed, isOwn, hidden: hide === "1" };
  const content = contentOf(layer);
  // Its words are those of its variables.
  const filled = (value(content.command) ?? "").replace(/\$([^$&=\s{}()]+)\$/g, (text, variable) => values.get(variable) ?? text);
  const words = content.kind === "text" ? plain(filled).replace(/\s+/g, " ").trim() : "";
  return { ...layer, ...content, label: name ?? (words || content.label) };
}

/** `kind`, the command of the content, and a label for people. */
function contentOf({ number, value }) {
  const text = ["text", "textPs"].find((command) => value(command) !== undefined);
  const source = value("src");
  const color = value("color");
  if (text) return { kind: "text", command: text, label: "Text" };
  if (source !== undefined) return { kind: "picture", command: "src", label: lastPart(source) };
  if (color !== undefined && number > 0) return { kind: "colour", command: "color", label: `Colour ${color}` };
  return { kind: number === 0 ? "base" : "empty", command: "src", label: number === 0 ? "Canvas" : "Nothing to show" };
}

const lastPart = (source) => (/^(is|ir|fxg)[({]/i.test(source) ? "Nested request" : (source.split("/").filter(Boolean).at(-1) ?? source));

/** Commands by what their variables stand for. */
const KINDS = { src: "picture", mask: "picture", color: "color", bgColor: "color", bgc: "color", text: "text", textPs: "text", hide: "switch" };

/** The variables in use: `{ name, value, kind, isOwn }`, in the order in which they are defined or used. */
export function variablesOf(items, explained = {}) {
  const found = new Map();
  const add = (name, more) => found.set(name, { name, value: "", kind: "value", isOwn: false, ...found.get(name), ...more });
  for (const { name, value } of explained.variables ?? []) add(name.replace(/^\$|\$$/g, ""), { value });
  for (const { kind, name, value } of items) if (kind === "variable") add(name, { value, isOwn: true });
  const written = [
    ...items.filter(isCommand).map(({ name, value }) => [name, value]),
    ...(explained.commands ?? []).filter(({ written }) => written).map(({ name, written }) => [name, written]),
  ];
  for (const [name, text] of written) {
    for (const [, variable] of text.matchAll(/\$([^$&=\s{}()]+)\$/g)) {
      // `$object$` is the picture of the path.
      if (variable === "object" && !found.has("object")) continue;
      const kind = KINDS[name];
      const before = found.get(variable)?.kind;
      add(variable, kind && (before === undefined || before === "value") ? { kind } : {});
    }
  }
  return [...found.values()];
}

/** The only variable that a value consists of, such as `headline` of `$headline$`. */
export const variableIn = (value) => /^\s*\$([^$&=\s{}()]+)\$\s*$/.exec(value ?? "")?.[1];
