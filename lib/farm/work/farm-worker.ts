import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Dreamer } from '../../dreamer.js';
import { LiveDreamError } from '../../errors.js';
import type { ResolvedFarmPlace, ResolvedWorkOptions } from '../../options/farm-options.js';
import { failureText, isPassing } from '../jobs/failure.js';
import { misfit, type Needs, type WorkerFacts } from '../jobs/needs.js';
import { previewBytes } from '../jobs/preview.js';
import type { ServedLive } from '../live/serve-live.js';
import { cancelChannel, previewChannel, QUEUE } from '../names.js';
import { farmPackage } from '../packages.js';
import { connect, leave } from '../redis.js';
import { Registration, workersOf } from '../registry.js';
import type { FarmStore } from '../store/store.js';
import { backoffStrategy } from './backoff.js';
import { flowOf } from './flow.js';
import { readJob, refusal, work } from './process.js';
import { progressOf } from './progress.js';
import { SegmentFailed } from './segment-failed.js';
import type { Work } from './work.js';

type Bull = typeof import('bullmq');

/** Milliseconds until a job that is another worker's comes up again. */
const ASIDE = 500;

/** Milliseconds in which jobs that are given back have to end. */
const LAST = 10_000;

export interface WorkerParts {
  readonly dreamer: Dreamer;
  readonly store: FarmStore;
  readonly facts: WorkerFacts;
  readonly place: ResolvedFarmPlace & { readonly queue: string };
  readonly options: ResolvedWorkOptions;
  readonly onJob: (told: JobTold) => void;
  /** Where it takes live clients; closed with the worker. */
  readonly live?: ServedLive | undefined;
}

/** What a worker says of a job when it is over for it. */
export interface JobTold {
  readonly id: string;
  readonly kind: string;
  readonly ended: 'done' | 'failed' | 'refused' | 'returned' | 'waits';
  readonly milliseconds: number;
  readonly error?: string;
}

/**
 * Takes jobs from the farm's queue, as many at a time as it may, until it is closed. One thread, three connections. `workOnFarm`
 * begins it.
 * @example
 * ```ts
 * import { workOnFarm } from 'livedream/farm';
 *
 * await using worker = await workOnFarm(dreamer, { store: 'dreams' });
 * console.log(worker.facts.id, worker.facts.device);
 * ```
 */
export class FarmWorker implements AsyncDisposable {
  readonly #parts: WorkerParts;
  readonly #bull: Bull;
  readonly #redis: Redis;
  readonly #listener: Redis;
  readonly #queue: Queue;
  readonly #registration: Registration;
  readonly #stop = new AbortController();
  readonly #counts = { active: 0, done: 0, failed: 0 };
  #worker: Worker | undefined;

