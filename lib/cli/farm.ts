import type { Command } from 'commander';
import { registerFarmClean } from './farm-clean.js';
import { registerFarmDream } from './farm-dream.js';
import { registerFarmMonitor } from './farm-monitor.js';
import { registerFarmStatus } from './farm-status.js';
import { registerFarmVideo } from './farm-video.js';
import { registerFarmWork } from './farm-work.js';

export function registerFarm(program: Command): void {
  const farm = program
    .command('farm')
    .description('dream on several machines: jobs in the queue of a Redis, pictures in a store that all see');
  registerFarmWork(farm);
  registerFarmDream(farm);
  registerFarmVideo(farm);
  registerFarmStatus(farm);
  registerFarmMonitor(farm);
  registerFarmClean(farm);
}
