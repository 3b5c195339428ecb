import { optionRangeError, optionTypeError } from '../errors.js';
import type { Size } from '../size.js';
import type { GivenOptions, OptionDescription, OptionTable, ResolvedOptions } from './description.js';
import { DREAM_OPTIONS } from './dream-options.js';
import { LOAD_OPTIONS } from './load-options.js';
import { readArgument, readOptions } from './read.js';

const { octaveScale, tileSize, normalize } = DREAM_OPTIONS;
/** The same in all octaves: a list is of variants. */
const { perOctave: _perOctave, ...iterations } = DREAM_OPTIONS.iterations;
const { threads, memoryLimit } = LOAD_OPTIONS;

/** What holds for the whole benchmark. */
export const BENCH_OPTIONS = {
  rounds: {
    kind: 'integer',
    default: 7,
    least: 1,
    most: 1000,
    flag: '--rounds <n>',
    about: 'In how many rounds all variants take turns. It takes six to tell how noisy the machine is.',
  },
  mostRounds: {
    kind: 'integer',
    default: 21,
    otherwise: '21, or `rounds` where that is more',
    least: 1,
    most: 1000,
    flag: '--most-rounds <n>',
    about: 'How many rounds there may be where the machine is noisy: they go on until each median is known to 2.5 %.',
  },
  octaveScale,
  tileSize,
  normalize,
  threads: { ...threads, flag: '--threads <n>' },
  memoryLimit,
} as const satisfies OptionTable;

/** What a benchmark tries several values of, each of which is one of the option of a dream or of `Dreamer.load`. */
export const BENCH_AXES = {
  size: {
    kind: 'text',
    default: '480x360',
    pattern: /^\d{1,5}x\d{1,5}$/,
    expected: "a width and a height, as '480x360'",
    flag: '--size <WxH,...>',
    about: 'The size that the picture is stretched to.',
  },
  octaves: { ...DREAM_OPTIONS.octaves, flag: '--octaves <n,...>', about: 'How many sizes of it are dreamed.' },
  iterations: { ...iterations, about: 'Gradient-ascent steps in each octave.' },
  device: {
    kind: 'text',
    default: LOAD_OPTIONS.device.default,
    pattern: /^(auto|(cpu|gpu)(:\d{1,3})?)$/,
    expected: "'auto', 'cpu', 'gpu' or 'gpu:N'",
    flag: '--device <name,...>',
    about: 'Where to dream.',
  },
  xla: {
    ...LOAD_OPTIONS.xla,
    otherwise: 'false,true',
    flag: '--xla <mode,...>',
    about: "Compile with XLA, or use TensorFlow's ordinary kernels.",
  },
  loop: { ...LOAD_OPTIONS.loop, flag: '--loop <kind,...>', about: 'Who goes from step to step within an octave.' },
  precision: { ...LOAD_OPTIONS.precision, flag: '--precision <type,...>', about: 'The arithmetic of the network.' },
} as const satisfies OptionTable;

type Axis = Exclude<keyof typeof BENCH_AXES, 'size'>;

/** One value of each axis. */
export interface BenchPoint {
  readonly size: Size;
  readonly octaves: number;
  readonly iterations: number;
  readonly device: string;
  readonly xla: 'auto' | boolean;
  readonly loop: 'auto' | 'native' | 'compiled';
  readonly precision: 'auto' | 'float32' | 'bfloat16' | 'float16';
}

/** One value or several. */
export type Several<T> = T | readonly T[];

/** What a benchmark varies; every combination is a variant. */
export type BenchAxes = {
  /** Of the picture, which is stretched to it; default 480 x 360. */
  readonly size?: Several<Size> | undefined;
} & {
  /** By default what `Dreamer` takes by itself; of `xla` both. */
  readonly [A in Axis]?: Several<BenchPoint[A]> | undefined;
};

export type BenchPlainOptions = GivenOptions<typeof BENCH_OPTIONS>;
export type ResolvedBenchOptions = ResolvedOptions<typeof BENCH_OPTIONS>;
export type ResolvedBenchAxes = { readonly [A in keyof BenchPoint]: readonly BenchPoint[A][] };

export const BENCH_AXIS_NAMES = Object.keys(BENCH_AXES) as readonly (keyof BenchPoint)[];

const DEFAULTS: ResolvedBenchAxes = {
  size: [{ width: 480, height: 360 }],
  octaves: [DREAM_OPTIONS.octaves.default],
  iterations: [DREAM_OPTIONS.iterations.default],
  device: ['auto'],
  xla: [false, true],
  loop: ['auto'],
  precision: ['auto'],
};

const SIDE = { kind: 'integer', default: undefined, least: 8, most: 65_536, unit: 'pixels', about: '' } as const;

function readSize(name: string, value: unknown): Size {
  if (typeof value !== 'object' || value === null) throw optionTypeError(name, 'a size { width, height }', value);
  const { width, height } = value as Partial<Size>;
  return {
    width: readArgument(`${name}.width`, SIDE, width) as number,
    height: readArgument(`${name}.height`, SIDE, height) as number,
  };
}

function readAxis(axis: keyof BenchPoint, given: unknown): readonly unknown[] {
  if (given === undefined) return DEFAULTS[axis];
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (values.length === 0) throw optionRangeError(axis, 'at least one value', given);
  return values.map((value, index) => {
    const name = Array.isArray(given) ? `${axis}[${index}]` : axis;
    return axis === 'size' ? readSize(name, value) : readArgument(name, BENCH_AXES[axis] as OptionDescription, value);
  });
}

/** Throws TypeError or RangeError with a code, naming the option, the value and what is allowed. */
export function readBenchOptions(
  given: BenchPlainOptions & BenchAxes,
  others: readonly string[],
): { readonly plain: ResolvedBenchOptions; readonly axes: ResolvedBenchAxes } {
  const plain = readOptions(BENCH_OPTIONS, given, [...BENCH_AXIS_NAMES, ...others]);
  const axes = Object.fromEntries(BENCH_AXIS_NAMES.map((axis) => [axis, readAxis(axis, given[axis])]));
  return {
    plain: { ...plain, mostRounds: Math.max(plain.rounds, given.mostRounds ?? BENCH_OPTIONS.mostRounds.default) },
    axes: axes as ResolvedBenchAxes,
  };
}
