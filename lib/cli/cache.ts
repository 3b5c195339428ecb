import type { Command } from 'commander';
import { type CompileCache, clearCompileCache, compileCache } from '../runtime/compile-cache/compile-cache.js';
import { printJson } from './json.js';
import { megabytes, table } from './table.js';

interface Flags {
  readonly clear?: boolean;
  readonly json?: boolean;
}

function counted(count: number): string {
  return `${count} compiled program${count === 1 ? '' : 's'}`;
}

function describe({ folder, off, bytes, limitBytes, entries }: CompileCache): string {
  const where = folder === undefined ? '' : ` in ${folder}`;
  const amount = `${counted(entries.length)}, ${megabytes(bytes)} of at most ${megabytes(limitBytes)}${where}\n`;
  const notice = off === undefined ? '' : `Nothing is kept now: ${off}.\n`;
  if (entries.length === 0) return `${amount}${notice}`;
  const rows = entries.map(({ bytes: size, lastUsed, description }) => [
    megabytes(size),
    lastUsed.toISOString().slice(0, 16).replace('T', ' '),
    description,
  ]);
  return `${amount}${notice}\n${table(['size', 'last used (UTC)', 'program'], rows, 'cut')}`;
}

async function clear(json: boolean | undefined): Promise<void> {
  const cleared = await clearCompileCache();
  if (json) printJson(cleared);
  else process.stdout.write(`Removed ${counted(cleared.files)}, ${megabytes(cleared.bytes)}.\n`);
}

async function run(flags: Flags): Promise<void> {
  if (flags.clear) return clear(flags.json);
  const cache = await compileCache();
  if (flags.json) printJson(cache);
  else process.stdout.write(describe(cache));
}

export function registerCache(program: Command): void {
  program
    .command('cache')
    .description('show the programs that XLA compiled and that are kept for the next process, or remove them')
    .option('--clear', 'remove them all')
    .option('--json', 'as JSON')
    .action(run);
}
