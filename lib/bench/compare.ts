import type { ComparableReport } from './read-report.js';

type Result = ComparableReport['results'][number];
type Steady = NonNullable<Result['steady']>;

/**
 * `faster`, `slower`: by more than the noise of both. `same`: the medians are known well enough to say that they differ by no more
 * than that. `noisy`: they are not.
 */
export type BenchVerdict = 'faster' | 'slower' | 'same' | 'noisy';

export interface BenchDifference {
  readonly name: string;
  /** The medians, in milliseconds. */
  readonly before: number;
  readonly after: number;
  /** After by before. */
  readonly ratio: number;
  /** What that ratio may be by the noise of both. */
  readonly interval: readonly [number, number];
  readonly verdict: BenchVerdict;
  /** Of the device's convolution peak in the same run, where both know it. */
  readonly shares?: readonly [number, number];
}

/** A device's best convolution, whose rate tells whether the machine itself was another. */
export interface PeakDifference {
  readonly on: string;
  readonly precision: string;
  /** After by before, of rates. */
  readonly ratio: number;
  /** Whether by more than the noise of both. */
  readonly exceeds: boolean;
}

export interface BenchComparison {
  readonly differences: readonly BenchDifference[];
  readonly peaks: readonly PeakDifference[];
  /** Variants that only one of them has measured. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** What else is not the same: the field, and both values. */
  readonly conditions: readonly { readonly field: string; readonly before: string; readonly after: string }[];
}

type Interval = readonly [number, number];

function isApart(before: Interval, after: Interval): boolean {
  return after[0] > before[1] || after[1] < before[0];
}

function verdictOf(before: Steady, after: Steady): BenchVerdict {
  // Of so few rounds that nothing is known of their noise.
  if (before.noise === undefined || after.noise === undefined) return 'noisy';
  if (isApart(before.interval, after.interval)) return after.median > before.median ? 'slower' : 'faster';
  return before.noisy || after.noisy ? 'noisy' : 'same';
}

function differenceOf(name: string, before: Steady, after: Steady): BenchDifference {
  const [one, other] = [before.shareOfPeak, after.shareOfPeak];
  return {
    name,
    before: before.median,
    after: after.median,
    ratio: after.median / before.median,
    interval: [after.interval[0] / before.interval[1], after.interval[1] / before.interval[0]],
    verdict: verdictOf(before, after),
    ...(one === undefined || other === undefined ? {} : { shares: [one, other] as const }),
  };
}

function steadyOf(report: ComparableReport): Map<string, Steady> {
  return new Map(report.results.flatMap(({ name, steady }) => (steady ? [[name, steady] as const] : [])));
}

function comparePeaks(before: ComparableReport, after: ComparableReport): PeakDifference[] {
  return before.peaks.flatMap(({ on, precision, gigaflopsPerSecond, interval }) => {
    const other = after.peaks.find((each) => each.on === on && each.precision === precision);
    if (other === undefined) return [];
    const exceeds = isApart(interval, other.interval);
    return [{ on, precision, ratio: other.gigaflopsPerSecond / gigaflopsPerSecond, exceeds }];
  });
}

/** What times depend on beside the variants. */
function conditionsOf({ environment, options, model }: ComparableReport): Record<string, string> {
  const { cpu, gpus, livedream, commit, tensorflow, xlaFlags } = environment;
  const { layer, channels } = model?.objective ?? {};
  return {
    processor: `${cpu.model}, ${cpu.availableCores} cores`,
    gpus: gpus.map(({ name, driver }) => `${name}, driver ${driver}`).join('; ') || 'none',
    livedream: commit === undefined ? livedream : `${livedream}, commit ${commit}`,
    tensorflow: `${tensorflow.version}, ${tensorflow.variant}`,
    'XLA flags': xlaFlags.join(' ') || 'none',
    octaveScale: String(options.octaveScale),
    tileSize: String(options.tileSize),
    normalize: options.normalize,
    threads: String(options.threads),
    model: model === undefined ? 'none' : `${model.name}, ${model.sha256.slice(0, 12)}`,
    objective:
      layer === undefined
        ? 'none'
        : `${layer} ${channels?.map(({ channel, weight }) => `${channel}:${weight}`).join(',') ?? ''}`.trim(),
  };
}

/** Other programs that were measured in both, in different versions. */
function programsOf(before: ComparableReport, after: ComparableReport): BenchComparison['conditions'] {
  return before.results.flatMap(({ name, checked }) => {
    const other = after.results.find((each) => each.name === name)?.checked;
    if (checked === undefined || other === undefined || checked.version === other.version) return [];
    return [{ field: `version of ${name}`, before: checked.version, after: other.version }];
  });
}

/**
 * Which differences between two benchmarks exceed the noise of both.
 * @param before the report of a benchmark that is over, as `bench` yields it last or as JSON has it
 * @param after that of another, perhaps of another version or machine: what is not the same stands in `conditions`
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { type BenchReport, compareBenches } from 'livedream';
 *
 * const read = async (file: string): Promise<BenchReport> => JSON.parse(await readFile(file, 'utf8'));
 * const { differences } = compareBenches(await read('before.json'), await read('after.json'));
 * for (const { name, ratio, verdict } of differences) console.log(name, verdict, ratio);
 * ```
 */
export function compareBenches(before: ComparableReport, after: ComparableReport): BenchComparison {
  const [one, other] = [steadyOf(before), steadyOf(after)];
  const conditions = conditionsOf(after);
  return {
    differences: [...one].flatMap(([name, steady]) => {
      const later = other.get(name);
      return later === undefined ? [] : [differenceOf(name, steady, later)];
    }),
    peaks: comparePeaks(before, after),
    onlyBefore: [...one.keys()].filter((name) => !other.has(name)),
    onlyAfter: [...other.keys()].filter((name) => !one.has(name)),
    conditions: [
      ...Object.entries(conditionsOf(before))
        .map(([field, value]) => ({ field, before: value, after: conditions[field] as string }))
        .filter((each) => each.before !== each.after),
      ...programsOf(before, after),
    ],
  };
}
