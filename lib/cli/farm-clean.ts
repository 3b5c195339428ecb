import type { Command } from 'commander';
import { Farm } from '../farm/index.js';
import { CLEAN_COMMAND_OPTIONS, CLEAN_OPTIONS, FARM_OPTIONS, type FarmPlace } from '../options/farm-options.js';
import { readOptions } from '../options/read.js';
import { addFlags, readFlags } from './flags.js';
import { printJson } from './json.js';
import { megabytes } from './table.js';

const SECONDS = { h: 3600, d: 86_400 } as const;

interface Flags {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Seconds of a time such as 12h. */
function secondsOf(older: string): number {
  return Number(older.slice(0, -1)) * SECONDS[older.slice(-1) as keyof typeof SECONDS];
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

async function run(flags: Flags): Promise<void> {
  const values = { ...flags };
  const place = readFlags(values, FARM_OPTIONS) as FarmPlace;
  const { older } = readOptions(CLEAN_COMMAND_OPTIONS, readFlags(values, CLEAN_COMMAND_OPTIONS));
  const dryRun = flags.dryRun ?? false;
  const options = readOptions(CLEAN_OPTIONS, { olderThan: secondsOf(older), dryRun });
  await using farm = await Farm.open(place);
  const cleaned = await farm.clean(options);
  if (flags.json) return printJson({ ...cleaned, dryRun });
  const { files, bytes, jobs } = cleaned;
  const what = `${counted(files, 'file')}, ${megabytes(bytes)}, and ${counted(jobs, 'failed job')}`;
  process.stdout.write(`${dryRun ? 'Would remove' : 'Removed'} ${what}.\n`);
}

export function registerFarmClean(farm: Command): void {
  const command = farm
    .command('clean')
    .description('remove what is old from the store, and failed jobs; what waiting jobs need stays');
  addFlags(command, FARM_OPTIONS);
  addFlags(command, CLEAN_OPTIONS);
  addFlags(command, CLEAN_COMMAND_OPTIONS);
  command.option('--json', 'as JSON').action(run);
}