  private constructor(parts: WorkerParts, bull: Bull, redis: Redis) {
    this.#parts = parts;
    this.#bull = bull;
    this.#redis = redis;
    this.#listener = redis.duplicate();
    this.#queue = new bull.Queue(QUEUE, { connection: redis, prefix: parts.place.namespace });
    this.#queue.on('error', () => undefined);
    this.#registration = new Registration(redis, parts.place.namespace, parts.facts, () => ({
      ...this.#counts,
      liveClients: parts.live?.clients() ?? 0,
    }));
  }

  /**
   * Rejects with ERR_LIVEDREAM_FARM_QUEUE or _FARM_PACKAGE.
   * @internal
   */
  static async begin(parts: WorkerParts): Promise<FarmWorker> {
    const bull = await farmPackage('bullmq');
    const worker = new FarmWorker(parts, bull, await connect(parts.place.queue));
    await worker.#begin();
    return worker;
  }

  get facts(): WorkerFacts {
    return this.#parts.facts;
  }

  /**
   * Takes no more jobs and waits for those that it has; `at once` gives them back, and another worker does them.
   * @example
   * ```ts
   * import { workOnFarm } from 'livedream/farm';
   *
   * const worker = await workOnFarm(dreamer, { store: 'dreams' });
   * await worker.close();
   * ```
   */
  async close(atOnce = false): Promise<void> {
    const live = this.#parts.live?.close();
    const stopping = Promise.all([this.#worker?.close(), live]);
    if (atOnce) this.giveBack();
    // What is given back ends within a step, and can only be said where the server is there.
    await Promise.race([stopping.catch(() => undefined), this.#givenBack()]);
    this.#listener.disconnect();
    await leave(this.#redis, Promise.allSettled([this.#registration.end(), this.#queue.close()]));
  }

  /**
   * Gives back what it has, while `close` waits for it.
   * @example
   * ```ts
   * import { workOnFarm } from 'livedream/farm';
   *
   * const worker = await workOnFarm(dreamer, { store: 'dreams' });
   * const grace = setTimeout(() => worker.giveBack(), 30_000);
   * await worker.close().finally(() => clearTimeout(grace));
   * ```
   */
  giveBack(): void {
    this.#stop.abort();
  }

  /** Resolves so long after it was told to give back what it has. */
  async #givenBack(): Promise<void> {
    const { signal } = this.#stop;
    if (!signal.aborted) await once(signal, 'abort');
    await sleep(LAST, undefined, { ref: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(true);
  }

  async #begin(): Promise<void> {
    const { place, options, facts } = this.#parts;
    const { namespace } = place;
    const { rateLimit, deaths, lockTime, concurrency } = options;
    await this.#registration.begin();
    const worker = new this.#bull.Worker(QUEUE, (job, token, signal) => this.#process(job, token ?? '', signal), {
      connection: this.#redis,
      prefix: namespace,
      name: facts.id,
      concurrency: concurrency ?? facts.concurrency,
      maxStalledCount: deaths,
      lockDuration: lockTime * 1000,
      stalledInterval: lockTime * 1000,
      settings: { backoffStrategy },
      ...(rateLimit === undefined ? {} : { limiter: limiterOf(rateLimit) }),
    });
    // Breaks of the connection, which mend themselves; without a listener they would end the process.
    worker.on('error', () => undefined);
    this.#worker = worker;
    this.#listener.on('error', () => undefined);
    this.#listener.on('message', (_channel, id) => worker.cancelJob(id, 'cancelled'));
    await this.#listener.subscribe(cancelChannel(namespace));
  }

  async #process(job: Job<unknown>, token: string, cancelled: AbortSignal | undefined): Promise<unknown> {
    const { facts, onJob } = this.#parts;
    const began = performance.now();
    const tell = (ended: JobTold['ended'], error?: string): void =>
      onJob({
        id: job.id ?? '',
        kind: job.name,
        ended,
        milliseconds: performance.now() - began,
        ...(error === undefined ? {} : { error }),
      });
    const why = refusal(job, facts);
    if (why !== undefined) {
      tell('refused', why);
      return this.#refuse(job, token, why);
    }
    this.#counts.active += 1;
    try {
      const done = await this.#work(job, token, cancelled);
      this.#counts.done += 1;
      tell('done');
      return done;
    } catch (error) {
      if (error instanceof this.#bull.WaitingChildrenError) {
        tell('waits');
        throw error;
      }
      if (this.#stop.signal.aborted && !cancelled?.aborted) {
        tell('returned');
        await job.moveToWait(token);
        throw new this.#bull.WaitingError();
      }
      this.#counts.failed += 1;
      const text = failureText(error instanceof SegmentFailed ? error.cause : error);
      tell('failed', text);
      throw isPassing(error) && !(error instanceof SegmentFailed) && !cancelled?.aborted
        ? new Error(text)
        : new this.#bull.UnrecoverableError(text);
    } finally {
      this.#counts.active -= 1;
    }
  }

  async #work(job: Job<unknown>, token: string, cancelled: AbortSignal | undefined): Promise<object> {
    const { dreamer, store, facts, options, place } = this.#parts;
    const id = job.id ?? '';
    const signal = AbortSignal.any([this.#stop.signal, ...(cancelled ? [cancelled] : [])]);
    const { pixelLimit } = options;
    const progress = progressOf((told) => job.updateProgress(told));
    const preview: Work['preview'] = (shown) => {
      const channel = previewChannel(place.namespace, id);
      void this.#redis.publish(channel, previewBytes(shown)).catch(() => undefined);
    };
    const flow = flowOf(this.#bull, this.#queue, job, token);
    const hasWorker: Work['hasWorker'] = async (needs) => (await this.#fit(needs)) !== undefined;
    return work(readJob(id, job.data), {
      ...{ id, dreamer, store, facts, pixelLimit, signal },
      ...{ progress, preview, flow, hasWorker },
    });
  }

  /** A worker that lives and could do what needs this. */
  async #fit(needs: Needs): Promise<WorkerFacts | undefined> {
    const workers = await workersOf(this.#redis, this.#parts.place.namespace);
    return workers.find((each) => misfit(needs, each) === undefined);
  }

  /** Lays it aside for a worker that fits, where there is one; else it waits as after a failure, and fails with this at last. */
  async #refuse(job: Job<unknown>, token: string, why: string): Promise<never> {
    const { needs } = job.data as { readonly needs: Needs };
    if (await this.#fit(needs)) {
      await job.moveToDelayed(Date.now() + ASIDE, token);
      throw new this.#bull.DelayedError();
    }
    throw new Error(
      failureText(new LiveDreamError('ERR_LIVEDREAM_FARM_REFUSED', `The job ${why}, as have all others.`)),
    );
  }
}

/** So many a second, or one in so many seconds. */
function limiterOf(rate: number): { readonly max: number; readonly duration: number } {
  return rate >= 1 ? { max: Math.round(rate), duration: 1000 } : { max: 1, duration: Math.round(1000 / rate) };
}
