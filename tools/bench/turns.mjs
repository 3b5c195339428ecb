// Benchmarks whose sides take turns in one run, so that the machine's moods hit all alike.
import { median } from './engine.mjs';

/**
 * Times every side once to warm up, then in `rounds` rounds; `tell(round, latest)` after each. Gives the median of a side's times and
 * of its ratios to another's, round by round.
 */
export async function inTurns(sides, rounds, tell) {
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (const side of Object.values(sides)) await side();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, side] of Object.entries(sides)) times[name].push(await side());
    tell(round + 1, Object.fromEntries(Object.entries(times).map(([name, all]) => [name, all.at(-1)])));
  }
  return {
    ms: (name) => Number(median(times[name]).toFixed(2)),
    ratio: (name, other) => Number(median(times[name].map((time, i) => time / times[other][i])).toFixed(3)),
  };
}
