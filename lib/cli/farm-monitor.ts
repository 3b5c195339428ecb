import { once } from 'node:events';
import type { Command } from 'commander';
import { monitorFarm } from '../farm/index.js';
import { FARM_OPTIONS, type FarmPlace } from '../options/farm-options.js';
import { MONITOR_OPTIONS, type MonitorOptions } from '../options/monitor-options.js';
import { addFlags, readFlags } from './flags.js';
import { interruptSignal, tell } from './report.js';

async function run(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const place = readFlags({ ...flags }, FARM_OPTIONS) as FarmPlace;
  const options = readFlags({ ...flags }, MONITOR_OPTIONS) as MonitorOptions;
  const signal = interruptSignal();
  await using monitor = await monitorFarm(place, options);
  tell(`livedream: watching the farm on ${monitor.address}${options.board ? '/board' : '/metrics'}`);
  if (!signal.aborted) await once(signal, 'abort');
}

export function registerFarmMonitor(farm: Command): void {
  const command = farm
    .command('monitor')
    .description(
      'serve metrics of jobs and workers for Prometheus, and a board of jobs, on this machine alone unless --host says otherwise',
    );
  addFlags(command, FARM_OPTIONS);
  addFlags(command, MONITOR_OPTIONS);
  command.action(run);
}
