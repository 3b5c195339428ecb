import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import sharp from 'sharp';
import { LiveDreamError, optionRangeError } from '../../errors.js';
import type { AskedNeeds, Farm, FarmDreamOptions } from '../../farm/index.js';
import type { DreamOptions } from '../../options/dream-options.js';
import type { ServiceLimits } from '../../options/serve-options.js';
import type { RawPicture } from '../../picture-input.js';
import type { Activity } from '../activity.js';
import type { Spent } from '../metrics.js';
import type { Asked, Dreamed, Performer, Pixels, ServedModel, Watching } from '../performer.js';
import { Admission } from './admission.js';
import { farmMetrics } from './farm-metrics.js';
import { FarmWatch } from './farm-watch.js';
import { liveGateway } from './live-gateway.js';

/** Before the jobs of `livedream farm`; and what waits for a client is not tried for ever. */
const OF_CLIENTS = { priority: 10, attempts: 2 } as const;
/** Thumbnails, after everything else. */
const OF_SERVICE = { priority: 1000, attempts: 2 } as const;

type Watched = Pick<FarmDreamOptions, 'onProgress' | 'onJpegPreview' | 'previewInterval'>;

function watched({ onProgress, onPreview, previewInterval }: Watching): Watched {
  const shown: Watched['onJpegPreview'] =
    onPreview && (({ jpeg, ...place }) => void onPreview(place, () => Promise.resolve(jpeg)).catch(() => undefined));
  return { onProgress, onJpegPreview: shown, previewInterval };
}

/** What is not ours is what Redis or its connection said. */
function ofFarm(error: unknown): unknown {
  const { name, message } = Object(error) as Partial<Error>;
  if (name !== 'ReplyError' && message !== 'Connection is closed.') return error;
  return new LiveDreamError('ERR_LIVEDREAM_FARM_QUEUE', `The farm's Redis failed: ${message}.`, { cause: error });
}

/** Has the workers of a farm dream. */
export class FarmPerformer implements Performer {
  readonly #farm: Farm;
  readonly #watch: FarmWatch;
  readonly #limits: ServiceLimits;
  readonly #admission: Admission;
  readonly #cancel: AbortSignal | undefined;

  private constructor(farm: Farm, watch: FarmWatch, limits: ServiceLimits, cancel: AbortSignal | undefined) {
    const { waitLimit } = limits;
    const { priority } = OF_CLIENTS;
    this.#farm = farm;
    this.#watch = watch;
    this.#limits = limits;
    this.#cancel = cancel;
    this.#admission = new Admission({ farm, watch, waitLimit, priority });
  }

  /** @param cancel cancels what is under way */
  static async begin(farm: Farm, limits: ServiceLimits, cancel: AbortSignal | undefined): Promise<FarmPerformer> {
    const watch = new FarmWatch(farm);
    await watch.begin();
    return new FarmPerformer(farm, watch, limits, cancel);
  }

  model(): ServedModel {
    const about = this.#watch.about();
    const { model, modelSha256, device, xla, why, defaultOptions, filters, layers } = about;
    const xlaChoices = [...new Set([xla, ...this.#modes()])];
    return { model, modelSha256, device, xla, why, defaultOptions, filters, layers, xlaChoices };
  }

  async ready(): Promise<void> {
    this.#watch.members();
  }

  async leastSize(layer: string): Promise<number> {
    return this.#watch.about().leastSizes[layer] ?? 0;
  }

  async dream(asked: Asked, left: AbortSignal, watching: Watching): Promise<Dreamed> {
    const signal = this.#until(left);
    const needs = this.#needs(asked.xla);
    const { picture, options, format, quality, parameters } = asked;
    const given = { ...options, ...watched(watching), signal, needs };
    const dreamed = { ...given, file: { format, quality, parameters }, job: OF_CLIENTS };
    const began = performance.now();
    try {
      const made = await this.#admission.during(signal, () => this.#farm.dream(picture, dreamed));
      return { bytes: made.picture, dream: made.dream, spent: spentOn(made.dream.timings, performance.now() - began) };
    } catch (error) {
      throw ofFarm(error);
    }
  }

  async pixels(picture: RawPicture, options: DreamOptions, left: AbortSignal): Promise<Pixels> {
    const file = { format: 'png', parameters: false } as const;
    const given = { ...options, signal: this.#until(left), needs: this.#needs(undefined), file, job: OF_SERVICE };
    const made = await this.#farm.dream(picture, given).catch((error: unknown) => {
      throw ofFarm(error);
    });
    const { data, info } = await sharp(made.picture).raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  }

  measure(registry: Registry, activity: Activity): void {
    farmMetrics(registry, this.#watch, activity);
  }

  openLive(app: FastifyInstance, registry: Registry): Promise<void> {
    return liveGateway(app, registry, { watch: this.#watch, limits: this.#limits });
  }

  close(): void {
    this.#watch.end();
  }

  #until(left: AbortSignal): AbortSignal {
    return this.#cancel ? AbortSignal.any([left, this.#cancel]) : left;
  }

  /** What its workers have of XLA. */
  #modes(): readonly boolean[] {
    return (this.#watch.seen()?.members ?? []).map(({ about }) => about.xla);
  }

  /** Of a worker with XLA or without, or of any. Throws a RangeError where none has what is asked for. */
  #needs(xla: boolean | undefined): AskedNeeds {
    const [first] = this.#watch.members();
    const { model, modelSha256, xla: usual } = first?.about ?? this.#watch.about();
    if (xla === undefined) return { model, modelSha256 };
    const fit = this.#watch.members().find(({ about }) => about.xla === xla);
    if (fit) return { model, modelSha256, engine: fit.worker.engine };
    throw optionRangeError('xla', `left out or ${usual} on this service`, xla);
  }
}

/** Undefined where it took less time than the dream: it was there from before. */
function spentOn(timings: Dreamed['dream']['timings'], elapsed: number): Spent | undefined {
  const { decode, compile, total } = timings;
  if (elapsed < total) return undefined;
  return { waited: Math.max(0, elapsed - total - decode), compile, total };
}
