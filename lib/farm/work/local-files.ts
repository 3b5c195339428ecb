import type { FramesInput } from '../../video/find-frames.js';
import type { FilmJob } from '../jobs/film-job.js';
import { notStored } from '../store/failed.js';
import type { FarmStore, LocalFile } from '../store/store.js';

/** Files of the store as files of this machine, as long as they are used. */
export class LocalFiles implements AsyncDisposable {
  readonly #store: FarmStore;
  readonly #signal: AbortSignal;
  readonly #files: LocalFile[] = [];

  constructor(store: FarmStore, signal: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
  }

  /** Rejects with ERR_LIVEDREAM_FARM_STORE where it is not there. */
  async get(key: string): Promise<string> {
    const local = await this.#store.local(key, this.#signal);
    if (local === undefined) throw notStored(this.#store, key);
    this.#files.push(local);
    return local.file;
  }

  /** The film, or so many of the pictures from the first that is wanted on. */
  async input({ input }: FilmJob, first = 0, count = input.keys.length): Promise<FramesInput> {
    const [film] = input.keys;
    if (input.kind === 'film') return { kind: 'film', file: await this.get(film as string) };
    const files: string[] = [];
    for (const key of input.keys.slice(first, first + count)) files.push(await this.get(key));
    return { kind: 'pictures', files };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.splice(0)) await file[Symbol.asyncDispose]();
  }
}
