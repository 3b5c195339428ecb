import { createHash } from 'node:crypto';
import path from 'node:path';
import sharp from 'sharp';
import { onAbort } from '../on-abort.js';
import { nearNames } from '../options/read.js';
import type { RawPicture } from '../picture-input.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import { SAMPLE_PICTURE } from '../sample-picture.js';
import { packageVersion } from '../version.js';
import { AbsentError } from './faults.js';
import type { Service } from './service.js';
import { encoded, ThumbnailStore, type Thumbnails } from './thumbnail-store.js';

/** Of the sample, dreamed and shown: a finger's breadth on a phone. */
const SIZE = { width: 192, height: 144 } as const;
/** Milliseconds that a thumbnail waits for the dreams of clients to end; then it takes its place in the queue as they do. */
const PATIENCE = 5000;

/** A filter's, and what its pixels hang on. */
interface Wanted {
  readonly name: string;
  readonly layer: string | undefined;
  /** Its name in the folder of its model. */
  readonly file: string;
  readonly modelSha256: string;
  readonly key: string;
}

/** One that is being made, for as many as wait for it. */
interface Making {
  readonly made: Promise<Thumbnails>;
  readonly controller: AbortController;
  waiting: number;
}

/** Thumbnails of the model's filters: small dreams of the sample, each made once when it is first asked for, one at a time. */
export class FilterThumbnails {
  readonly #service: Service;
  readonly #stores = new Map<string, ThumbnailStore>();
  /** By what their pixels hang on. */
  readonly #made = new Map<string, Thumbnails>();
  readonly #making = new Map<string, Making>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(service: Service) {
    this.#service = service;
  }

  /** Rejects with ERR_LIVEDREAM_FILTER_UNKNOWN, as `dream` does, or when the client left. */
  async of(name: string, left: AbortSignal): Promise<Thumbnails> {
    const wanted = this.#wanted(name);
    const { key } = wanted;
    const made = this.#made.get(key);
    if (made) return made;
    const making = this.#making.get(key) ?? this.#begin(wanted);
    making.waiting += 1;
    const leave = (): void => {
      making.waiting -= 1;
      if (making.waiting === 0) this.#giveUp(key, making);
    };
    const unlisten = onAbort(left, leave);
    return making.made.finally(unlisten);
  }

  /** Throws ERR_LIVEDREAM_FILTER_UNKNOWN. */
  #wanted(name: string): Wanted {
    const { filters, defaultOptions, modelSha256 } = this.#service.performer.model();
    const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (filter === undefined) throw unknownFilter(name, Object.keys(filters));
    const facts = [packageVersion(), SIZE, name, filter, defaultOptions];
    const file = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
    return { name, layer: filter.layer, file, modelSha256, key: `${modelSha256} ${file}` };
  }

  #begin(wanted: Wanted): Making {
    const { key } = wanted;
    const controller = new AbortController();
    const made = this.#find(wanted, controller.signal);
    const making: Making = { made, controller, waiting: 0 };
    this.#making.set(key, making);
    const end = (): void => {
      if (this.#making.get(key) === making) this.#making.delete(key);
    };
    made
      .then(
        (thumbnails) => this.#made.set(key, thumbnails),
        () => undefined,
      )
      .finally(end);
    return making;
  }

  /** Nobody waits for it any more. */
  #giveUp(key: string, making: Making): void {
    if (this.#making.get(key) === making) this.#making.delete(key);
    making.controller.abort(new Error('nobody waits for this thumbnail'));
  }

  async #find(wanted: Wanted, signal: AbortSignal): Promise<Thumbnails> {
    const store = this.#storeOf(wanted);
    const kept = await store.read(wanted.file);
    if (kept) return kept;
    const turn = this.#last.then(() => this.#dream(wanted, signal));
    this.#last = turn.catch(() => undefined);
    const thumbnails = await turn;
    await store.keep(wanted.file, thumbnails);
    return thumbnails;
  }

  #storeOf({ modelSha256 }: Wanted): ThumbnailStore {
    const folder = ENVIRONMENT.thumbnails();
    const store =
      this.#stores.get(modelSha256) ??
      new ThumbnailStore(folder === undefined ? undefined : path.join(folder, modelSha256));
    this.#stores.set(modelSha256, store);
    return store;
  }

  async #dream({ name, layer }: Wanted, signal: AbortSignal): Promise<Thumbnails> {
    const { performer, activity, limits } = this.#service;
    await activity.quiet(PATIENCE, signal);
    signal.throwIfAborted();
    const picture = await sample(layer === undefined ? 0 : await performer.leastSize(layer));
    const within = AbortSignal.any([signal, AbortSignal.timeout(limits.timeLimit * 1000)]);
    return encoded(await performer.pixels(picture, { filter: name }, within), SIZE.width);
  }
}

function unknownFilter(name: string, names: readonly string[]): AbsentError {
  const near = nearNames(name, names);
  const hint = near.length === 0 ? '' : `; near to it: ${near.map((one) => `'${one}'`).join(', ')}`;
  const repair = 'Use one of the names that GET /v1/models lists.';
  const message = `The model has no filter '${name.slice(0, 60)}'${hint}.`;
  return new AbsentError('ERR_LIVEDREAM_FILTER_UNKNOWN', message, { repair });
}

/** The sample's middle, as large as the layer needs it. */
async function sample(least: number): Promise<RawPicture> {
  const scale = Math.max(1, least / SIZE.height);
  const [width, height] = [Math.round(SIZE.width * scale), Math.round(SIZE.height * scale)];
  const data = await sharp(SAMPLE_PICTURE).resize(width, height, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  return { data, width, height, channels: 3 };
}
