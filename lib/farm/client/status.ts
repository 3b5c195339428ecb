import type { Job } from 'bullmq';
import type { KnownWorker } from '../registry.js';
import type { FarmConnection } from './farm-connection.js';
import { countJobs, type JobCounts } from './load.js';

/** Jobs that are told one by one, of each kind. */
const MOST_TOLD = 20;

/** A job as a watcher sees it. */
export interface SeenJob {
  readonly id: string;
  readonly kind: string;
  /** 0 to 1, as it was told last. */
  readonly fraction: number;
  /** Milliseconds since it was begun, or else since it was put in. */
  readonly milliseconds: number;
  readonly attempts: number;
  /** Why it failed, at its last attempt. */
  readonly failure?: string;
}

/** A farm at one moment. */
export interface FarmStatus {
  readonly jobs: JobCounts & {
    /** Films that wait for their segments. */
    readonly films: number;
    /** Of those that Redis still knows. */
    readonly done: number;
  };
  /** Jobs that wait or are at work: what a farm is scaled by. */
  readonly load: number;
  /** Milliseconds that the oldest job that waits has waited; 0 where none does. */
  readonly oldest: number;
  readonly workers: readonly KnownWorker[];
  readonly active: readonly SeenJob[];
  readonly films: readonly SeenJob[];
  /** The last that failed for good. */
  readonly failed: readonly SeenJob[];
}

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
