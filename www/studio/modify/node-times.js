// How long each node of a plan took: the header `Server-Timing` of a reply names those that make rasters.

/** Milliseconds of nodes by the first digits of their keys. */
export function readTimes(header = "") {
  return new Map([...header.matchAll(/\bnode\d+;desc="\w+ ([0-9a-f]{8})";dur=([\d.]+)/g)].map(([, key, milliseconds]) => [key, Number(milliseconds)]));
}

/**
 * For each node `{ milliseconds }`, or `{ within }` with the step of the node whose time has its own: rows stream into
 * the next raster, and are not timed one by one. Nothing for a node that was too fast or is not named.
 */
export function timesOf(nodes, { headers = {}, timing = {} }) {
  const named = readTimes(headers["server-timing"]);
  return nodes.map((node, at) => {
    if (node.flow === "rows") return { within: readerOf(nodes, at)?.step };
    const milliseconds = node.flow === "file" ? timing.encode : named.get(node.key.slice(0, 8));
    return milliseconds > 0 ? { milliseconds } : {};
  });
}

/** The first node with a raster or a file that the rows of a node stream into. */
function readerOf(nodes, at) {
  const reader = nodes.findIndex(({ inputs = [] }) => inputs.includes(at));
  return reader >= 0 && nodes[reader].flow === "rows" ? readerOf(nodes, reader) : nodes[reader];
}

/** What the times are, and why a node may have none. */
export function aboutTimes({ headers = {} }) {
  const hit = Number(/layers;desc="hit (\d+)/.exec(headers["server-timing"] ?? "")?.[1] ?? 0);
  const cached = hit > 0 ? `, or came from the cache of layers, as ${hit} did` : "";
  return `Times are of the picture above, drawn on this device. Rows stream into the next step that makes a picture, in its time. A step without a time took less than 0.1 ms${cached}.`;
}
