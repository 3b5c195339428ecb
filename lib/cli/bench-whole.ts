import { median } from 'simple-statistics';
import type { BenchOptions } from '../bench/bench.js';
import { peersPython } from '../bench/peers/python.js';
import type { WholeReport, WholeResult, WholeUpdate } from '../bench/whole/report.js';
import { benchWhole } from '../bench/whole/whole.js';
import { optionRangeError } from '../errors.js';
import { prepareJson } from './bench-files.js';
import { type BenchFlags, readBenchFlags } from './bench-flags.js';
import { showText } from './bench-live.js';
import { SEED_OPTIONS } from './bench-seed.js';
import { duration, machineLines, noiseLines, percent, skippedLines } from './bench-table.js';
import { fetchFirst } from './consent.js';
import { interruptSignal, tell } from './report.js';
import { megabytes, table } from './table.js';

/** What is of dreams within one process. */
const OTHERS = ['csv', 'plot', 'seedTable', 'peers', 'device', 'xla', 'loop', 'precision'] as const;
/** The flags of a model's description, which `livedream dream` has too. */
const DESCRIPTION = { input: '--input', channelOrder: '--channel-order', mean: '--mean', scale: '--scale' } as const;

const { device: _device, xla: _xla, ...SEED_FOR_WHOLE } = SEED_OPTIONS;

/** What `livedream dream` is told of the model and what is dreamed. */
function modelFlags(flags: BenchFlags, options: BenchOptions): string[] {
  const { model = String(options.model) } = flags;
  const { filter, layer, channel } = options;
  const objective = Object.entries({ filter, layer, channel }).filter(([, value]) => value !== undefined);
  const described = Object.entries(DESCRIPTION).flatMap(([name, flag]) => {
    const value = flags[name];
    return value === undefined ? [] : [flag, String(value)];
  });
  const { threads = 0, normalize = 'none' } = options;
  const plain = ['--normalize', normalize, ...(threads === 0 ? [] : ['--threads', String(threads)])];
  return [
    '--model',
    model,
    ...described,
    ...objective.flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...plain,
  ];
}

function row({ program, checked, cold, warm, peakMemoryBytes }: WholeResult): string[] {
  return [
    checked === undefined ? program : `${program} ${checked.version}`,
    cold.length === 0 ? '' : duration(median([...cold])),
    ...(warm === undefined ? ['', ''] : [duration(warm.median), warm.noise === undefined ? '?' : percent(warm.noise)]),
    peakMemoryBytes === 0 ? '' : megabytes(peakMemoryBytes),
  ];
}

function wholeTable({ results }: WholeReport): string {
  return table(['from command to file', 'cold', 'warm', '±', 'memory'], results.map(row));
}

/** All that is printed in the end. */
export function wholeText(report: WholeReport): string {
  const { dream, results, complete, forgets } = report;
  const { size, octaves, iterations, octaveScale, tileSize } = dream;
  const rounds = results.length === 0 ? 0 : Math.min(...results.map(({ warm }) => warm?.rounds.length ?? 0));
  const measured = results.map(({ warm }) => (warm === undefined ? {} : { steady: warm }));
  const kept = forgets
    ? []
    : ['This system cannot be told to forget files: cold is without what was compiled, no more.'];
  return [
    ...machineLines(report, { threads: 0 }),
    `${size.width} x ${size.height}, ${octaves} octaves of ${iterations} steps, scale ${octaveScale}, tiles of ${tileSize} at most`,
    `${rounds} round${rounds === 1 ? '' : 's'}${complete ? '' : ', not finished'}`,
    '',
    wholeTable(report),
    ...kept,
    ...noiseLines({ ...report, rounds, results: measured }),
    ...skippedLines(report),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function doing({ phase, program, report }: WholeUpdate): string {
  const done = program === undefined ? '' : `; done: ${program}`;
  const what = { preparing: 'comparing gradients', cold: 'cold runs', warm: 'warm runs, in turns' }[phase];
  return `${wholeTable(report)}${what}${done}`;
}

/** Measures whole dreams, from the command to the file: the seed's, where nothing else is said. */
export async function measureWhole(flags: BenchFlags): Promise<void> {
  for (const name of OTHERS)
    if (flags[name] !== undefined) throw optionRangeError(name, 'left out with --whole', flags[name]);
  const options = readBenchFlags(flags, SEED_FOR_WHOLE);
  const write = await prepareJson(flags);
  const signal = interruptSignal();
  await fetchFirst(options.model, flags.yes, signal);
  await peersPython(signal, tell);
  const live = showText(doing);
  let report: WholeReport | undefined;
  try {
    for await (const update of benchWhole({ ...options, signal }, modelFlags(flags, options))) {
      ({ report } = update);
      live.show(update);
    }
  } finally {
    live.stop();
    if (report !== undefined) {
      process.stdout.write(wholeText(report));
      if (report.results.length > 0) await write(report);
    }
  }
  if (report?.results.length === 0) process.exitCode = 1;
}
