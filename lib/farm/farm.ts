import type { Dreamer } from '../dreamer.js';
import type { FileOptions } from '../options/encode-options.js';
import {
  CLEAN_OPTIONS,
  type CleanOptions,
  type FarmPlace,
  type JobOptions,
  type ResolvedWorkOptions,
  WORK_OPTIONS,
  type WorkOptions,
} from '../options/farm-options.js';
import { readOptions } from '../options/read.js';
import type { GivenServiceOptions } from '../options/serve-options.js';
import type { PictureInput } from '../picture-input.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import type { FarmDream, FilmAsked, WatchedOptions } from './client/asked.js';
import { cleanFarm } from './client/clean.js';
import { FarmConnection, readPlace } from './client/farm-connection.js';
import { fetchResults, filmOnFarm } from './client/films.js';
import { aboutOf, countAhead, countJobs } from './client/load.js';
import { many, type Outcome } from './client/many.js';
import { type AskedNeeds, completeNeeds } from './client/own-model.js';
import { dreamOnFarm } from './client/pictures.js';
import { statusOf } from './client/status.js';
import type { Cleaned, FarmStatus, JobCounts, ShownProgress } from './client/told.js';
import type { AboutModel } from './jobs/about.js';
import type { FilmDone } from './jobs/film-job.js';
import type { KnownWorker } from './jobs/known-worker.js';
import { readLivePlace } from './live/live-place.js';
import type { ServedLive } from './live/serve-live.js';
import { openStore } from './store/open-store.js';
import { concurrencyOf, factsOf } from './work/facts.js';
import { FarmWorker, type JobTold } from './work/farm-worker.js';

export type FarmDreamOptions = WatchedOptions & {
  /** How it is encoded. */
  readonly file?: FileOptions;
  readonly job?: JobOptions;
  readonly needs?: AskedNeeds;
};

export interface FarmFilmOptions {
  readonly job?: JobOptions;
  readonly needs?: AskedNeeds;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ShownProgress) => void;
}

/** A film that workers made. */
export interface FarmFilm extends FilmDone {
  /** Copies the film, or each of its pictures, from the store to a file of this machine. */
  fetch(fileOf: (place: number) => string, signal?: AbortSignal): Promise<void>;
}

/** Jobs of one `dreamAll` that are in the queue: enough for many workers, and not all of a million. */
const AT_A_TIME = 256;

/**
 * A render farm: jobs in the queue of a Redis, pictures in a store, workers wherever they are.
 * @example
 * ```ts
 * import { Farm } from 'livedream/farm';
 *
 * await using farm = await Farm.open({ store: 'dreams' }); // its queue: LIVEDREAM_QUEUE, or Redis on this machine
 * const { picture, worker, machine } = await farm.dream('photo.jpg', { filter: 'owl' });
 * console.log(picture.length, 'bytes by', worker, 'on', machine);
 * ```
 */
export class Farm implements AsyncDisposable {
  readonly #connection: FarmConnection;

  private constructor(connection: FarmConnection) {
    this.#connection = connection;
  }

  /**
   * Opens a farm for putting jobs in.
   * @param place default: LIVEDREAM_QUEUE or `redis://127.0.0.1:6379`, and LIVEDREAM_STORE, a folder or `s3://bucket/prefix`
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_FARM_QUEUE, _FARM_STORE, _FARM_PACKAGE
   * @example
   * ```ts
   * import { Farm } from 'livedream/farm';
   *
   * const farm = await Farm.open({ store: 'dreams', namespace: 'livedream' });
   * console.log(await farm.jobs());
   * await farm.close();
   * ```
   */
  static async open(place: FarmPlace = {}): Promise<Farm> {
    return new Farm(await FarmConnection.open(place));
  }

