import type { BenchEnvironment } from '../../lib/bench/environment.js';
import { Findings } from '../../lib/bench/findings.js';
import type { BenchChecked, BenchReport, BenchVariant } from '../../lib/bench/report.js';
import { nameOf } from '../../lib/bench/variants.js';
import { readBenchOptions } from '../../lib/options/bench-options.js';

export const ENVIRONMENT: BenchEnvironment = {
  platform: 'linux x64',
  cpu: { model: 'A processor', flags: ['avx2', 'fma'], cores: 4, availableCores: 4, bfloat16: 'none' },
  memoryBytes: 2 ** 33,
  gpus: [],
  livedream: '1.2.3',
  commit: '0123456789abcdef',
  tensorflow: { version: '2.21.0', variant: 'cpu' },
  node: 'v20.11.0',
  xlaFlags: [],
};

export function variantOf(changes: Partial<BenchVariant> = {}): BenchVariant {
  const variant = {
    ...{ size: { width: 480, height: 360 }, octaves: 4, iterations: 10, device: 'cpu', on: 'CPU:0' },
    ...{ xla: false, loop: 'native', precision: 'float32' },
    ...changes,
  } as Omit<BenchVariant, 'name'>;
  return { name: nameOf(variant), ...variant };
}

export interface MadeUp {
  readonly variant?: Partial<BenchVariant>;
  readonly cold?: { readonly compile: undefined };
  readonly checked?: BenchChecked;
  /** Milliseconds of each dream of each round. */
  readonly rounds: readonly (readonly number[])[];
}

/** A benchmark's report of times that were made up; a convolution of a billion operations takes 10 ms in each round. */
export function reportOf(
  results: readonly MadeUp[],
  { environment = ENVIRONMENT, peak = 10 }: { readonly environment?: BenchEnvironment; readonly peak?: number } = {},
): BenchReport {
  const findings = new Findings(environment, readBenchOptions({}, []).plain);
  const most = Math.max(...results.map(({ rounds }) => rounds.length));
  const trials = Array.from({ length: most }, () => [peak, peak, peak]);
  findings.peaks.push({ on: 'CPU:0', precision: 'float32', operations: 1e9, rounds: trials });
  for (const { variant, cold: changes, checked, rounds } of results) {
    const { compile, ...others } = { load: 500, firstCall: 3000, compile: 2000, peakMemoryBytes: 600e6, ...changes };
    const cold = { ...others, ...(compile === undefined ? {} : { compile }) };
    const model = {
      name: 'net',
      sha256: 'abcdef0123456789',
      objective: { layer: 'mixed4d', kind: 'channels' as const, channels: [{ channel: 139, weight: 1 }] },
    };
    findings.runners.push({
      variant: variantOf(variant),
      operations: 20e9,
      cold: { cold, model, rewrites: ['winograd'], second: 500 },
      ...(checked === undefined ? {} : { checked }),
      rounds,
    });
  }
  return findings.report(true);
}

/** Rounds of one dream each, uniform within a part of the middle; the same every time for a seed. */
export function noisyRounds(count: number, middle: number, amplitude: number, seed = 1): number[][] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return [middle * (1 + amplitude * (state / 2 ** 31 - 1))];
  });
}
