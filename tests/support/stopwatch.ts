/**
 * The shortest of up to `rounds` durations in milliseconds. The first one below `enough` ends the rounds: a busy machine
 * makes one round slow or another, a slow program all of them. `run` answers a duration of its own, or is timed as a whole.
 */
export async function shortest(enough: number, run: () => unknown, rounds = 6): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && best >= enough; round += 1) {
    const began = performance.now();
    const own = await run();
    best = Math.min(best, typeof own === "number" ? own : performance.now() - began);
  }
  return best;
}
