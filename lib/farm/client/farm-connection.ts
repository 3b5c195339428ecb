import { setTimeout as after } from 'node:timers/promises';
import type { Job, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { LiveDreamError } from '../../errors.js';
import {
  FARM_OPTIONS,
  type FarmPlace,
  type ResolvedFarmPlace,
  type ResolvedJobOptions,
} from '../../options/farm-options.js';
import { readOptions } from '../../options/read.js';
import { ENVIRONMENT } from '../../runtime/environment.js';
import type { KnownWorker } from '../jobs/known-worker.js';
import { idOf } from '../jobs/picture-job.js';
import type { FarmPreview } from '../jobs/preview.js';
import { alreadyDone, doneKey } from '../jobs/results.js';
import { BACKOFF, cancelChannel, QUEUE } from '../names.js';
import { farmPackage } from '../packages.js';
import { connect, leave } from '../redis.js';
import { workersOf } from '../registry.js';
import { openStore } from '../store/open-store.js';
import type { FarmStore } from '../store/store.js';
import type { Told } from '../work/progress.js';
import { Previews } from './previews.js';
import { Waiting } from './waiting.js';

/** What a farm is where nobody says it. */
const HERE = 'redis://127.0.0.1:6379';
/** Milliseconds that jobs which nobody wants any more may keep the end of a client waiting. */
const TAKING_BACK = 2000;
/** How long, in seconds, Redis keeps what is over, and how much of it. */
const DONE_KEPT = { age: 3600, count: 10_000 } as const;
const FAILED_KEPT = { age: 7 * 24 * 3600, count: 10_000 } as const;

export interface PutIn {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly options: ResolvedJobOptions;
  readonly signal: AbortSignal | undefined;
  readonly onProgress?: ((told: Told) => void) | undefined;
  readonly onPreview?: ((preview: FarmPreview) => void) | undefined;
}

/** Segments of one film that are taken back, at most at work at one time. */
const MOST_SEGMENTS = 1000;

export interface JobListener {
  progress(id: string, told: Told): void;
  done(id: string): void;
}

/** A place with the environment's values where it does not say its own. Throws TypeError or RangeError. */
export function readPlace(given: FarmPlace): ResolvedFarmPlace & { readonly queue: string } {
  const place = readOptions(FARM_OPTIONS, given);
  const queue = place.queue ?? readOptions({ queue: FARM_OPTIONS.queue }, { queue: ENVIRONMENT.queue() ?? HERE }).queue;
  return { ...place, queue: queue as string, store: place.store ?? ENVIRONMENT.store() };
}

/** Whether it could be taken out of the queue. */
function removed(job: Job): Promise<boolean> {
  return job.remove().then(
    () => true,
    () => false,
  );
}

/** A farm as its clients have it: its queue, its store, and who waits for what. Two connections of Redis. */
export class FarmConnection {
  readonly namespace: string;
  readonly store: FarmStore;
  readonly queue: Queue;
  readonly redis: Redis;
  readonly #events: QueueEvents;
  readonly #waiting: Waiting;
  readonly #previews: Previews;
  readonly #takingBack = new Set<Promise<void>>();

  private constructor(namespace: string, parts: { store: FarmStore; queue: Queue; redis: Redis; events: QueueEvents }) {
    this.namespace = namespace;
    this.store = parts.store;
    this.queue = parts.queue;
    this.redis = parts.redis;
    this.#events = parts.events;
    this.#waiting = new Waiting(parts.queue, parts.events);
    this.#previews = new Previews(parts.redis, namespace);
  }

  /** Rejects with ERR_LIVEDREAM_FARM_QUEUE, _FARM_STORE or _FARM_PACKAGE. */
  static async open(given: FarmPlace): Promise<FarmConnection> {
    const { queue: address, store: place, namespace } = readPlace(given);
    const { Queue: BullQueue, QueueEvents: BullEvents } = await farmPackage('bullmq');
    const redis = await connect(address);
    try {
      const store = await openStore(place);
      const common = { connection: redis, prefix: namespace };
      const queue = new BullQueue(QUEUE, common);
      const events = new BullEvents(QUEUE, common);
      queue.on('error', () => undefined);
      events.on('error', () => undefined);
      await events.waitUntilReady();
      return new FarmConnection(namespace, { store, queue, redis, events });
    } catch (error) {
      redis.disconnect();
      throw error;
    }
  }

  /** The workers that live. */
  workers(): Promise<readonly KnownWorker[]> {
    return workersOf(this.redis, this.namespace);
  }

  /** Hears of all jobs of the farm; gives the function that ends it. */
  listen({ progress, done }: JobListener): () => void {
    const onProgress = ({ jobId, data }: { jobId: string; data: unknown }): void => progress(jobId, data as Told);
    const onDone = ({ jobId }: { jobId: string }): void => done(jobId);
    this.#events.on('progress', onProgress);
    this.#events.on('completed', onDone);
    return () => {
      this.#events.off('progress', onProgress);
      this.#events.off('completed', onDone);
    };
  }

  /**
   * What comes of a job: kept from before, or that of an equal one that waits already, or done now. Rejects with what it failed with,
   * or ERR_LIVEDREAM_ABORTED: then it is taken back, unless somebody else here waits for it.
   */
  async result<T>({ name, data, options, signal, onProgress, onPreview }: PutIn): Promise<T> {
    const id = idOf(data);
    const done = await alreadyDone<T>({ store: this.store, id });
    if (done !== undefined) {
      // Not to be cleaned away before the caller has it.
      await this.store.touch(doneKey(id));
      return done;
    }
    const put = (): Promise<unknown> =>
      this.queue.add(name, data, {
        jobId: id,
        priority: options.priority,
        attempts: options.attempts,
        backoff: { type: BACKOFF, delay: options.backoff * 1000 },
        removeOnComplete: DONE_KEPT,
        removeOnFail: FAILED_KEPT,
      });
    const again = (): Promise<unknown> => this.#forgetFailed(id).then(put);
    const left = new AbortController();
    const leaving = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
    const over = this.#waiting.of<T>(id, { signal: leaving, onProgress, again });
    over.catch(() => undefined);
    const unlisten = onPreview && this.#previews.listen(id, onPreview);
    try {
      // A Redis that is away is waited for, but not for longer than the caller waits.
      await Promise.race([again(), over]);
      return await over;
    } catch (error) {
      // It may not even have been put in.
      left.abort();
      if (signal?.aborted && !this.#waiting.has(id)) this.#takesBack(id);
      throw error;
    } finally {
      unlisten?.();
    }
  }

  /** Has a job done anew when it is asked for next: what came of it is not what it was. */
  async forget(data: object): Promise<void> {
    const id = idOf(data);
    await this.store.remove(doneKey(id));
    await this.queue.remove(id);
  }

  async close(): Promise<void> {
    this.#waiting.close(
      new LiveDreamError('ERR_LIVEDREAM_DISPOSED', 'The farm was left.', { repair: 'Open it again.' }),
    );
    // Where Redis is away, nobody is kept for it.
    await Promise.race([Promise.allSettled(this.#takingBack), after(TAKING_BACK, undefined, { ref: false })]);
    this.#previews.close();
    await leave(this.redis, Promise.allSettled([this.#events.close(), this.queue.close()]));
    this.store.close();
  }

  /** One that failed before, or whose result is gone, is to be done anew; one that waits or is at work is to be joined. */
  async #forgetFailed(id: string): Promise<void> {
    const state = await this.queue.getJobState(id);
    if (state === 'failed' || state === 'completed') await this.queue.remove(id);
  }

  /** Nobody waits for that, but `close`. */
  #takesBack(id: string): void {
    const taking = this.#takeBack(id)
      .catch(() => undefined)
      .finally(() => this.#takingBack.delete(taking));
    this.#takingBack.add(taking);
  }

  async #takeBack(id: string): Promise<void> {
    const job = await this.queue.getJob(id);
    if (job === undefined) return;
    // One that has begun is locked by its worker, perhaps since it was looked at.
    if (!(await job.isActive()) && (await removed(job))) return;
    await this.redis.publish(cancelChannel(this.namespace), id);
    // A film waits for what is at work; where that is taken back, it ends by itself.
    const { unprocessed = [] } = await job.getDependencies({ unprocessed: { count: MOST_SEGMENTS } });
    for (const key of unprocessed)
      await this.redis.publish(cancelChannel(this.namespace), key.slice(key.lastIndexOf(':') + 1));
  }
}
