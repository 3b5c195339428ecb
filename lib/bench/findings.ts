import { median } from 'simple-statistics';
import type { ResolvedBenchOptions } from '../options/bench-options.js';
import type { ColdResult } from './cold-request.js';
import type { BenchEnvironment } from './environment.js';
import {
  BENCH_FORMAT,
  type BenchChecked,
  type BenchModel,
  type BenchPeak,
  type BenchReport,
  type BenchResult,
  type BenchSkipped,
  type BenchSteady,
  type BenchVariant,
} from './report.js';
import { medianInterval, summarize } from './statistics.js';

/** A variant that dreams. */
export interface Runner {
  readonly variant: BenchVariant;
  readonly operations: number;
  readonly cold: ColdResult;
  readonly checked?: BenchChecked;
  /** Milliseconds of each dream of each round. */
  rounds: readonly (readonly number[])[];
}

/** Where the best convolution of a device is measured, in a precision. */
export interface PeakPlace extends Pick<BenchPeak, 'on' | 'precision'> {
  /** Milliseconds of each trial of each round. */
  rounds: readonly (readonly number[])[];
  /** Of a trial. */
  operations: number;
}

/** Operations in so many milliseconds, in billions a second. */
function gigaflops(operations: number, ms: number): number {
  return operations / ms / 1e6;
}

/** By what the device could do in the same rounds; undefined where that is not known. */
function shareOfPeak({ operations, rounds }: Runner, peak: PeakPlace | undefined): number | undefined {
  const shares = rounds.flatMap((round, index) => {
    const trials = peak?.rounds[index];
    if (peak === undefined || trials === undefined) return [];
    return [gigaflops(operations, median([...round])) / gigaflops(peak.operations, median([...trials]))];
  });
  return shares.length === 0 ? undefined : median(shares);
}

function steadyOf(runner: Runner, peak: PeakPlace | undefined): BenchSteady | undefined {
  const { rounds, variant, operations } = runner;
  if (rounds.length === 0) return undefined;
  const measured = summarize(rounds);
  const framesPerSecond = 1000 / measured.median;
  const share = shareOfPeak(runner, peak);
  return {
    ...measured,
    framesPerSecond,
    pixelsPerSecond: framesPerSecond * variant.size.width * variant.size.height,
    gigaflopsPerSecond: gigaflops(operations, measured.median),
    ...(share === undefined ? {} : { shareOfPeak: share }),
  };
}

/** What a benchmark has found out so far. */
export class Findings {
  readonly runners: Runner[] = [];
  readonly peaks: PeakPlace[] = [];
  readonly #skipped: BenchSkipped[] = [];
  readonly #date = new Date().toISOString();
  readonly #environment: BenchEnvironment;
  readonly #options: ResolvedBenchOptions;
  #others: number | undefined;

  constructor(environment: BenchEnvironment, options: ResolvedBenchOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  /** Something of that name cannot be had, or failed: what it was comes out of the results. */
  skip(name: string, { message, code }: { readonly message?: string; readonly code?: string }): void {
    const at = this.runners.findIndex(({ variant }) => variant.name === name);
    if (at >= 0) this.runners.splice(at, 1);
    this.#skipped.push({ name, reason: message ?? '', ...(code === undefined ? {} : { code }) });
  }

  dropPeak(peak: PeakPlace): void {
    this.peaks.splice(this.peaks.indexOf(peak), 1);
  }

  sawOthers(part: number | undefined): void {
    this.#others = part;
  }

  report(complete: boolean): BenchReport {
    const model: BenchModel | undefined = this.runners[0]?.cold.model;
    return {
      ...BENCH_FORMAT,
      date: this.#date,
      complete,
      environment: this.#environment,
      options: this.#options,
      ...(model === undefined ? {} : { model }),
      rounds: this.runners.length === 0 ? 0 : Math.min(...this.runners.map(({ rounds }) => rounds.length)),
      ...(this.#others === undefined ? {} : { others: this.#others }),
      results: this.runners.map((runner) => this.#result(runner)),
      peaks: this.peaks.filter(({ rounds }) => rounds.length > 0).map(peakOf),
      skipped: [...this.#skipped],
    };
  }

  #result(runner: Runner): BenchResult {
    const { variant, operations, cold, checked } = runner;
    const peak = this.peaks.find(({ on, precision }) => on === variant.on && precision === variant.precision);
    const steady = steadyOf(runner, peak);
    return {
      ...variant,
      operations,
      rewrites: cold.rewrites,
      cold: cold.cold,
      ...(checked === undefined ? {} : { checked }),
      ...(steady === undefined ? {} : { steady }),
    };
  }
}

function peakOf({ on, precision, rounds, operations }: PeakPlace): BenchPeak {
  const rates = rounds.map((trials) => gigaflops(operations, median([...trials])));
  return { on, precision, rounds: rates, gigaflopsPerSecond: median(rates), interval: medianInterval(rates) };
}
