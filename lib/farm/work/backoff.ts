import type { MinimalJob } from 'bullmq';

/** Milliseconds: many attempts wait for what may be mended in an hour, and not for years. */
const MOST = 300_000;
/** How much of it is chance: jobs that failed together do not come again together. */
const CHANCE = 0.2;

/** Milliseconds until the next attempt: as the job says before the second, before each further one twice as long, up to five minutes. */
export function backoffStrategy(attempts = 1, _type?: string, _error?: Error, job?: MinimalJob): number {
  const { backoff } = Object(job?.opts) as { readonly backoff?: number | { readonly delay?: number } };
  const { delay: first = 0 } = typeof backoff === 'object' ? backoff : { delay: backoff ?? 0 };
  return Math.round(Math.min(first * 2 ** (attempts - 1), MOST) * (1 - CHANCE * Math.random()));
}
