import type { WorkerFacts } from './needs.js';

/** A worker as the farm knows it. */
export interface KnownWorker extends WorkerFacts {
  /** When it was heard of, in milliseconds of the epoch by Redis' own clock. */
  readonly seen: number;
  /** Jobs that it has now, and those that it has done and failed. */
  readonly active: number;
  readonly done: number;
  readonly failed: number;
  /** Live clients that it dreams for now. */
  readonly liveClients: number;
}
