import { performance } from 'node:perf_hooks';
import { loadAddon } from './binding/addon.js';
import type { NativeAddon, NativeEngine, NativePlan, NativeProgress } from './binding/native.js';
import { hearing, throwIfAborted } from './cancel.js';
import { type Choice, chooseDevice } from './device.js';
import { Dream, type DreamParameters } from './dream.js';
import { LiveDreamError, optionRangeError } from './errors.js';
import { decode } from './image/decode.js';
import { type OwnedPicture, own, type Picture, type PictureInput } from './image/source.js';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from './load-options.js';
import type { Filter } from './model/description.js';
import type { Layer, LayerSummary } from './model/layer.js';
import type { Objective } from './model/objective.js';
import { openModel } from './model/source.js';
import { checkFunction, readSignal } from './options/control.js';
import {
  type DreamOptions,
  type DreamProgress,
  engineOptions,
  type ResolvedDreamOptions,
} from './options/dream-options.js';
import { LOAD_OPTIONS, type ResolvedLoadOptions } from './options/load-options.js';
import { withPresets } from './options/preset.js';
import { readOptions } from './options/read.js';
import { type CheckedDreamOptions, readDreamOptions } from './options/read-dream.js';
import { defaultMemoryLimit } from './plan/memory.js';
import { fractionDone, makePlan, type PlanRequest } from './plan/plan.js';
import { ResidentModel } from './resident-model.js';
import { openRuntime } from './runtime/find/open.js';
import type { Size } from './size.js';
import type { Statistics } from './statistics.js';
import { Admission, type Ticket } from './ticket.js';

/** The gradient of an objective at a picture. */
export interface Gradient {
  readonly width: number;
  readonly height: number;
  /** RGB, interleaved: the objective's change by each value of 0..255. */
  readonly data: Float32Array;
  readonly objective: number;
}

/** What a call was asked for, with what the model says of it. */
interface Request {
  readonly options: ResolvedDreamOptions;
  readonly plan: (picture: Size) => NativePlan;
  readonly objective: Objective;
  readonly filter: string | undefined;
}

interface DreamerParts {
  readonly addon: NativeAddon;
  readonly engine: NativeEngine;
  readonly model: ResidentModel;
  readonly choice: Choice;
  readonly memoryLimit: number;
  readonly queueLimit: number;
}

/** A network resident on a device, ready to dream. Use it for many pictures, several at once if you like: they queue. */
export class Dreamer {
  readonly #engine: NativeEngine;
  readonly #model: ResidentModel;
  readonly #choice: Choice;
  readonly #memoryLimit: number;
  readonly #admission: Admission;
  #disposed = false;

  private constructor(parts: DreamerParts) {
    this.#engine = parts.engine;
    this.#model = parts.model;
    this.#choice = parts.choice;
    this.#memoryLimit = parts.memoryLimit;
    this.#admission = new Admission(parts.addon, parts.queueLimit);
  }

  /**
   * Loads a model onto a device; without options the package's own model on the best device here.
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_ADDON_MISSING, _RUNTIME_*, _MODEL_*,
   * _CHECKSUM, _DEVICE_UNAVAILABLE.
   */
  static async load(options: LoadOptions = {}): Promise<Dreamer> {
    const resolved: ResolvedLoadOptions = readOptions(LOAD_OPTIONS, options, OTHER_LOAD_OPTIONS);
    const { logger } = options;
    const signal = readSignal(options.signal);
    checkFunction('logger', logger);
    throwIfAborted(signal);
    const source = await hearing(signal, openModel(options.model));
    const addon = loadAddon();
    const { library } = await hearing(signal, openRuntime());
    for (const line of library.messages.split('\n')) if (line !== '') logger?.(line);
    const { choice, gpuBytes } = await hearing(signal, chooseDevice(addon, resolved));
    const { queueLimit } = resolved;
    const engine = new addon.Engine({
      device: choice.device,
      programCacheBytes: resolved.programCacheLimit,
      // Calls are counted when they come (Admission); the engine's own queue never refuses one that was let in.
      queueLimit: queueLimit + 1,
      threads: resolved.threads,
    });
    try {
      const model = await hearing(signal, ResidentModel.load(source, addon, engine));
      const memoryLimit = resolved.memoryLimit ?? defaultMemoryLimit(gpuBytes);
      return new Dreamer({ addon, engine, model, choice, memoryLimit, queueLimit });
    } catch (error) {
      const disposed = engine.dispose();
      // An abort is not to wait for an import that cannot be interrupted.
      if (!signal?.aborted) await disposed;
      throw error;
    }
  }

  /** Such as `CPU:0`. */
  get device(): string {
    return this.#choice.device;
  }

  get xla(): boolean {
    return this.#choice.xla;
  }

  /** Why this device and XLA or not. */
  get why(): string {
    return this.#choice.why;
  }

  /** The model's name. */
  get model(): string {
    return this.#model.name;
  }

  /** Every layer that can be dreamed: name, TensorFlow's operation, number of channels. */
  layers(): readonly LayerSummary[] {
    return this.#model.layers;
  }

  /** The model's named filters. */
  filters(): Readonly<Record<string, Filter>> {
    return this.#model.filters;
  }

  /**
   * The names of a layer's channels, by number, such as the classes of a head; empty where the model does not name them.
   * Throws ERR_LIVEDREAM_LAYER_UNKNOWN.
   */
  channelNames(layer: string): readonly string[] {
    return this.#model.channelNames(layer);
  }

  /** Stride, least picture side and memory of a layer. Rejects with ERR_LIVEDREAM_LAYER_UNKNOWN. */
  async layer(name: string): Promise<Layer> {
    this.#check();
    return this.#model.layer(name);
  }

