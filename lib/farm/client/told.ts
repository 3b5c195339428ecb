import type { KnownWorker } from '../jobs/known-worker.js';

// What clients are told. Nothing here knows BullMQ, whose types a user's program need not have.

/** How many jobs the farm has. */
export interface JobCounts {
  /** That wait for a worker. */
  readonly waiting: number;
  readonly active: number;
  /** That wait for another attempt, or were laid aside. */
  readonly delayed: number;
  /** For good, of those that Redis still knows. */
  readonly failed: number;
}

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

/** How far a film is, over all of its workers. */
export interface ShownProgress {
  readonly phase: 'planning' | 'dreaming' | 'joining';
  /** Of the phase, 0 to 1. */
  readonly fraction: number;
  /** Frames that are finished, of how many; undefined as long as nobody knows. */
  readonly frames: number;
  readonly of: number | undefined;
}

/** What was removed, or would be. */
export interface Cleaned {
  readonly files: number;
  readonly bytes: number;
  /** Failed jobs that Redis had kept. */
  readonly jobs: number;
}
