import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import logUpdate from 'log-update';
import { Farm, type FarmStatus, type SeenJob } from '../farm/index.js';
import { FARM_OPTIONS, type FarmPlace } from '../options/farm-options.js';
import { addFlags, readFlags } from './flags.js';
import { printJson } from './json.js';
import { interruptSignal } from './report.js';
import { table } from './table.js';

/** Milliseconds between two looks. */
const BETWEEN = 1000;

interface Flags {
  readonly json?: boolean;
  readonly once?: boolean;
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function jobsTable(title: string, jobs: readonly SeenJob[]): string {
  if (jobs.length === 0) return '';
  const rows = jobs.map(({ id, kind, fraction, milliseconds, attempts, failure = '' }) => [
    `${kind} ${id.slice(0, 12)}`,
    `${Math.round(fraction * 100)} %`,
    duration(milliseconds),
    attempts,
    failure,
  ]);
  return `\n${table([title, 'DONE', 'FOR', 'STARTS', rows.some((row) => row[4] !== '') ? 'WHY' : ''], rows, 'cut')}`;
}

/** What a farm is at, for a terminal. */
export function statusText({ jobs, oldest, workers, active, films, failed }: FarmStatus): string {
  const waits = jobs.waiting > 0 ? `, the oldest for ${duration(oldest)}` : '';
  const counts = [
    `${jobs.waiting} waiting${waits}`,
    `${jobs.active} active`,
    ...(jobs.films > 0 ? [`${jobs.films} ${jobs.films === 1 ? 'film waits' : 'films wait'} for segments`] : []),
    `${jobs.delayed} delayed`,
    `${jobs.failed} failed`,
    `${jobs.done} done lately`,
  ];
  const now = Date.now();
  const rows = workers.map((each) => [
    each.id.slice(0, 8),
    `${each.host}:${each.pid}`,
    each.device,
    each.model ?? '',
    `${each.livedream} / ${each.tensorflow ?? ''}`,
    `${each.active}/${each.concurrency}`,
    each.done,
    each.failed,
    duration(now - each.since),
  ]);
  const heads = ['WORKER', 'WHERE', 'DEVICE', 'MODEL', 'LIVEDREAM / TF', 'BUSY', 'DONE', 'FAILED', 'FOR'];
  const list = rows.length === 0 ? 'No workers: start some with `livedream farm work`.\n' : table(heads, rows, 'cut');
  const rest = [jobsTable('ACTIVE', active), jobsTable('FILMS', films), jobsTable('FAILED', failed)].join('');
  return `Jobs: ${counts.join(', ')}\n\n${list}${rest}`;
}

async function run(flags: Flags): Promise<void> {
  const place = readFlags({ ...flags }, FARM_OPTIONS) as FarmPlace;
  const live = process.stdout.isTTY && !flags.once && !flags.json;
  await using farm = await Farm.open(place);
  if (flags.json) {
    printJson(await farm.status());
    return;
  }
  if (!live) {
    process.stdout.write(statusText(await farm.status()));
    return;
  }
  const signal = interruptSignal();
  while (!signal.aborted) {
    logUpdate(statusText(await farm.status()));
    await sleep(BETWEEN, undefined, { signal }).catch(() => undefined);
  }
  logUpdate.done();
}

export function registerFarmStatus(farm: Command): void {
  const command = farm
    .command('status')
    .description('show jobs and workers; on a terminal until Ctrl-C')
    .option('--once', 'show them once')
    .option('--json', 'once, as JSON');
  addFlags(command, FARM_OPTIONS);
  command.action(run);
}
