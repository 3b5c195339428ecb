import { type Command, Option } from 'commander';
import { type CompileCache, clearCompileCache, compileCache } from '../runtime/compile-cache/compile-cache.js';
import { clearMeasuredBatches, type MeasuredBatches, measuredBatches } from '../tuning/measured-batches.js';
import { printJson } from './json.js';
import { megabytes, table } from './table.js';

const KINDS = ['all', 'programs', 'batches'] as const;

interface Flags {
  readonly clear?: (typeof KINDS)[number];
  readonly json?: boolean;
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

const programs = (count: number): string => counted(count, 'compiled program');
const batches = (count: number): string => counted(count, 'measured batch', 'measured batches');

const minuteOf = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ');

function describePrograms({ folder, off, bytes, limitBytes, entries }: CompileCache): string {
  const where = folder === undefined ? '' : ` in ${folder}`;
  const amount = `${programs(entries.length)}, ${megabytes(bytes)} of at most ${megabytes(limitBytes)}${where}\n`;
  const notice = off === undefined ? '' : `Nothing is kept now: ${off}.\n`;
  if (entries.length === 0) return `${amount}${notice}`;
  const rows = entries.map(({ bytes: size, lastUsed, description }) => [
    megabytes(size),
    minuteOf(lastUsed),
    description,
  ]);
  return `${amount}${notice}\n${table(['size', 'last used (UTC)', 'program'], rows, 'cut')}`;
}

function describeBatches({ file, entries }: MeasuredBatches): string {
  if (file === undefined) return 'No measured batches: LIVEDREAM_TUNING is off.\n';
  const amount = `${batches(entries.length)} in ${file}\n`;
  if (entries.length === 0) return amount;
  const rows = entries.map(({ batch, measured, layer, device, pixels, xla, precision }) => {
    const side = Math.round(Math.sqrt(pixels));
    const how = [device, ...(xla ? ['XLA'] : []), precision].join(', ');
    return [batch, minuteOf(measured), `'${layer}', about ${side} x ${side} pixels, ${how}`];
  });
  return `${amount}\n${table(['batch', 'measured (UTC)', 'of'], rows, 'cut')}`;
}

async function clear({ clear: what, json }: Flags): Promise<void> {
  const compiled = what === 'batches' ? undefined : await clearCompileCache();
  const measured = what === 'programs' ? undefined : await clearMeasuredBatches();
  if (json) return printJson({ ...compiled, ...(measured && { batches: measured }) });
  const removed = [
    ...(compiled ? [`${programs(compiled.files)}, ${megabytes(compiled.bytes)}`] : []),
    ...(measured ? [batches(measured.entries)] : []),
  ];
  process.stdout.write(`Removed ${removed.join('; ')}.\n`);
}

async function run(flags: Flags): Promise<void> {
  if (flags.clear !== undefined) return clear(flags);
  const [compiled, measured] = [await compileCache(), await measuredBatches()];
  if (flags.json) printJson({ ...compiled, batches: measured });
  else process.stdout.write(`${describePrograms(compiled)}\n${describeBatches(measured)}`);
}

export function registerCache(program: Command): void {
  const what = 'remove all of it, or only compiled programs or measured batches';
  program
    .command('cache')
    .description(
      'show what is kept for the next process, programs that XLA compiled and measured batches, or remove it',
    )
    .addOption(new Option('--clear [what]', what).choices(KINDS).preset('all'))
    .option('--json', 'as JSON')
    .action(run);
}
