// Both sides of a comparison in turn, so that whatever else the machine does meets both.

/**
 * Calls each side `rounds` times in turns, after one round that does not count. The best of each,
 * by `best` (`Math.min` or `Math.max`): what the machine can do when it is left alone.
 */
export async function inTurns(rounds, best, ...sides) {
  const seen = sides.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, side] of sides.entries()) {
      const value = await side();
      if (round >= 0) seen[index].push(value);
    }
  }
  return seen.map((values) => best(...values));
}

/** Milliseconds that `work` takes. */
export async function milliseconds(work) {
  const since = performance.now();
  await work();
  return performance.now() - since;
}
