import type { Job } from 'bullmq';
import type { FarmConnection } from './farm-connection.js';
import { countJobs } from './load.js';
import type { FarmStatus, SeenJob } from './told.js';

/** Jobs that are told one by one, of each kind. */
const MOST_TOLD = 20;

function seen(job: Job, now: number): SeenJob {
  const { fraction = 0 } = Object(job.progress) as { readonly fraction?: number };
  const since = job.processedOn ?? job.timestamp;
  return {
    id: job.id ?? '',
    kind: job.name,
    fraction,
    milliseconds: Math.max(0, now - since),
    attempts: job.attemptsStarted,
    ...(job.failedReason ? { failure: job.failedReason } : {}),
  };
}

/** What a farm has, does and has failed at. */
export async function statusOf(farm: FarmConnection): Promise<FarmStatus> {
  const { queue } = farm;
  const [jobs, counts, workers, oldest, active, films, failed] = await Promise.all([
    countJobs(farm),
    queue.getJobCounts('completed', 'waiting-children'),
    farm.workers(),
    queue.getJobs(['waiting', 'prioritized'], 0, 0, true),
    queue.getJobs(['active'], 0, MOST_TOLD - 1),
    queue.getJobs(['waiting-children'], 0, MOST_TOLD - 1),
    queue.getJobs(['failed'], 0, MOST_TOLD - 1),
  ]);
  const now = Date.now();
  const first = oldest.reduce((least, { timestamp }) => Math.min(least, timestamp), now);
  const tell = (list: readonly (Job | undefined)[]): SeenJob[] =>
    list.flatMap((job) => (job === undefined ? [] : [seen(job, now)]));
  return {
    jobs: { ...jobs, films: counts['waiting-children'] ?? 0, done: counts['completed'] ?? 0 },
    load: jobs.waiting + jobs.active,
    oldest: now - first,
    workers,
    active: tell(active),
    films: tell(films),
    failed: tell(failed),
  };
}