  /**
   * Dreams of a picture.
   * @param picture a path, an encoded picture, a sharp instance, or raw pixels `{ data, width, height, channels }`
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_IMAGE_*, _LAYER_UNKNOWN,
   * _FILTER_UNKNOWN, _CHANNEL_UNKNOWN, _CHANNEL_RANGE, _NOT_FINITE, _OUT_OF_MEMORY, _QUEUE_FULL, _ABORTED, _DISPOSED.
   */
  async dream(picture: PictureInput, options: DreamOptions = {}): Promise<Dream> {
    return this.#admit(options, async (ticket, asked) => {
      const given = own(picture);
      const request = await this.#request(ticket, options, asked);
      const start = performance.now();
      const decoded = await ticket.hear(this.#decode(given, request));
      const decode = performance.now() - start;
      const plan = request.plan(decoded);
      const { onProgress } = asked;
      const report = onProgress && ((progress: NativeProgress) => onProgress(describeProgress(plan, progress)));
      const result = await ticket.native((cancellation) =>
        this.#engine.dream(plan, decoded.data, cancellation, report),
      );
      return new Dream({
        width: decoded.width,
        height: decoded.height,
        data: result.data,
        ...(decoded.alpha ? { alpha: decoded.alpha } : {}),
        objectives: result.objectives,
        parameters: this.#parameters(request, plan, decoded),
        timings: { ...result.timings, decode, queued: ticket.elapsed - decode - result.timings.total },
        choice: this.#choice,
      });
    });
  }

  /** The objective's gradient at the picture, tiled as a dream would be, without jitter; for studying a network. */
  async gradient(picture: PictureInput, options: DreamOptions = {}): Promise<Gradient> {
    return this.#admit({ ...options, octaves: 1 }, async (ticket, asked, checked) => {
      const given = own(picture);
      const request = await this.#request(ticket, checked, asked);
      const { width, height, data } = await ticket.hear(this.#decode(given, request));
      const result = await ticket.native((cancellation) =>
        this.#engine.gradient(request.plan({ width, height }), Float32Array.from(data), cancellation),
      );
      return { width, height, data: result.data, objective: result.objective };
    });
  }

  /** Builds and compiles everything for pictures of these sizes, so that their first dream is as fast as the next. */
  async warmUp(sizes: Size | readonly Size[], options: DreamOptions = {}): Promise<void> {
    const list = (Array.isArray(sizes) ? [...sizes] : [sizes]) as readonly Size[];
    for (const size of list) checkSize(size);
    return this.#admit(options, async (ticket, asked) => {
      const request = await this.#request(ticket, options, asked);
      for (const size of list) {
        await ticket.native((cancellation) => this.#engine.warmUp(request.plan(size), cancellation));
      }
    });
  }

  /** Counters of the engine since it was loaded: imports, uploads, programs built and evicted, steps. */
  statistics(): Statistics {
    return this.#engine.statistics();
  }

  /** Cancels what runs (within a step) and what waits, and frees the network and its programs. May be called again. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#engine.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  get #limits(): Pick<PlanRequest, 'mode' | 'memoryLimit'> {
    return { mode: { xla: this.#choice.xla, stridedRewrite: true }, memoryLimit: this.#memoryLimit };
  }

  #check(): void {
    if (this.#disposed) throw new LiveDreamError('ERR_LIVEDREAM_DISPOSED', 'This Dreamer was disposed of.');
  }

  /** Options are checked and a place is taken before anything else happens, all within the call. */
  async #admit<T>(
    given: DreamOptions,
    work: (ticket: Ticket, asked: CheckedDreamOptions, given: DreamOptions) => Promise<T>,
  ): Promise<T> {
    this.#check();
    const asked = readDreamOptions(given);
    return this.#admission.admit(asked.signal, (ticket) => work(ticket, asked, given));
  }

  async #request(ticket: Ticket, given: DreamOptions, asked: CheckedDreamOptions): Promise<Request> {
    const { objective, filter, presets } = this.#model.resolve(asked.objective);
    const { options } = readDreamOptions(withPresets(given, ...presets));
    const layer = await ticket.hear(this.#model.layer(objective.layer));
    const plan = (picture: Size): NativePlan =>
      makePlan({ picture, options, objective, layer, fewerOctaves: given.octaves === undefined, ...this.#limits });
    return { options, plan, objective, filter };
  }

  async #decode(picture: OwnedPicture, { options, plan }: Request): Promise<Picture> {
    return decode(picture, { size: options.size, page: options.page, check: (size) => void plan(size) });
  }

  #parameters({ options, objective, filter }: Request, plan: NativePlan, { width, height }: Size): DreamParameters {
    const { octaveScale, tileSize } = options;
    return {
      model: this.#model.name,
      modelSha256: this.#model.sha256,
      objective,
      ...(filter === undefined ? {} : { filter }),
      ...engineOptions(options),
      ...{ octaves: plan.octaves.length, octaveScale, tileSize, width, height },
    };
  }
}

function checkSize(size: Size): void {
  for (const name of ['width', 'height'] as const) {
    const side = size?.[name];
    if (!Number.isInteger(side) || side < 1) throw optionRangeError(name, 'a whole number of pixels, at least 1', side);
  }
}

function describeProgress(plan: NativePlan, { octave, iteration, objective }: NativeProgress): DreamProgress {
  const fraction = fractionDone(plan, octave, iteration);
  return { octave, octaves: plan.octaves.length, iteration, iterations: plan.iterations, fraction, objective };
}
