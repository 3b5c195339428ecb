import type { AboutModel } from '../jobs/about.js';
import type { WorkerFacts } from '../jobs/needs.js';
import { storedJson } from '../store/json.js';
import type { FarmConnection } from './farm-connection.js';
import type { JobCounts } from './told.js';

export async function countJobs({ queue }: FarmConnection): Promise<JobCounts> {
  const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
  return { waiting: waiting + prioritized, active, delayed, failed };
}

/** How many wait whose turn is no later than that of one put in with this priority. */
export async function countAhead({ queue }: FarmConnection, priority: number): Promise<number> {
  const counts = await queue.getCountsPerPriority(Array.from({ length: priority + 1 }, (_, each) => each));
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

/** What a worker knows of its model; undefined where the store has lost it. */
export function aboutOf({ store }: FarmConnection, { about }: WorkerFacts): Promise<AboutModel | undefined> {
  return storedJson<AboutModel>(store, about);
}
