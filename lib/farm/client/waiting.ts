import type { Job, Queue, QueueEvents } from 'bullmq';
import { onAbort } from '../../on-abort.js';
import { failureOf, jobCancelled } from '../jobs/failure.js';
import type { Told } from '../work/progress.js';

/** Milliseconds between looks at jobs that nothing was heard of: an event may be lost with a connection, a job with its Redis. */
const BETWEEN = 5000;
/** Jobs that are looked at side by side. */
const TOGETHER = 32;

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((told: Told) => void) | undefined;
  /** Puts it in again, where Redis has lost it. */
  readonly again: () => Promise<unknown>;
}

/** Tells of jobs when they are over: by the queue's events, and by looking where none came. */
export class Waiting {
  readonly #queue: Queue;
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #timer: NodeJS.Timeout;
  #looking = false;
  #closed: Error | undefined;

  constructor(queue: Queue, events: QueueEvents) {
    this.#queue = queue;
    events.on('completed', ({ jobId, returnvalue }) => this.#done(jobId, returnvalue));
    events.on('failed', ({ jobId, failedReason }) => void this.#failed(jobId, failedReason));
    events.on('progress', ({ jobId, data }) => {
      for (const { onProgress } of this.#waiters.get(jobId) ?? []) onProgress?.(data as Told);
    });
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), BETWEEN);
    this.#timer.unref();
  }

  /** What the job returns. To be called before it is put in: it may be quick. */
  of<T>(
    id: string,
    { signal, ...parts }: Pick<Waiter, 'onProgress' | 'again'> & { readonly signal: AbortSignal | undefined },
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter = {
        ...parts,
        resolve: (value) => leave(() => resolve(value as T)),
        reject: (error) => leave(() => reject(error)),
      };
      let unlisten = (): void => undefined;
      const aborted = (): void => waiter.reject(jobCancelled(signal));
      const leave = (then: () => void): void => {
        unlisten();
        this.#leave(id, waiter);
        then();
      };
      const others = this.#waiters.get(id) ?? new Set<Waiter>();
      this.#waiters.set(id, others.add(waiter));
      if (this.#closed) waiter.reject(this.#closed);
      else if (signal?.aborted) aborted();
      else if (signal) unlisten = onAbort(signal, aborted);
    });
  }

  /** Whether somebody still waits for it. */
  has(id: string): boolean {
    return this.#waiters.has(id);
  }

  close(error: Error): void {
    this.#closed = error;
    clearInterval(this.#timer);
    for (const waiters of this.#waiters.values()) for (const each of [...waiters]) each.reject(error);
  }

  #leave(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
  }

  #done(id: string, value: unknown): void {
    // Events have results as text.
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    for (const each of [...(this.#waiters.get(id) ?? [])]) each.resolve(read);
  }

  async #failed(id: string, reason: string): Promise<void> {
    const error = failureOf(reason);
    const waiters = [...(this.#waiters.get(id) ?? [])];
    // Another client took it back, who did not know that somebody waits for it here.
    if ((error as { readonly code?: string }).code === 'ERR_LIVEDREAM_ABORTED')
      await waiters[0]?.again().catch(() => undefined);
    else for (const each of waiters) each.reject(error);
  }

  /** What nothing was heard of. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const ids = [...this.#waiters.keys()];
      for (let at = 0; at < ids.length; at += TOGETHER)
        await Promise.all(ids.slice(at, at + TOGETHER).map((id) => this.#lookAt(id)));
    } finally {
      this.#looking = false;
    }
  }

  async #lookAt(id: string): Promise<void> {
    // The state first: what is read of a job before it is over does not have its result.
    const state = await this.#queue.getJobState(id);
    if (state === 'unknown') {
      const [first] = this.#waiters.get(id) ?? [];
      await first?.again();
      return;
    }
    if (state !== 'completed' && state !== 'failed') return;
    const job = (await this.#queue.getJob(id)) as Job | undefined;
    if (job === undefined) return;
    if (state === 'completed') this.#done(id, job.returnvalue);
    else await this.#failed(id, job.failedReason);
  }
}
