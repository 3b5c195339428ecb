import { once } from 'node:events';
import type { Command } from 'commander';
import { Dreamer } from '../dreamer.js';
import { type JobTold, workOnFarm } from '../farm/index.js';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from '../load-options.js';
import {
  FARM_OPTIONS,
  type FarmPlace,
  WORK_COMMAND_OPTIONS,
  WORK_OPTIONS,
  type WorkOptions,
} from '../options/farm-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import { fetchFirst } from './consent.js';
import { superviseWorkers } from './farm-supervisor.js';
import { addFlags, readFlags } from './flags.js';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';
import { interruptSignal, printWarnings, tell } from './report.js';

interface Asked {
  readonly place: FarmPlace;
  readonly work: WorkOptions;
  readonly load: LoadOptions;
  readonly grace: number;
}

/** A line for the log: of what went well at the end only its time. */
function line({ id, kind, ended, milliseconds, error }: JobTold): string {
  const time = milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  const name = `${kind} ${id.slice(0, 12)}`;
  return `livedream: ${name} ${ended}${ended === 'refused' ? '' : ` after ${time}`}${error === undefined ? '' : `: ${error}`}`;
}

async function workHere({ place, work, load, grace }: Asked, yes: boolean | undefined): Promise<void> {
  const signal = interruptSignal();
  await fetchFirst(load.model, yes, signal);
  await using dreamer = await Dreamer.load({ ...load, signal });
  printWarnings(dreamer);
  const worker = await workOnFarm(dreamer, { ...place, ...work, onJob: (told) => tell(line(told)) });
  const { model, device, concurrency, id } = worker.facts;
  tell(`livedream: worker ${id.slice(0, 8)} takes jobs for '${model}' on ${device}, ${concurrency} at a time`);
  // Where a supervisor started it: from now on it is worth starting again.
  process.send?.('works');
  if (!signal.aborted) await once(signal, 'abort');
  tell('livedream: takes no more jobs, and ends those that it has');
  const timer = setTimeout(() => worker.giveBack(), grace * 1000);
  await worker.close();
  clearTimeout(timer);
}

async function run(flags: ModelFlags): Promise<void> {
  const values = { ...flags };
  const place = readFlags(values, FARM_OPTIONS) as FarmPlace;
  const work = readFlags(values, WORK_OPTIONS) as WorkOptions;
  const { workers, grace } = readOptions(WORK_COMMAND_OPTIONS, readFlags(values, WORK_COMMAND_OPTIONS));
  const model = readModelFlags(flags);
  const load = { ...readFlags(values, LOAD_OPTIONS), ...(model === undefined ? {} : { model }) } as LoadOptions;
  readOptions(FARM_OPTIONS, place);
  readOptions(WORK_OPTIONS, work);
  const { device } = readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  const devices = device.split(',');
  const count = workers ?? devices.length;
  if (count === 1) return workHere({ place, work, load, grace }, flags.yes);
  await superviseWorkers(Array.from({ length: count }, (_, index) => devices[index % devices.length] as string));
}

export function registerFarmWork(farm: Command): void {
  const command = farm.command('work').description('take jobs from the queue and do them, until Ctrl-C');
  addFlags(command, FARM_OPTIONS);
  addFlags(command, WORK_COMMAND_OPTIONS);
  addFlags(command, WORK_OPTIONS);
  addModelFlags(command);
  addFlags(command, LOAD_OPTIONS);
  command.action(run);
}
