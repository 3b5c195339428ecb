import { createHash } from 'node:crypto';
import path from 'node:path';
import sharp from 'sharp';
import { onAbort } from '../on-abort.js';
import { nearNames } from '../options/read.js';
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

/** One that is being made, for as many as wait for it. */
interface Making {
  readonly made: Promise<Thumbnails>;
  readonly controller: AbortController;
  waiting: number;
}

/** Thumbnails of the model's filters: small dreams of the sample, each made once when it is first asked for, one at a time. */
export class FilterThumbnails {
  readonly #service: Service;
  readonly #store: ThumbnailStore;
  readonly #made = new Map<string, Thumbnails>();
  readonly #making = new Map<string, Making>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(service: Service) {
    this.#service = service;
    const folder = ENVIRONMENT.thumbnails();
    const { modelSha256 } = service.dreamer;
    this.#store = new ThumbnailStore(folder === undefined ? undefined : path.join(folder, modelSha256));
  }

  /** Rejects with ERR_LIVEDREAM_FILTER_UNKNOWN, as `dream` does, or when the client left. */
  async of(name: string, left: AbortSignal): Promise<Thumbnails> {
    const key = this.#keyOf(name);
    const made = this.#made.get(name);
    if (made) return made;
    const making = this.#making.get(name) ?? this.#begin(name, key);
    making.waiting += 1;
    const leave = (): void => {
      making.waiting -= 1;
      if (making.waiting === 0) this.#giveUp(name, making);
    };
    const unlisten = onAbort(left, leave);
    return making.made.finally(unlisten);
  }

  /** What its pixels hang on. Throws ERR_LIVEDREAM_FILTER_UNKNOWN. */
  #keyOf(name: string): string {
    const { dreamer } = this.#service;
    const filters = dreamer.filters();
    if (!Object.hasOwn(filters, name)) throw unknownFilter(name, Object.keys(filters));
    const facts = [packageVersion(), SIZE, name, filters[name], dreamer.defaultOptions];
    return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
  }

  #begin(name: string, key: string): Making {
    const controller = new AbortController();
    const made = this.#find(name, key, controller.signal);
    const making: Making = { made, controller, waiting: 0 };
    this.#making.set(name, making);
    const end = (): void => {
      if (this.#making.get(name) === making) this.#making.delete(name);
    };
    made
      .then(
        (thumbnails) => this.#made.set(name, thumbnails),
        () => undefined,
      )
      .finally(end);
    return making;
  }

  /** Nobody waits for it any more. */
  #giveUp(name: string, making: Making): void {
    if (this.#making.get(name) === making) this.#making.delete(name);
    making.controller.abort(new Error('nobody waits for this thumbnail'));
  }

  async #find(name: string, key: string, signal: AbortSignal): Promise<Thumbnails> {
    const kept = await this.#store.read(key);
    if (kept) return kept;
    const turn = this.#last.then(() => this.#dream(name, signal));
    this.#last = turn.catch(() => undefined);
    const thumbnails = await turn;
    await this.#store.keep(key, thumbnails);
    return thumbnails;
  }

  async #dream(name: string, signal: AbortSignal): Promise<Thumbnails> {
    const { dreamer, activity, limits } = this.#service;
    await activity.quiet(PATIENCE, signal);
    signal.throwIfAborted();
    const picture = await sample(dreamer.filters()[name]?.layer, dreamer);
    const within = AbortSignal.any([signal, AbortSignal.timeout(limits.timeLimit * 1000)]);
    const dream = await dreamer.dream(picture, { filter: name, signal: within });
    return encoded(dream, SIZE.width);
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
async function sample(
  layer: string | undefined,
  dreamer: Service['dreamer'],
): Promise<{ data: Buffer; width: number; height: number; channels: 3 }> {
  const least = layer === undefined ? 0 : (await dreamer.layer(layer)).leastSize;
  const scale = Math.max(1, least / SIZE.height);
  const [width, height] = [Math.round(SIZE.width * scale), Math.round(SIZE.height * scale)];
  const data = await sharp(SAMPLE_PICTURE).resize(width, height, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  return { data, width, height, channels: 3 };
}
