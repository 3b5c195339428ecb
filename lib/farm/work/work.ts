import type { Dreamer } from '../../dreamer.js';
import type { Needs, WorkerFacts } from '../jobs/needs.js';
import type { FarmPreview } from '../jobs/preview.js';
import type { FarmStore } from '../store/store.js';
import type { Flow } from './flow.js';

/** What the work of a job has of its worker. */
export interface Work {
  readonly id: string;
  readonly dreamer: Dreamer;
  readonly store: FarmStore;
  readonly facts: WorkerFacts;
  readonly pixelLimit: number;
  /** The job was taken back, or the worker ends. */
  readonly signal: AbortSignal;
  /** How far it is, 0 to 1, and what it is at. Not everything that is told is passed on. */
  progress(fraction: number, about?: Readonly<Record<string, number>>): void;
  readonly flow: Flow;
  /** Whether a worker lives that could do what needs this. */
  hasWorker(needs: Needs): Promise<boolean>;
  /** What the picture looks like by now, for whoever listens. */
  preview(preview: FarmPreview): void;
}
