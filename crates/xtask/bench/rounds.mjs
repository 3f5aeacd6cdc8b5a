// Both sides of a comparison in turn, so that whatever else the machine does meets both.

/** Calls each side `rounds` times in turns, after one round that does not count; medians. */
export async function inTurns(rounds, ...sides) {
  const seen = sides.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, side] of sides.entries()) {
      const value = await side();
      if (round >= 0) seen[index].push(value);
    }
  }
  return seen.map(median);
}

/** Milliseconds that `work` takes. */
export async function milliseconds(work) {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
