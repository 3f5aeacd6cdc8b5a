// `req=explain` of the picture in view: what took effect and from where, what was read, and how it was made.
import { element } from "../dom.js";
import { graph } from "./explain-graph.js";
import { tiles } from "./explain-tiles.js";

export function panel(app) {
  const { engine, state } = app;
  const root = element("div", { class: "panel-body explain", "aria-live": "polite" });
  let latest = new AbortController();

  async function show({ here }) {
    latest.abort();
    latest = new AbortController();
    const { signal } = latest;
    const { source, request } = state;
    root.setAttribute("aria-busy", "true");
    try {
      const reply = await engine.render(`${request}${request.includes("?") ? "&" : "?"}req=explain`, { source, signal, urgency: 1, cache: false });
      const explained = JSON.parse(new TextDecoder().decode(reply.bytes));
      if (signal.aborted) return;
      const open = new Set([...root.querySelectorAll("details[open]")].map(({ dataset }) => dataset.name));
      root.replaceChildren(...sections(explained, here, open, { ...app, source, signal }));
    } catch (reason) {
      if (!signal.aborted) root.replaceChildren(element("p", { class: "problem alarming" }, `There is no explanation: ${reason.message}`));
    } finally {
      if (!signal.aborted) root.setAttribute("aria-busy", "false");
    }
  }

  return { element: root, show, end: () => latest.abort() };
}

function sections(explained, here, open, app) {
  const { error, commands = [], overridden = [], ignored = [], variables = [], attributes = [] } = explained;
  const of = (list) => list.map((item) => [item.name + place(item), item.written ?? item.value, origin(item.from)]);
  return [
    error ? element("p", { class: "problem alarming" }, `${error.status} ${error.title}. ${error.message ?? ""}`) : "",
    table("Commands that take effect", ["Command", "Value", "From"], of(commands), "No command: the picture is as its catalog says."),
    more("overridden", "Replaced by a later command", overridden.length, open, table("", ["Command", "Value", "From"], of(overridden))),
    more("ignored", "Without effect", ignored.length, open, table("", ["Written", "Why", "From"], ignored.map(({ written, why, from }) => [written, why, origin(from)]))),
    more("variables", "Variables", variables.length, open, table("", ["Variable", "Value", "From"], of(variables))),
    more("attributes", "Settings of the catalog", attributes.length, open, table("", ["Attribute", "Value", "From"], of(attributes))),
    tiles(explained, app),
    explained.nodes ? graph(explained, here) : "",
    stages(here.timing),
    cache(explained),
  ];
}

/** Which layer and effect a command belongs to. */
function place({ layer, effect }) {
  if (layer === undefined) return "";
  const name = layer === "comp" ? "all layers" : `layer ${layer}`;
  return ` (${name}${effect === undefined ? "" : `, effect ${effect}`})`;
}

/** Where a value was written, in words. */
export function origin(from) {
  if (!from) return "";
  if (from === "builtIn") return "built in";
  if (from === "rule") return "rule of the catalog";
  if (typeof from === "string") return from;
  if (from.catalog) return `catalog ${from.catalog}`;
  if (from.record) return `record ${from.record}`;
  const calls = (from.macros ?? []).map(({ name, catalog }) => `preset $${name}$ of ${catalog}`);
  const text = from.text === "URL" ? "URL" : `${from.text} of the record ${from.of}`;
  return [text, ...calls].join(" → ");
}

function table(title, heads, rows, otherwise) {
  const head = title ? [element("h3", {}, title)] : [];
  if (rows.length === 0) return element("div", {}, ...head, element("p", { class: "hint" }, otherwise ?? "None."));
  const cells = (row) => row.map((cell, at) => element("td", {}, at < 2 ? element("code", {}, cell) : cell));
  return element(
    "div",
    { class: "scrolls", tabindex: "0", role: "region", "aria-label": title || heads.join(", ") },
    ...head,
    element("table", {}, element("thead", {}, element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name)))), element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row))))),
  );
}

function more(name, title, count, open, content) {
  if (count === 0) return "";
  return element("details", { "data-name": name, open: open.has(name) }, element("summary", {}, `${title} (${count})`), content);
}

/** Times as bars, the longest over the full width. */
function stages(timing) {
  const times = Object.entries(timing ?? {}).filter(([, milliseconds]) => milliseconds >= 0.05);
  if (times.length === 0) return "";
  const longest = Math.max(...times.map(([, milliseconds]) => milliseconds));
  const rows = times.map(([name, milliseconds]) => {
    const bar = element("span", { class: "bar-of" });
    bar.style.width = `${(milliseconds / longest) * 100}%`;
    return element("div", {}, element("dt", {}, name), element("dd", {}, element("span", { class: "track" }, bar), `${milliseconds.toFixed(1)} ms`));
  });
  return element("div", {}, element("h3", {}, "Time of each stage, drawn here"), element("dl", { class: "stages" }, ...rows));
}

function cache({ cache, objects = [] }) {
  if (!cache) return "";
  const life = cache.seconds === null ? "for ever" : `${cache.seconds.toLocaleString("en")} seconds`;
  const by = cache.by ? `, by ${cache.by}${cache.from ? ` (${origin(cache.from)})` : ""}` : "";
  const rows = [["Lifetime", `${life}${by}`], ["Cache-Control", cache.control], ["ETag", cache.key], ["Catalogs and records", objects.map(({ key }) => key).join(", ")]];
  const shown = rows.filter(([, value]) => value).map(([name, value]) => element("div", { class: "long" }, element("dt", {}, name), element("dd", {}, value)));
  return element("div", {}, element("h3", {}, "Cache"), element("dl", {}, ...shown));
}
