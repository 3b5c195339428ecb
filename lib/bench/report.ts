import type { Objective } from '../model/objective.js';
import type { BenchPoint, ResolvedBenchOptions } from '../options/bench-options.js';
import type { BenchEnvironment } from './environment.js';
import type { PeerName } from './peers/catalogue.js';

/** What tells a benchmark's JSON from others, and its form from later ones. */
export const BENCH_FORMAT = { format: 'livedream-bench', version: 1 } as const;

/** A combination that was asked for, with what 'auto' became. */
export interface BenchVariant extends Omit<BenchPoint, 'xla' | 'loop' | 'precision'> {
  /** Such as `480x360 4x10 cpu xla native float32`; the same in every run. */
  readonly name: string;
  /** Such as `CPU:0`. */
  readonly on: string;
  readonly xla: boolean;
  readonly loop: 'native' | 'compiled';
  readonly precision: 'float32' | 'bfloat16' | 'float16';
  /** Which other program it is; left out where it is livedream. */
  readonly peer?: PeerName;
}

/** What the first dream of a process cost, each variant in a process of its own. Milliseconds. */
export interface BenchCold {
  /** Loading the network, TensorFlow's start included. */
  readonly load: number;
  /** The first dream, programs and all; nothing that XLA compiled comes from disk. */
  readonly firstCall: number;
  /** Of it, building and compiling programs; left out of other programs, which do not tell. */
  readonly compile?: number;
  /** The most memory that the process had, in bytes. */
  readonly peakMemoryBytes: number;
  /** The most that it had of a GPU's, as nvidia-smi tells. */
  readonly gpuMemoryBytes?: number;
}

/** What dreams took when everything was compiled. Milliseconds of whole dreams, from the call to its result. */
export interface BenchSteady {
  /** Of each round, of each dream. */
  readonly rounds: readonly (readonly number[])[];
  readonly median: number;
  /** What 95 % of the dreams did not exceed. */
  readonly p95: number;
  /** From the least to the most of the rounds' medians, as a part of the median. */
  readonly spread: number;
  /** Where the median lies by 95 %, by the rounds' medians. */
  readonly interval: readonly [number, number];
  /** Half of that interval, as a part of the median; left out where too few rounds tell. */
  readonly noise?: number;
  /** Whether the median is not known to 2.5 %: another run may then differ by more than 5 %. */
  readonly noisy: boolean;
  readonly framesPerSecond: number;
  /** Of the picture that comes out. */
  readonly pixelsPerSecond: number;
  readonly gigaflopsPerSecond: number;
  /** Of what the device's best convolution did in the same rounds, in the same precision; left out where that failed. */
  readonly shareOfPeak?: number;
}

/** Another program, of which it was seen that it computes what livedream does. */
export interface BenchChecked {
  readonly version: string;
  /** By which part of it its gradient at the picture differs from livedream's. */
  readonly gradientDifference: number;
}

export interface BenchResult extends BenchVariant {
  /** Floating-point operations of a dream: convolutions and matrix products, forward and back. */
  readonly operations: number;
  readonly rewrites: readonly string[];
  readonly cold: BenchCold;
  /** Of another program. */
  readonly checked?: BenchChecked;
  /** Left out until a round has been measured. */
  readonly steady?: BenchSteady;
}

/** A combination that cannot be had, or failed. */
export interface BenchSkipped {
  readonly name: string;
  readonly reason: string;
  /** Of the error, where it has one. */
  readonly code?: string;
}

/** How fast a device's best convolution was in the rounds. */
export interface BenchPeak {
  readonly on: string;
  readonly precision: BenchVariant['precision'];
  /** Billions of floating-point operations a second, of each round. */
  readonly rounds: readonly number[];
  readonly gigaflopsPerSecond: number;
  readonly interval: readonly [number, number];
}

export interface BenchModel {
  readonly name: string;
  readonly sha256: string;
  readonly objective: Objective;
}

/** All that a benchmark found out, so far or in the end; what `--json` writes. */
export interface BenchReport {
  readonly format: typeof BENCH_FORMAT.format;
  readonly version: typeof BENCH_FORMAT.version;
  /** When it began, in ISO 8601. */
  readonly date: string;
  /** Whether it ran to its end. */
  readonly complete: boolean;
  readonly environment: BenchEnvironment;
  readonly options: ResolvedBenchOptions;
  /** Known when the first variant has dreamed. */
  readonly model?: BenchModel;
  /** Rounds that all variants took part in. */
  readonly rounds: number;
  /** The part of the processors that other programs took during the rounds, 0..1; left out where the system does not tell. */
  readonly others?: number;
  readonly results: readonly BenchResult[];
  readonly peaks: readonly BenchPeak[];
  readonly skipped: readonly BenchSkipped[];
}

/** How far a benchmark is. */
export interface BenchUpdate {
  readonly phase: 'preparing' | 'first dreams' | 'loading' | 'rounds';
  /** What was just done: a variant's name, or of a convolution its device. */
  readonly name?: string;
  /** From 0, of `rounds`. */
  readonly round?: number;
  readonly report: BenchReport;
}
