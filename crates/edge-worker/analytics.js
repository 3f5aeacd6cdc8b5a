// Data points for Analytics Engine, where a dataset is bound as ANALYTICS. docs/observability.md lists
// the columns.

/** Whether a dataset is bound. */
export function isBound(env) {
  return env.ANALYTICS !== undefined;
}

/** Writes the data point of a request. `line` is its line in the log. */
export function writeDataPoint(env, line) {
  const { object, presets, route, format = "", cache = "", cost = "", ...rest } = JSON.parse(line);
  const numbers = [rest.status, rest.ms, rest.bytesSent, rest.bytesRead, rest.reads, rest.memory, rest.work];
  env.ANALYTICS.writeDataPoint({
    // At most 96 bytes; a rootId has one to four of a character.
    indexes: [object.split("/")[0].slice(0, 24)],
    blobs: [object, presets.join("+"), route, format, cache, cost],
    doubles: numbers.map((number) => number ?? 0),
  });
}
