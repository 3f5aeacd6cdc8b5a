// The plan as a graph: each node below those that it reads, with its area, its memory and its time.
import { element } from "../dom.js";
import { svg } from "./explain-tiles.js";
import { aboutTimes, timesOf } from "./node-times.js";

const NODE = { width: 150, height: 62, across: 18, down: 26 };

/** What the steps do, for people. */
const STEPS = {
  source: "decode and scale",
  svg: "draw the SVG",
  text: "draw the text",
  fill: "fill with a colour",
  collect: "collect the rows",
  blend: "blend over what is below",
  convert: "convert the colours",
  ops: "apply the operations",
  place: "place on the canvas",
  encode: "write the file",
  cached: "take from the cache",
  warp: "rotate or distort",
  turn: "turn",
  mask: "mask",
  coverage: "cover by a path",
  silhouette: "take the silhouette",
  tint: "colour it",
};

/** The rows of a graph: `{ row, column }` for each node. A node lies below all that it reads. */
export function places(nodes) {
  const rows = [];
  for (const { inputs = [] } of nodes) rows.push(inputs.length === 0 ? 0 : 1 + Math.max(...inputs.map((input) => rows[input])));
  // What nothing is read by lies just above the node that reads it.
  nodes.forEach(({ inputs = [] }, at) => {
    for (const input of inputs) if ((nodes[input].inputs ?? []).length === 0) rows[input] = Math.max(rows[input], latest(nodes, rows, input, at));
  });
  const counts = new Map();
  return nodes.map((_, at) => {
    const column = counts.get(rows[at]) ?? 0;
    counts.set(rows[at], column + 1);
    return { row: rows[at], column };
  });
}

/** The row above the first node that reads an input. */
function latest(nodes, rows, input, reader) {
  const first = nodes.findIndex(({ inputs = [] }) => inputs.includes(input));
  return rows[first < 0 ? reader : first] - 1;
}

/** The figure. `here` is the reply with the picture, which has the times. */
export function graph({ nodes, plan }, here) {
  const at = places(nodes);
  const times = timesOf(nodes, here);
  const longest = Math.max(...times.map(({ milliseconds }) => milliseconds ?? 0));
  const most = Math.max(...nodes.map(({ bytes }) => bytes));
  const left = ({ column }) => column * (NODE.width + NODE.across);
  const top = ({ row }) => row * (NODE.height + NODE.down);
  const width = Math.max(...at.map(left)) + NODE.width;
  const height = Math.max(...at.map(top)) + NODE.height;
  const lines = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  nodes.forEach(({ inputs = [] }, number) => {
    for (const input of inputs) {
      const [x1, y1, x2, y2] = [left(at[input]) + NODE.width / 2, top(at[input]) + NODE.height, left(at[number]) + NODE.width / 2, top(at[number])];
      const bend = Math.max(NODE.down / 2, (y2 - y1) / 2);
      // A line past other nodes of its column goes around them.
      const aside = at[number].row - at[input].row > 1 ? NODE.width * 0.78 : 0;
      lines.append(svg("path", { d: `M${x1},${y1}C${x1 + aside},${y1 + bend} ${x2 + aside},${y2 - bend} ${x2},${y2}` }));
    }
  });
  const boxes = nodes.map((node, number) => {
    const box = made(node, most, times[number], longest);
    box.style.left = `${left(at[number])}px`;
    box.style.top = `${top(at[number])}px`;
    return box;
  });
  const list = element("ol", { class: "nodes" }, ...boxes);
  const drawing = element("div", { class: "drawing" }, lines, list);
  drawing.style.width = `${width}px`;
  drawing.style.height = `${height}px`;
  const { peak, limit } = plan.memory;
  return element(
    "div",
    {},
    element("h3", {}, "How the picture is made"),
    element("p", { class: "hint" }, `${nodes.length} steps. Memory at most ${mega(peak)} of ${mega(limit)}; the bars compare the steps. ${aboutTimes(here)}`),
    element("div", { class: "graph scrolls", tabindex: "0", role: "region", "aria-label": "Steps of the plan" }, drawing),
  );
}

const mega = (bytes) => (bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function made({ step, area, bytes, model, alpha }, most, { milliseconds, within }, longest) {
  const bar = element("span", { class: "bar-of" });
  bar.style.width = `${(bytes / most) * 100}%`;
  const time = element("span", { class: milliseconds && milliseconds === longest ? "time slowest" : "time" }, milliseconds ? `${milliseconds.toFixed(1)} ms` : within ? `in ${within}` : "");
  return element(
    "li",
    { title: STEPS[step] },
    element("span", { class: "step" }, element("b", {}, step), time),
    element("span", {}, `${area.width} × ${area.height} px`),
    element("span", {}, `${model}${alpha ? " + alpha" : ""} · ${mega(bytes)}`),
    element("span", { class: "track" }, bar),
  );
}