  /**
   * Has a picture dreamed by a worker; equal requests are dreamed once.
   * @throws what `dreamer.dream` does; LiveDreamError ERR_LIVEDREAM_FARM_REFUSED where no worker has what it needs, _FARM_JOB where it
   * killed its workers, _FARM_STORE, _ABORTED
   * @example
   * ```ts
   * import { writeFile } from 'node:fs/promises';
   *
   * const { picture } = await farm.dream('photo.jpg', {
   *   filter: 'owl',
   *   file: { format: 'jpeg', quality: 85 },
   *   job: { priority: 10 }, // sooner than those of 100, the default
   *   onProgress: ({ fraction }) => console.log(fraction),
   * });
   * await writeFile('by-a-worker.jpg', picture);
   * ```
   */
  async dream(picture: PictureInput, options: FarmDreamOptions = {}): Promise<FarmDream> {
    const { file = {}, job = {}, needs, ...dream } = options;
    return dreamOnFarm(this.#connection, picture, { options: dream, file, job, needs: await completeNeeds(needs) });
  }

  /**
   * Has many pictures dreamed, and gives each as soon as it is finished, by its place among them; one that cannot be dreamed gives its
   * error. So many are in the queue at a time. Leaving the loop takes back the rest.
   * @throws in the loop: an error of `pictures` itself
   * @example
   * ```ts
   * for await (const { index, value, error } of farm.dreamAll(['photo.jpg', 'painting.jpg'], { filter: 'eyes' }))
   *   console.log(index, value?.bytes ?? error?.message);
   * ```
   */
  dreamAll(
    pictures: Iterable<PictureInput> | AsyncIterable<PictureInput>,
    options: FarmDreamOptions = {},
  ): AsyncGenerator<Outcome<FarmDream>, void, undefined> {
    const { onProgress: _nobody, ...each } = options;
    return many(pictures, AT_A_TIME, (picture, _index, left) =>
      this.dream(picture, { ...each, signal: each.signal ? AbortSignal.any([each.signal, left]) : left }),
    );
  }

  /**
   * Has a film, or pictures, dreamed frame by frame: cut in segments, dreamed by as many workers as there are scenes, and joined with its
   * sound. On equal machines it is, to the byte, what `livedream video` makes on one.
   * @param film `rate` is in frames/s, for pictures that become a film; `segment` is how many frames a job has at most, `start` and
   * `duration` are in seconds, `longestSide` in pixels
   * @returns what came of it; `fetch` brings it here
   * @throws as `livedream video` does, and as `dream` here
   * @example
   * ```ts
   * const film = await farm.film({
   *   input: { kind: 'film', file: 'film.mp4' },
   *   output: { kind: 'film', extension: '.mp4' },
   *   ...{ rate: 25, segment: 48, stream: {} },
   *   dream: { octaves: 2, iterations: 2 },
   * });
   * await film.fetch(() => 'dreamed.mp4');
   * ```
   */
  async film(film: FilmAsked, options: FarmFilmOptions = {}): Promise<FarmFilm> {
    const { job = {}, needs, signal, onProgress } = options;
    const request = { film, job, needs: await completeNeeds(needs), signal, onProgress };
    const done = await filmOnFarm(this.#connection, request);
    return { ...done, fetch: (fileOf, stop) => fetchResults(this.#connection, done, fileOf, stop) };
  }

  /**
   * The workers that live, with what each has done.
   * @example
   * ```ts
   * for (const { id, device, active, done, failed } of await farm.workers())
   *   console.log(id, device, `${active} at work, ${done} done, ${failed} failed`);
   * ```
   */
  workers(): Promise<readonly KnownWorker[]> {
    return this.#connection.workers();
  }

  /**
   * What a worker's model is; undefined where the store has lost it.
   * @throws LiveDreamError ERR_LIVEDREAM_FARM_STORE
   * @example
   * ```ts
   * for (const worker of await farm.workers()) {
   *   const about = await farm.modelOf(worker);
   *   console.log(about?.model, about?.device, Object.keys(about?.filters ?? {}).length, 'filters');
   * }
   * ```
   */
  modelOf(worker: KnownWorker): Promise<AboutModel | undefined> {
    return aboutOf(this.#connection, worker);
  }

  /**
   * Its jobs and workers at this moment; times are in milliseconds.
   * @example
   * ```ts
   * const { jobs, load, oldest, workers } = await farm.status();
   * console.log(`${load} jobs for ${workers.length} workers, ${jobs.waiting} wait, the oldest for ${oldest} ms`);
   * ```
   */
  status(): Promise<FarmStatus> {
    return statusOf(this.#connection);
  }

  /**
   * How many jobs it has.
   * @example
   * ```ts
   * const { waiting, active } = await farm.jobs();
   * if (waiting > 10 * active) console.log('more workers would help');
   * ```
   */
  jobs(): Promise<JobCounts> {
    return countJobs(this.#connection);
  }

  /**
   * How many wait whose turn is no later than that of one that is put in now with this priority, 2000 at most.
   * @param priority the smaller the sooner, as `job.priority`
   * @example
   * ```ts
   * const ahead = await farm.ahead(100);
   * console.log(ahead === 0 ? 'a free worker would begin at once' : `${ahead} jobs come first`);
   * ```
   */
  ahead(priority: number): Promise<number> {
    return countAhead(this.#connection, priority);
  }

  /**
   * Removes what is old from the store, but for what jobs that are not over and living workers need, and failed jobs from Redis.
   * @param options `olderThan` is in seconds, default 604,800, a week, at least 3600
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_FARM_STORE
   * @example
   * ```ts
   * const { files, bytes, jobs } = await farm.clean({ olderThan: 30 * 86_400, dryRun: true });
   * console.log(`${files} files of ${bytes} bytes and ${jobs} jobs would be removed`);
   * ```
   */
  async clean(options: CleanOptions = {}): Promise<Cleaned> {
    const { olderThan, dryRun } = readOptions(CLEAN_OPTIONS, options);
    return cleanFarm(this.#connection, { olderThan: olderThan * 1000, dryRun });
  }

  /**
   * Closes the connection; jobs that were put in are done all the same.
   * @example
   * ```ts
   * import { Farm } from 'livedream/farm';
   *
   * const farm = await Farm.open({ store: 'dreams' });
   * await farm.close(); // or `await using farm = ...`
   * ```
   */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export interface WorkerOptions extends FarmPlace, WorkOptions {
  /** Limits of live clients, and their token. */
  readonly liveOptions?: GivenServiceOptions;
  /** Hears of every job when it is over. */
  readonly onJob?: (told: JobTold) => void;
}

/** Fastify is loaded only where it is asked for. */
async function liveOf(
  dreamer: Dreamer,
  { live }: ResolvedWorkOptions,
  given: GivenServiceOptions = {},
): Promise<ServedLive | undefined> {
  if (live === undefined) return undefined;
  const { serveLive } = await import('./live/serve-live.js');
  return serveLive(dreamer, readLivePlace(live), { token: ENVIRONMENT.token(), ...given });
}

/**
 * Takes jobs of a farm with a Dreamer, which stays the caller's.
 * @throws as `Farm.open` does
 * @example
 * ```ts
 * import { Dreamer } from 'livedream';
 * import { workOnFarm } from 'livedream/farm';
 *
 * await using dreamer = await Dreamer.load();
 * const worker = await workOnFarm(dreamer, {
 *   ...{ store: 'dreams', concurrency: 2 },
 *   onJob: ({ id, ended, milliseconds }) => console.log(id, ended, milliseconds),
 * });
 * await worker.close(); // when it is to end: on SIGTERM, say
 * ```
 */
export async function workOnFarm(dreamer: Dreamer, options: WorkerOptions = {}): Promise<FarmWorker> {
  const { queue, store: place, namespace, onJob = () => undefined, liveOptions, ...rest } = options;
  const work = readOptions(WORK_OPTIONS, rest);
  const read = readPlace({ queue, store: place, namespace });
  const store = await openStore(read.store);
  let live: ServedLive | undefined;
  try {
    live = await liveOf(dreamer, work, liveOptions);
    const concurrency = work.concurrency ?? concurrencyOf(dreamer, work.pixelLimit);
    const facts = await factsOf(dreamer, store, concurrency, live?.address);
    return await FarmWorker.begin({ dreamer, store, facts, place: read, options: work, onJob, live });
  } catch (error) {
    await live?.close();
    store.close();
    throw error;
  }
}
