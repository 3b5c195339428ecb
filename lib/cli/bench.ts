import type { Command } from 'commander';
import { type BenchOptions, bench } from '../bench/bench.js';
import { peersPython } from '../bench/peers/python.js';
import type { BenchReport } from '../bench/report.js';
import { BENCH_AXES, BENCH_OPTIONS } from '../options/bench-options.js';
import { printComparison } from './bench-compare.js';
import { prepareFiles } from './bench-files.js';
import { type BenchFlags, readBenchFlags } from './bench-flags.js';
import { showLive } from './bench-live.js';
import { SEED_OPTIONS, seedText } from './bench-seed.js';
import { reportText } from './bench-table.js';
import { measureWhole } from './bench-whole.js';
import { fetchFirst } from './consent.js';
import { addFlags } from './flags.js';
import { useOwnFonts } from './fonts.js';
import { addModelFlags } from './model-flags.js';
import { addObjectiveFlags } from './objective-flags.js';
import { interruptSignal, tell } from './report.js';

/** What was measured, also where the measuring was ended: then with what ended it. */
interface Measured {
  readonly report?: BenchReport;
  readonly error?: unknown;
}

async function measure(options: BenchOptions): Promise<Measured> {
  const live = showLive();
  let report: BenchReport | undefined;
  try {
    for await (const update of bench(options)) {
      ({ report } = update);
      live.show(update);
    }
    return report === undefined ? {} : { report };
  } catch (error) {
    return { ...(report === undefined ? {} : { report }), error };
  } finally {
    live.stop();
  }
}

async function run(flags: BenchFlags): Promise<void> {
  if (flags.compare !== undefined) return printComparison(flags);
  if (flags.whole) return measureWhole(flags);
  const options = readBenchFlags(flags, flags.seedTable ? SEED_OPTIONS : {});
  useOwnFonts();
  const write = await prepareFiles(flags);
  const signal = interruptSignal();
  await fetchFirst(options.model, flags.yes, signal);
  if (options.peers !== undefined && options.peers.length > 0) await peersPython(signal, tell);
  const { report, error } = await measure({ ...options, signal });
  if (report !== undefined) {
    process.stdout.write(reportText(report));
    if (flags.seedTable) process.stdout.write(`\n${seedText(report)}`);
    if (report.results.length > 0 || report.complete) await write(report);
    if (report.results.length === 0) process.exitCode = 1;
  }
  // After what was found out until then.
  if (error !== undefined) throw error;
}

export function registerBench(program: Command): void {
  const command = program
    .command('bench')
    .description('measure how fast this machine dreams, in every combination of what is given')
    .option('--json <file>', 'write all that was measured, which --compare reads')
    .option('--csv <file>', 'write a row a variant')
    .option('--plot <file>', 'draw a chart, as SVG or PNG; needs the packages vega and vega-lite')
    .option('--compare <files...>', 'say of two files of --json which differences exceed the noise of both')
    .option('--seed-table', "redo the seed's published dream, and print its seconds beside this machine's")
    .option(
      '--peers [name,...]',
      'measure other programs beside it, in turns: all, or those named; in a clone, where it makes their Python environment (7 GB)',
    )
    .option(
      '--whole',
      "measure whole dreams, from the command to the file, beside TensorFlow Python and PyTorch: the seed's, or what is given",
    )
    .option('--picture <file>', 'what is dreamed of (default: a landscape)');
  command.optionsGroup('What is varied, values with commas between:');
  addFlags(command, BENCH_AXES);
  command.optionsGroup('For all of it:');
  addFlags(command, BENCH_OPTIONS);
  addObjectiveFlags(command);
  addModelFlags(command);
  command.action(run);
}
