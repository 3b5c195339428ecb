import { binomialDistribution, max, median, min, quantile } from 'simple-statistics';
import type { BenchSteady } from './report.js';

/** A median that is not known to this part of it may differ by twice as much in another run: too noisy to tell. */
export const MOST_NOISE = 0.025;
/** With fewer rounds not even their range holds the median by 95 %. */
export const LEAST_ROUNDS = 6;
const CONFIDENCE = 0.95;

/** How many values may be left off at both ends, so that the rest still holds the median by 95 %. */
function outliers(count: number): number {
  const probabilities = binomialDistribution(count, 0.5) ?? [];
  const tail = (1 - CONFIDENCE) / 2;
  let below = probabilities[0] ?? 1;
  let left = 0;
  while (below + (probabilities[left + 1] ?? 1) <= tail) {
    left += 1;
    below += probabilities[left] as number;
  }
  return left;
}

/**
 * Where the median of all that could be measured lies by 95 %, whatever the distribution: an interval of the measured values'
 * order (Conover, Practical Nonparametric Statistics, 3.2). Of fewer than six values their range.
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const left = sorted.length < LEAST_ROUNDS ? 0 : outliers(sorted.length);
  return [sorted[left] as number, sorted[sorted.length - 1 - left] as number];
}

export type Measured = Pick<BenchSteady, 'rounds' | 'median' | 'p95' | 'spread' | 'interval' | 'noise' | 'noisy'>;

/** What the dreams of so many rounds say, which are at least one, of one dream or more each. */
export function summarize(rounds: readonly (readonly number[])[]): Measured {
  const all = rounds.flat();
  const medians = rounds.map((round) => median([...round]));
  const middle = median(all);
  const [least, most] = medianInterval(medians);
  const interval = [Math.min(least, middle), Math.max(most, middle)] as const;
  const noise = rounds.length < LEAST_ROUNDS ? undefined : (interval[1] - interval[0]) / 2 / middle;
  return {
    rounds,
    median: middle,
    p95: quantile(all, 0.95),
    spread: (max(medians) - min(medians)) / middle,
    interval,
    ...(noise === undefined ? {} : { noise }),
    noisy: noise === undefined || noise > MOST_NOISE,
  };
}
