import type { OptionTable, ResolvedOptions } from './description.js';

const MIB = 2 ** 20;

/** The options of `Dreamer.load` that are plain values. */
export const LOAD_OPTIONS = {
  device: {
    kind: 'text',
    default: 'auto',
    list: true,
    pattern: /^(auto|(cpu|gpu)(:\d{1,3})?(,(cpu|gpu)(:\d{1,3})?)*)$/,
    expected: "'auto', 'cpu', 'gpu' or 'gpu:N', or several of the latter with commas between",
    flag: '--device <name>',
    about:
      "Where to dream. 'auto' takes a GPU where there is one; an explicit choice that cannot be had is an error. Several devices share the pictures of one queue; where one fails at a picture, another takes it. 'cpu:N' are the one processor under other names.",
  },
  xla: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', true, false],
    flag: '--xla <mode>',
    about:
      "Compile with XLA, or use TensorFlow's ordinary kernels. 'auto': ordinary on a CPU (faster there), XLA on a GPU.",
  },
  loop: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'native', 'compiled'],
    flag: '--loop <kind>',
    about:
      "Who goes from step to step within an octave: the native engine, a program a step, or a program that XLA compiled of the whole loop, which needs XLA. 'auto': native on a CPU, compiled on a GPU with XLA.",
  },
  precision: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'float32', 'bfloat16', 'float16'],
    flag: '--precision <type>',
    about:
      "The arithmetic of the network; pictures, objectives and steps are float32 in any case. 'bfloat16' takes about half the time on a processor with AMX or AVX512-BF16, and dreams a little differently; 'float16' is for GPUs. 'auto' is 'float32'.",
  },
  memoryLimit: {
    kind: 'integer',
    default: undefined,
    otherwise: "half of the machine's or container's memory; on a GPU 80 % of the card's",
    least: 16 * MIB,
    most: Number.MAX_SAFE_INTEGER,
    unit: 'bytes',
    flag: '--memory-limit <bytes>',
    about: 'A dream that would need more is refused before it starts.',
  },
  gpuMemoryFraction: {
    kind: 'number',
    default: undefined,
    otherwise: 'all that is free',
    least: 0,
    above: true,
    most: 1,
    flag: '--gpu-memory-fraction <x>',
    about:
      "What part of each GPU's memory TensorFlow may take. It takes what it needs, as it needs it, and keeps that. Fixed once in a process, by what first looks for GPUs: a Dreamer, `devices()` or `doctor()`; another part is then refused.",
  },
  programCacheLimit: {
    kind: 'integer',
    default: 512 * MIB,
    least: MIB,
    most: Number.MAX_SAFE_INTEGER,
    unit: 'bytes',
    about: 'What compiled programs may take (estimated); the least recently used picture size is evicted.',
  },
  queueLimit: {
    kind: 'integer',
    default: 64,
    least: 1,
    most: 100_000,
    about: 'How many dreams may wait.',
  },
  threads: {
    kind: 'integer',
    default: 0,
    otherwise: 'one a core',
    least: 0,
    most: 1024,
    about: 'Threads inside one operation on a CPU; TensorFlow fixes it once in a process.',
  },
} as const satisfies OptionTable;

export type ResolvedLoadOptions = ResolvedOptions<typeof LOAD_OPTIONS>;
