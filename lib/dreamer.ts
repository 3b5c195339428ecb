import { performance } from 'node:perf_hooks';
import { loadAddon } from './binding/addon.js';
import type { NativeAddon, NativeInput, NativePlan, NativeProgress, NativeStatistics } from './binding/native.js';
import { withCaller } from './caller.js';
import { chooseDevices } from './device.js';
import { Dream, type DreamAgain, type DreamParameters } from './dream.js';
import { Engines, type Station } from './engines.js';
import { LiveDreamError, optionRangeError } from './errors.js';
import { decode } from './image/decode.js';
import { type OwnedPicture, own, type Picture, type PictureInput } from './image/source.js';
import { withJson } from './json.js';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from './load-options.js';
import type { Filter } from './model/description.js';
import type { Layer, LayerSummary } from './model/layer.js';
import type { Objective } from './model/objective.js';
import { silentWarning } from './model/silent.js';
import { openModel } from './model/source.js';
import { checkFunction, readSignal } from './options/control.js';
import type { DreamOptions, DreamProgress, ResolvedDreamOptions } from './options/dream-options.js';
import { LOAD_OPTIONS, type ResolvedLoadOptions } from './options/load-options.js';
import { withPresets } from './options/preset.js';
import { readOptions } from './options/read.js';
import { type CheckedDreamOptions, readDreamOptions } from './options/read-dream.js';
import { isRecorded, recordOptions, replayed } from './options/recorded.js';
import { fractionDone, makePlan } from './plan/plan.js';
import { ResidentModel } from './resident-model.js';
import { openRuntime } from './runtime/find/open.js';
import type { Size } from './size.js';
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
  readonly layer: Layer;
  /** What else reading the picture has to heed. */
  readonly reading: { readonly mostBytes: number; readonly signal: AbortSignal | undefined };
}

/** One call under way. */
interface Call {
  readonly ticket: Ticket;
  readonly station: Station;
  readonly asked: CheckedDreamOptions;
}

interface DreamerParts {
  readonly addon: NativeAddon;
  readonly engines: Engines;
  readonly model: ResidentModel;
  readonly queueLimit: number;
}

/**
 * A network resident on a device or several, ready to dream. Use it for many pictures, several at once if you like: they
 * queue.
 */
export class Dreamer {
  readonly #engines: Engines;
  readonly #model: ResidentModel;
  readonly #admission: Admission;
  #disposed = false;

  private constructor(parts: DreamerParts) {
    this.#engines = parts.engines;
    this.#model = parts.model;
    this.#admission = new Admission(parts.addon, parts.engines.stations.length, parts.queueLimit);
  }

  /**
   * Loads a model onto a device; without options the package's own model on the best device here.
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_ADDON_MISSING, _RUNTIME_*, _MODEL_*,
   * _CHECKSUM, _DEVICE_UNAVAILABLE.
   */
  static async load(options: LoadOptions = {}): Promise<Dreamer> {
    const resolved: ResolvedLoadOptions = readOptions(LOAD_OPTIONS, options, OTHER_LOAD_OPTIONS);
    const { logger } = options;
    checkFunction('logger', logger);
    return withCaller(readSignal(options.signal), async (caller) => {
      const source = await caller.hear(openModel(options.model));
      const addon = loadAddon();
      const { library } = await caller.hear(openRuntime());
      const log = logger && caller.safely(logger);
      for (const line of library.messages.split('\n')) if (line !== '') log?.(line);
      const chosen = await caller.hear(chooseDevices(addon, resolved));
      const engines = new Engines(addon, chosen, resolved);
      try {
        const model = await caller.hear(ResidentModel.load(source, addon, engines, caller.signal));
        for (const warning of model.warnings) log?.(warning);
        await caller.finish();
        return new Dreamer({ addon, engines, model, queueLimit: resolved.queueLimit });
      } catch (error) {
        const disposed = engines.dispose();
        // What stops the call is not to wait for an import that cannot be interrupted.
        if (!caller.stopped) await disposed;
        throw error;
      }
    });
  }

