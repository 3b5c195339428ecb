import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Dreamer } from '../dreamer.js';
import { previewJpeg } from '../image/preview-jpeg.js';
import type { DreamOptions } from '../options/dream-options.js';
import type { ServiceLimits } from '../options/serve-options.js';
import type { RawPicture } from '../picture-input.js';
import type { Activity } from './activity.js';
import { gauge } from './collected.js';
import { Dreamers, type LoadOther } from './dreamers.js';
import { encodedDream } from './encoded.js';
import { engineMetrics, infoMetric } from './engine-metrics.js';
import { liveRoutes } from './live.js';
import { liveMetrics } from './live-metrics.js';
import type { Asked, Dreamed, Performer, Pixels, ServedModel, Watching } from './performer.js';
import { type Turns, turnsOn } from './turns.js';

type Watched = Pick<DreamOptions, 'onProgress' | 'onPreview' | 'previewInterval'>;

function watched({ onProgress, onPreview, previewInterval }: Watching): Watched {
  const shown: DreamOptions['onPreview'] =
    onPreview &&
    (({ data, width, height, channels: _rgb, ...place }) =>
      onPreview(place, () => previewJpeg({ data, width, height })));
  return { onProgress, onPreview: shown, previewInterval };
}

/** Dreams with a Dreamer of this process. */
export class LocalPerformer implements Performer {
  readonly #dreamer: Dreamer;
  readonly #dreamers: Dreamers;
  readonly #limits: ServiceLimits;
  /** On the devices, for requests and live clients. */
  readonly #turns: Turns;

  constructor(dreamer: Dreamer, otherXla: LoadOther | undefined, limits: ServiceLimits) {
    this.#dreamer = dreamer;
    this.#dreamers = new Dreamers(dreamer, otherXla);
    this.#limits = limits;
    this.#turns = turnsOn(dreamer, limits);
  }

  model(): ServedModel {
    const { model, modelSha256, device, xla, why, defaultOptions } = this.#dreamer;
    const [filters, layers] = [this.#dreamer.filters(), this.#dreamer.layers()];
    const { choices: xlaChoices } = this.#dreamers;
    return { model, modelSha256, device, xla, why, defaultOptions, filters, layers, xlaChoices };
  }

  async ready(): Promise<void> {
    // Rejects where the Dreamer was disposed of.
    const [layer] = this.#dreamer.layers();
    if (layer) await this.#dreamer.layer(layer.name);
  }

  async leastSize(layer: string): Promise<number> {
    return (await this.#dreamer.layer(layer)).leastSize;
  }

  async dream(asked: Asked, signal: AbortSignal, watching: Watching): Promise<Dreamed> {
    const asks = performance.now();
    const dreamer = await this.#dreamers.of(asked.xla);
    const giveBack = await this.#turns.take('dream', signal);
    const waited = performance.now() - asks;
    const options = { ...asked.options, ...watched(watching), signal };
    const dream = await dreamer.dream(asked.picture, options).finally(giveBack);
    const bytes = await encodedDream(dream, asked);
    const { queued, compile, total } = dream.timings;
    return { bytes, dream: dream.toJSON(), spent: { waited: waited + queued, compile, total } };
  }

  pixels(picture: RawPicture, options: DreamOptions, signal: AbortSignal): Promise<Pixels> {
    return this.#dreamer.dream(picture, { ...options, signal });
  }

  measure(registry: Registry, activity: Activity): void {
    const waiting = (): number => this.#turns.waiting('dream');
    gauge(registry, 'livedream_dreams_waiting', 'Dreams of clients that wait for their turn.', waiting);
    const running = (): number => activity.running - waiting();
    gauge(registry, 'livedream_dreams_running', 'Dreams of clients that have it.', running);
    infoMetric(registry, () => this.#dreamer);
    engineMetrics(registry, this.#dreamer);
  }

  async openLive(app: FastifyInstance, registry: Registry): Promise<void> {
    const host = { dreamer: this.#dreamer, limits: this.#limits, turns: this.#turns };
    liveMetrics(registry, await liveRoutes(app, host));
  }

  close(): void {}
}
