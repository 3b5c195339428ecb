import { expect, test } from 'vitest';
import { compareBenches } from '../../lib/bench/compare.js';
import { peerVariant } from '../../lib/bench/variants.js';
import { ENVIRONMENT, noisyRounds, reportOf, variantOf } from '../support/bench-report.js';

const rounds = (middle: number, seed: number, amplitude = 0.02) => noisyRounds(9, middle, amplitude, seed);

test('a difference is one where it exceeds the noise of both', () => {
  const before = reportOf([
    { rounds: rounds(1000, 1) },
    { variant: { xla: true }, rounds: rounds(2000, 2) },
    { variant: { octaves: 1 }, rounds: rounds(500, 3) },
    { variant: { octaves: 2 }, rounds: rounds(500, 4, 0.5) },
    { variant: { octaves: 3 }, rounds: rounds(500, 5).slice(0, 3) },
    { variant: { octaves: 5 }, rounds: rounds(100, 6) },
  ]);
  const after = reportOf([
    { rounds: rounds(1005, 7) },
    { variant: { xla: true }, rounds: rounds(1800, 8) },
    { variant: { octaves: 1 }, rounds: rounds(550, 9) },
    { variant: { octaves: 2 }, rounds: rounds(550, 10) },
    { variant: { octaves: 3 }, rounds: rounds(900, 11) },
    { variant: { octaves: 6 }, rounds: rounds(100, 12) },
  ]);
  const { differences, onlyBefore, onlyAfter, conditions } = compareBenches(before, after);
  expect(differences.map(({ verdict }) => verdict)).toEqual(['same', 'faster', 'slower', 'noisy', 'noisy']);
  expect(onlyBefore).toEqual([variantOf({ octaves: 5 }).name]);
  expect(onlyAfter).toEqual([variantOf({ octaves: 6 }).name]);
  expect(conditions).toEqual([]);
  for (const { ratio, interval, before: one, after: other } of differences) {
    expect(ratio).toBeCloseTo(other / one, 10);
    expect(interval[0]).toBeLessThanOrEqual(ratio);
    expect(interval[1]).toBeGreaterThanOrEqual(ratio);
  }
  // 20 billion operations by a peak of 100 billion a second.
  expect(differences[0]?.shares?.[0]).toBeCloseTo(0.2, 2);
});

test('a noisy run that is far away is another all the same', () => {
  const before = reportOf([{ rounds: noisyRounds(9, 100, 0.2) }]);
  const after = reportOf([{ rounds: noisyRounds(9, 300, 0.2) }]);
  expect(before.results[0]?.steady?.noisy).toBe(true);
  expect(compareBenches(before, after).differences).toMatchObject([{ verdict: 'slower' }]);
});

test('two runs of one machine are never told apart, whatever its noise', () => {
  let apart = 0;
  for (const amplitude of [0.01, 0.05, 0.3]) {
    for (let seed = 1; seed <= 200; seed += 1) {
      const [one, other] = [seed, seed + 5000].map((each) =>
        reportOf([{ rounds: noisyRounds(9, 100, amplitude, each * 7919) }]),
      );
      const [difference] = compareBenches(one as never, other as never).differences;
      if (difference?.verdict === 'faster' || difference?.verdict === 'slower') apart += 1;
    }
  }
  // Both intervals would have to miss the one median.
  expect(apart / 600).toBeLessThan(0.01);
});

test('another machine, another rate of its convolutions and other options are told', () => {
  const before = reportOf([{ rounds: rounds(1000, 1) }]);
  const elsewhere = {
    ...ENVIRONMENT,
    cpu: { ...ENVIRONMENT.cpu, model: 'Another' },
    gpus: [{ name: 'A card', driver: '580.1', memoryBytes: 1e9 }],
    commit: 'fedcba9876543210',
  };
  const after = reportOf([{ rounds: rounds(1000, 1) }], { environment: elsewhere, peak: 5 });
  const changed = { ...after, options: { ...after.options, tileSize: 256 } };
  const { peaks, conditions } = compareBenches(before, changed);
  expect(peaks).toEqual([{ on: 'CPU:0', precision: 'float32', ratio: 2, exceeds: true }]);
  expect(conditions.map(({ field }) => field)).toEqual(['processor', 'gpus', 'livedream', 'tileSize']);
});

test('other programs in another version are told', () => {
  const peer = peerVariant('torch-eager', variantOf());
  const of = (version: string, seed: number) =>
    reportOf([{ variant: peer, checked: { version, gradientDifference: 0 }, rounds: rounds(1000, seed) }]);
  expect(compareBenches(of('2.1', 1), of('2.1', 2)).conditions).toEqual([]);
  expect(compareBenches(of('2.1', 1), of('2.2', 2)).conditions).toEqual([
    { field: 'version of 480x360 4x10 cpu torch-eager float32', before: '2.1', after: '2.2' },
  ]);
});