  /** Such as `CPU:0`, or `GPU:0,GPU:1`. */
  get device(): string {
    return this.#engines.stations.map(({ choice }) => choice.device).join(',');
  }

  /** Whether all of them compile with XLA. */
  get xla(): boolean {
    return this.#engines.stations.every(({ choice }) => choice.xla);
  }

  /** Why these devices and XLA or not. */
  get why(): string {
    return [...new Set(this.#engines.stations.map(({ choice }) => choice.why))].join('; ');
  }

  /** The model's name. */
  get model(): string {
    return this.#model.name;
  }

  /** What the network takes as its picture, found by looking at its graph, and how pictures are prepared for it. */
  get input(): NativeInput {
    return this.#model.input;
  }

  /** What to know before dreaming, such as placeholders that have no value. */
  get warnings(): readonly string[] {
    return this.#model.warnings;
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
   * The same of every layer, much faster than asking about each. Rejects with ERR_LIVEDREAM_ABORTED, or where the size of a layer
   * hangs on the picture's values with ERR_LIVEDREAM_MODEL_UNREADABLE.
   */
  async allLayers({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<readonly Layer[]> {
    this.#check();
    return withCaller(readSignal(signal), (caller) => caller.hear(this.#model.allLayers(caller.signal)));
  }

  /**
   * Dreams of a picture.
   * @param picture a path or `file:` URL; an encoded picture in a Uint8Array, ArrayBuffer, Blob, Node or web stream; a sharp
   * instance; or raw pixels `{ data, width, height, channels }`. Memory is copied at the call; a stream is read when the call
   * has its place in the queue, up to 1 GiB or memoryLimit, and let go of on abort.
   * @param given options, or the parameters of an earlier dream (`dream.parameters`), to make it again
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_IMAGE_*, _LAYER_UNKNOWN,
   * _FILTER_UNKNOWN, _CHANNEL_UNKNOWN, _CHANNEL_RANGE, _NOT_FINITE, _OUT_OF_MEMORY, _QUEUE_FULL, _ABORTED, _DISPOSED.
   */
  async dream(picture: PictureInput, given: DreamOptions | DreamAgain = {}): Promise<Dream> {
    const options = this.#optionsOf(given);
    return this.#admit(options, async ({ ticket, station, asked }) => {
      const owned = own(picture);
      const request = await this.#request(options, { ticket, station, asked });
      const start = performance.now();
      const decoded = await ticket.hear(this.#decode(owned, request));
      const decode = performance.now() - start;
      const plan = request.plan(decoded);
      const { onProgress } = asked;
      const report =
        onProgress && ticket.caller.safely((progress: NativeProgress) => onProgress(describeProgress(plan, progress)));
      const result = await ticket.native((cancellation) =>
        station.engine.dream(plan, decoded.data, cancellation, report),
      );
      return new Dream({
        width: decoded.width,
        height: decoded.height,
        data: result.data,
        ...(decoded.alpha ? { alpha: decoded.alpha } : {}),
        objectives: result.objectives,
        parameters: this.#parameters(request, plan, decoded),
        timings: { ...result.timings, decode, queued: ticket.elapsed - decode - result.timings.total },
        choice: station.choice,
        warnings: result.moved[0] ? [] : [silentWarning(request.objective, request.layer)],
      });
    });
  }

  /** The objective's gradient at the picture, tiled as a dream would be, without jitter; for studying a network. */
  async gradient(picture: PictureInput, options: DreamOptions = {}): Promise<Gradient> {
    const single = { ...options, octaves: 1 };
    return this.#admit(single, async ({ ticket, station, asked }) => {
      const given = own(picture);
      const request = await this.#request(single, { ticket, station, asked });
      const { width, height, data } = await ticket.hear(this.#decode(given, request));
      const result = await ticket.native((cancellation) =>
        station.engine.gradient(request.plan({ width, height }), Float32Array.from(data), cancellation),
      );
      return { width, height, data: result.data, objective: result.objective };
    });
  }

  /**
   * Builds and compiles everything for pictures of these sizes, on every device, so that their first dream is as fast as the
   * next.
   */
  async warmUp(sizes: Size | readonly Size[], options: DreamOptions = {}): Promise<void> {
    const list = (Array.isArray(sizes) ? [...sizes] : [sizes]) as readonly Size[];
    for (const size of list) checkSize(size);
    return this.#admit(options, async ({ ticket, asked }) => {
      const warm = async (station: Station): Promise<void> => {
        const { plan } = await this.#request(options, { ticket, station, asked });
        for (const size of list) await ticket.native((cancellation) => station.engine.warmUp(plan(size), cancellation));
      };
      await Promise.all(this.#engines.stations.map(warm));
    });
  }

  /** Counters of all engines since they were loaded: imports, uploads, programs built and evicted, steps. */
  statistics(): NativeStatistics {
    return this.#engines.statistics();
  }

  /** Cancels what runs (within a step) and what waits, and frees the network and its programs. May be called again. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#engines.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #check(): void {
    if (this.#disposed) throw new LiveDreamError('ERR_LIVEDREAM_DISPOSED', 'This Dreamer was disposed of.');
  }

  /** Options are checked, a place is taken and an engine chosen before anything else happens, all within the call. */
  async #admit<T>(given: DreamOptions, work: (call: Call) => Promise<T>): Promise<T> {
    this.#check();
    const asked = readDreamOptions(given);
    return this.#admission.admit(asked.signal, (ticket) =>
      this.#engines.use((station) => work({ ticket, station, asked })),
    );
  }

  async #request(given: DreamOptions, { ticket, station, asked }: Call): Promise<Request> {
    const { objective, filter, presets } = this.#model.resolve(asked.objective);
    const { options } = readDreamOptions(withPresets(given, ...presets));
    const layer = await ticket.hear(this.#model.layer(objective.layer));
    const fewerOctaves = given.octaves === undefined;
    const mode = { xla: station.choice.xla, stridedRewrite: true };
    const { memoryLimit } = station;
    const plan = (picture: Size): NativePlan =>
      makePlan({ picture, options, objectives: [objective], layer, fewerOctaves, mode, memoryLimit });
    const reading = { mostBytes: memoryLimit, signal: ticket.caller.signal };
    return { options, plan, objective, filter, layer, reading };
  }

  async #decode(picture: OwnedPicture, { options, plan, reading }: Request): Promise<Picture> {
    return decode(picture, { size: options.size, page: options.page, check: (size) => void plan(size), ...reading });
  }

  #parameters({ options, objective, filter }: Request, plan: NativePlan, { width, height }: Size): DreamParameters {
    return withJson({
      model: this.#model.name,
      modelSha256: this.#model.sha256,
      objective,
      ...(filter === undefined ? {} : { filter }),
      ...recordOptions(options),
      // Of the octaves that the picture had: with as many the lists fit.
      ...(typeof options.iterations === 'number' ? {} : { iterations: plan.iterations }),
      ...(typeof options.step === 'number' ? {} : { step: plan.step }),
      ...{ octaves: plan.octaves.length, width, height },
    });
  }

  #optionsOf(given: DreamOptions | DreamAgain): DreamOptions {
    if (!isRecorded(given)) return given;
    const { name, sha256 } = this.#model;
    if (given.modelSha256 === sha256) return replayed(given);
    throw optionRangeError('modelSha256', `that of this Dreamer's model '${name}', ${sha256}`, given.modelSha256);
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
  const iterations = plan.iterations[octave] as number;
  return { octave, octaves: plan.octaves.length, iteration, iterations, fraction, objective };
}
