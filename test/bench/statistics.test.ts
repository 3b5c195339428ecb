import { expect, test } from 'vitest';
import { LEAST_ROUNDS, MOST_NOISE, medianInterval, summarize } from '../../lib/bench/statistics.js';

/** Uniform in 0..1, the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const one = (values: readonly number[]): number[][] => values.map((value) => [value]);

test('the interval leaves off as many values as may be, by the binomial tables', () => {
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  // Conover, table A3; n: how many at each end.
  for (const [count, left] of [
    [6, 0],
    [8, 0],
    [9, 1],
    [12, 2],
    [15, 3],
    [21, 5],
    [30, 9],
  ] as const)
    expect([count, medianInterval(upTo(count).reverse())]).toEqual([count, [left + 1, count - left]]);
});

test('the interval holds the true median in 95 % of made-up runs, and of skewed ones too', () => {
  const next = random(1);
  for (const skew of [1, 4]) {
    let held = 0;
    for (let run = 0; run < 2000; run += 1) {
      const [low, high] = medianInterval(Array.from({ length: 15 }, () => 100 + next() ** skew));
      const truth = 100 + 0.5 ** skew;
      if (low <= truth && truth <= high) held += 1;
    }
    expect(held / 2000).toBeGreaterThan(0.95);
  }
});

test('median, 95th percentile and spread are of what was measured', () => {
  const { median, p95, spread, interval } = summarize([
    [10, 11, 12],
    [20, 21, 22],
    [15, 16, 17],
  ]);
  expect({ median, p95, interval }).toEqual({ median: 16, p95: 21.6, interval: [11, 21] });
  expect(spread).toBeCloseTo(10 / 16);
});

test('fewer rounds than it takes say nothing of noise, however alike they are', () => {
  for (let count = 1; count < LEAST_ROUNDS; count += 1) {
    const summary = summarize(one(Array(count).fill(100)));
    expect(summary).toMatchObject({ median: 100, noisy: true });
    expect(summary).not.toHaveProperty('noise');
  }
  expect(summarize(one(Array(LEAST_ROUNDS).fill(100)))).toMatchObject({ noise: 0, noisy: false });
});

test('two runs that call themselves quiet have medians within 5 % of each other; noisy machines are told', () => {
  const next = random(7);
  for (const [amplitude, share] of [
    [0.02, 0],
    [0.1, 0.3],
    [0.3, 1],
    [1, 1],
  ] as const) {
    const runs = Array.from({ length: 400 }, () =>
      // A quiet floor, and above it what other programs take.
      summarize(one(Array.from({ length: 9 }, () => 100 * (1 + amplitude * next() ** 2)))),
    );
    const noisy = runs.filter((run) => run.noisy);
    expect(noisy.length / runs.length).toBeGreaterThanOrEqual(share * 0.9);
    const quiet = runs.filter((run) => !run.noisy);
    for (const run of quiet) expect(run.noise).toBeLessThanOrEqual(MOST_NOISE);
    let apart = 0;
    for (let index = 1; index < quiet.length; index += 1) {
      const ratio = (quiet[index]?.median ?? 0) / (quiet[index - 1]?.median ?? 0);
      if (Math.abs(ratio - 1) > 0.05) apart += 1;
    }
    expect(apart).toBeLessThanOrEqual(quiet.length * 0.05);
  }
});
