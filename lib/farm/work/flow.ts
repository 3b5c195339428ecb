import type { Job, Queue } from 'bullmq';
import { idOf } from '../jobs/picture-job.js';

/** How a job puts in others, and waits for them. */
export interface Flow {
  /** Puts in a job that a film waits for, whose options it inherits; one that is there already is joined. */
  put(name: string, data: object, film: string): Promise<void>;
  /** Returns where nothing is waited for any more; else throws what BullMQ takes for a job that waits. */
  wait(): Promise<void>;
  /** Why a job failed that this one waited for. */
  failure(): Promise<string | undefined>;
  /** Takes back those that were not begun yet. */
  takeBack(): Promise<void>;
}

/** A job's flow in BullMQ. */
export function flowOf(bull: typeof import('bullmq'), queue: Queue, job: Job<unknown>, token: string): Flow {
  return {
    put: async (name, data, film) => {
      const jobId = idOf(data);
      // What failed, or lost its result, is to be done anew.
      const state = await queue.getJobState(jobId);
      if (state === 'failed' || state === 'completed') await queue.remove(jobId);
      const { priority = 0, attempts = 1, backoff, removeOnComplete, removeOnFail } = job.opts;
      await queue.add(name, data, {
        ...{ jobId, priority, attempts },
        ...(backoff === undefined ? {} : { backoff }),
        ...(removeOnComplete === undefined ? {} : { removeOnComplete }),
        ...(removeOnFail === undefined ? {} : { removeOnFail }),
        parent: { id: film, queue: queue.qualifiedName },
        continueParentOnFailure: true,
      });
    },
    wait: async () => {
      if (await job.moveToWaitingChildren(token)) throw new bull.WaitingChildrenError();
    },
    failure: async () => {
      const failed = await job.getIgnoredChildrenFailures();
      return Object.values(failed)[0];
    },
    takeBack: async () => {
      await job.removeUnprocessedChildren();
    },
  };
}
