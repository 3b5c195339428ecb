import type { Duplex } from 'node:stream';
import type { NativeInput, NativeStatistics } from './binding/native.js';
import { withCaller } from './caller.js';
import { Calls } from './calls.js';
import type { Dream, DreamAgain } from './dream.js';
import { checkPictures, DreamAll, type DreamAllOptions, type PictureResult, type Pictures } from './dream-all.js';
import { dreamOne } from './dream-one.js';
import { emitted } from './emitted.js';
import type { Engines, Station } from './engines.js';
import { optionTypeError } from './errors.js';
import { type Gradient, gradientOf } from './gradient.js';
import type { PictureInput } from './image/source.js';
import { type DreamerParts, loadParts } from './load.js';
import type { LoadOptions } from './load-options.js';
import { type MadeBy, madeBy } from './made.js';
import type { Filter } from './model/description.js';
import type { Layer, LayerSummary } from './model/layer.js';
import { operationsOf } from './operations.js';
import { checkFunction, readSignal } from './options/control.js';
import type { DreamOptions } from './options/dream-options.js';
import { refuseTermMasks } from './options/mask-terms.js';
import type { Preset } from './options/preset.js';
import { optionsFor } from './options/recorded.js';
import type { Estimate } from './plan/estimate.js';
import { type Profile, profileOf } from './profile/profile.js';
import { Reading, requestOf } from './request.js';
import type { ResidentModel } from './resident-model.js';
import { type Response, type ResponseOptions, responseOptions, responsesOf } from './responses.js';
import { checkSize, type Size } from './size.js';
import type { DreamStream } from './stream/dream-stream.js';
import type { StreamFrames } from './stream/frame.js';
import { openStream, type StreamOptions, warmUpStream } from './stream/open.js';
import { nodeTransform, type WebTransform, webTransform } from './stream/transform.js';
import { dreamVariations, type SharedOptions, type Variation, type VariedDream } from './variations.js';
import { warmUp } from './warm-up.js';

/**
 * A network resident on a device or several, ready to dream. Use it for many pictures, several at once if you like: they
 * queue.
 * @example
 * ```ts
 * import { Dreamer } from 'livedream';
 *
 * await using dreamer = await Dreamer.load();
 * const dreams = await Promise.all(['photo.jpg', 'painting.jpg'].map((each) => dreamer.dream(each)));
 * console.log(dreamer.device, dreamer.why, dreams.length);
 * ```
 */
export class Dreamer {
  readonly #engines: Engines;
  readonly #model: ResidentModel;
  readonly #calls: Calls;

  private constructor({ model, ...parts }: DreamerParts) {
    this.#engines = parts.engines;
    this.#model = model;
    this.#calls = new Calls(parts);
  }

  /**
   * Loads a model onto a device; without options the package's own model on the best device here.
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_ADDON_MISSING, _RUNTIME_*, _MODEL_*,
   * _CHECKSUM, _DEVICE_UNAVAILABLE.
   * @example
   * ```ts
   * import { Dreamer, LiveDreamError } from 'livedream';
   *
   * try {
   *   await using dreamer = await Dreamer.load({ device: 'gpu', memoryLimit: 4 * 2 ** 30 });
   *   console.log(dreamer.device); // GPU:0
   * } catch (error) {
   *   if (!(error instanceof LiveDreamError) || error.code !== 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE') throw error;
   *   console.log(error.message); // what is missing, and how it is had
   * }
   * ```
   */
  static async load(options: LoadOptions = {}): Promise<Dreamer> {
    return new Dreamer(await loadParts(options));
  }

  /** Such as `CPU:0`, or `GPU:0,GPU:1`. */
  get device(): string {
    return this.#engines.stations.map(({ choice }) => choice.device).join(',');
  }

  /** Whether all of them compile with XLA. */
  get xla(): boolean {
    return this.#engines.stations.every(({ choice }) => choice.xla);
  }

  /** Who goes from step to step within an octave; of several devices that differ each in turn, as `native,compiled`. */
  get loop(): string {
    return [...new Set(this.#engines.stations.map(({ choice }) => choice.loop))].join(',');
  }

  /** Why these devices and XLA or not. */
  get why(): string {
    return [...new Set(this.#engines.stations.map(({ choice }) => choice.why))].join('; ');
  }

  /** What may make another machine's dream another: library, kind of device, XLA, loop, precision. Of several devices the first's. */
  get made(): MadeBy {
    const { choice, tensorflow } = this.#engines.stations[0] as Station;
    return madeBy(choice, tensorflow);
  }

  /** The model's name. */
  get model(): string {
    return this.#model.name;
  }

  /** SHA-256 of the model's graph. */
  get modelSha256(): string {
    return this.#model.sha256;
  }

  /** What the network takes as its picture, found by looking at its graph, and how pictures are prepared for it. */
  get input(): NativeInput {
    return this.#model.input;
  }

  /** What to know before dreaming, such as placeholders that have no value. */
  get warnings(): readonly string[] {
    return this.#model.warnings;
  }

  /**
   * Every layer that can be dreamed: name, TensorFlow's operation, number of channels.
   * @example
   * ```ts
   * const widest = [...dreamer.layers()].sort((one, other) => other.channels - one.channels);
   * console.log(widest.slice(0, 3).map(({ name, channels }) => `${name}: ${channels}`));
   * ```
   */
  layers(): readonly LayerSummary[] {
    return this.#model.layers;
  }

  /** What draws the model's layers best, as its description says; a filter's own options count above it. */
  get defaultOptions(): Preset {
    return this.#model.defaultOptions;
  }

  /**
   * The model's named filters, the user's own among them: what `filter` may be.
   * @example
   * ```ts
   * for (const [name, { layer, channel }] of Object.entries(dreamer.filters())) console.log(name, layer, channel);
   * ```
   */
  filters(): Readonly<Record<string, Filter>> {
    return this.#model.filters;
  }

  /**
   * The names of a layer's channels, by number, such as the classes of a head; empty where the model does not name them.
   * @throws LiveDreamError ERR_LIVEDREAM_LAYER_UNKNOWN
   * @example
   * ```ts
   * const owl = dreamer.channelNames('classes').indexOf('owl');
   * const dream = await dreamer.dream('photo.jpg', { layer: 'classes', channel: owl }); // or channel: 'owl'
   * ```
   */
  channelNames(layer: string): readonly string[] {
    return this.#model.channelNames(layer);
  }

  /**
   * Stride and least picture side, in pixels, and memory, in bytes, of a layer.
   * @throws LiveDreamError ERR_LIVEDREAM_LAYER_UNKNOWN, _DISPOSED
   * @example
   * ```ts
   * const { channels, stride, leastSize } = await dreamer.layer('mixed4d');
   * console.log(`${channels} channels, one value for ${stride} x ${stride} pixels, pictures from ${leastSize} pixels on`);
   * ```
   */
  async layer(name: string): Promise<Layer> {
    this.#calls.check();
    return this.#model.layer(name);
  }

  /**
   * The same of every layer, much faster than asking about each.
   * @throws LiveDreamError ERR_LIVEDREAM_ABORTED, _DISPOSED; ERR_LIVEDREAM_MODEL_UNREADABLE where the size of a layer hangs on the
   * picture's values
   * @example
   * ```ts
   * const layers = await dreamer.allLayers({ signal: AbortSignal.timeout(60_000) });
   * const small = layers.filter(({ leastSize }) => leastSize <= 64).map(({ name }) => name);
   * ```
   */
  async allLayers({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<readonly Layer[]> {
    this.#calls.check();
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
   * @example
   * ```ts
   * const dream = await dreamer.dream('photo.jpg', {
   *   filter: 'owl',
   *   octaves: 3,
   *   seed: 7n,
   *   onProgress: ({ fraction }) => console.log(`${Math.round(100 * fraction)} %`),
   * });
   * const again = await dreamer.dream('photo.jpg', dream.parameters); // the same bytes
   * ```
   */
  async dream(picture: PictureInput, given: DreamOptions | DreamAgain = {}): Promise<Dream> {
    const options = optionsFor(this.#model, given);
    return this.#calls.withPicture(picture, options, async (call, reading) =>
      dreamOne(await requestOf(this.#model, options, call), call, reading),
    );
  }

  /**
   * Dreams of many pictures alike, and gives each as soon as it is finished, or with `inOrder` in their order. Small ones of one
   * size are dreamed side by side, on all devices; what one device fails at another takes. A picture that cannot be dreamed gives its `error` in the place of a `dream`, and the
   * others go on. Takes one place in the queue, and reads little further ahead than its dreams are taken. Leaving the loop
   * cancels the rest.
   * @param pictures anything to loop over of what `dream` takes; memory is copied when the picture's turn comes
   * @throws what is no picture's fault, in the loop: wrong options, an abort, an error of `pictures` itself, after the dreams
   * of those before.
   * @example
   * ```ts
   * for await (const { source, dream, error } of dreamer.dreamAll(['photo.jpg', 'painting.jpg'], { filter: 'owl' })) {
   *   if (error) console.log(source, error.message);
   *   else await dream.toFile(`dreamed-${source}`);
   * }
   * ```
   */
  dreamAll<P extends PictureInput>(
    pictures: Pictures<P>,
    given: DreamAllOptions = {},
  ): AsyncGenerator<PictureResult<P>, void, undefined> {
    this.#calls.check();
    checkPictures(pictures);
    const { onProgress, inOrder = false, ...rest } = given;
    checkFunction('onProgress', onProgress);
    if (typeof inOrder !== 'boolean') throw optionTypeError('inOrder', 'true or false', inOrder);
    const options = optionsFor(this.#model, rest);
    const [model, engines] = [this.#model, this.#engines];
    return emitted(readSignal(options.signal), (emit, signal) =>
      this.#calls.admit({ ...options, signal }, (admitted) =>
        new DreamAll({ call: admitted, model, engines, pictures, options, inOrder, onProgress, emit }).run(),
      ),
    );
  }

  /**
   * Dreams of one picture in many ways, such as every filter or channel, each as soon as it is finished; a contact sheet is made
   * of it. Those of one layer and the same steps are one batch, which is faster. Leaving the loop cancels the rest.
   * @param variations what each is to be: a filter, a layer, channels, octaves, steps
   * @param shared what they have in common: options below theirs, a signal, and a function for the progress of all
   * @throws what `dream` does, in the loop, after the dreams that were finished before.
   * @example
   * ```ts
   * const filters = ['owl', 'eyes', 'galaxy'];
   * const variations = filters.map((filter) => ({ filter }));
   * for await (const { index, dream } of dreamer.variations('photo.jpg', variations, { octaves: 2 }))
   *   await dream.toFile(`${filters[index]}.png`);
   * ```
   */
  variations(
    picture: PictureInput,
    variations: readonly Variation[],
    shared: SharedOptions = {},
  ): AsyncGenerator<VariedDream, void, undefined> {
    this.#calls.check();
    const reading = new Reading(picture);
    const { onProgress, ...common } = shared;
    checkFunction('onProgress', onProgress);
    const work = { model: this.#model, reading, variations, given: new Set<number>() };
    return emitted(readSignal(shared.signal), (emit, signal) =>
      this.#calls.onDevice({ ...common, signal }, (call) =>
        dreamVariations({ ...work, call, shared: { ...shared, signal }, emit }),
      ),
    );
  }

  /**
   * Dreams of frames that follow each other, such as those of a camera or a film, in their order: each begins with the dream of
   * the one before, moved along with what is seen, so that the dream does not flicker.
   * @param frames anything to loop over of pictures, or of `{ picture, options, tag }`: the options hold from that frame on
   * @param given what `dream` takes, and how frames hang together: docs/options.md
   * @returns frames with what is known of each; taken no faster than they are looped over, leaving the loop ends the stream
   * @throws in the loop: wrong options, an abort, an error of `frames` itself or of a frame that cannot be dreamed
   * @example
   * ```ts
   * const frames = ['frame-1.jpg', 'frame-2.jpg', 'frame-3.jpg'].map((picture, number) => ({ picture, tag: number }));
   * for await (const frame of dreamer.stream(frames, { preset: 'live' }))
   *   console.log(frame.tag, frame.carry, (await frame.toBuffer('jpeg')).length);
   * ```
   */
  stream<T = unknown>(frames: StreamFrames<T>, given: StreamOptions = {}): DreamStream<T> {
    this.#calls.check();
    return openStream({ calls: this.#calls, model: this.#model, frames, given });
  }

  /**
   * `stream` as a Node stream of objects: frames are written, dreamed frames (`StreamedFrame`) read. What `stream` throws destroys it.
   * @throws LiveDreamError ERR_LIVEDREAM_DISPOSED; what `stream` throws destroys the stream, as its `error`
   * @example
   * ```ts
   * import { Readable } from 'node:stream';
   *
   * const dreams = Readable.from(['frame-1.jpg', 'frame-2.jpg']).pipe(dreamer.streamTransform({ preset: 'live' }));
   * for await (const frame of dreams) await frame.toFile(`dreamed-${frame.index}.png`);
   * ```
   */
  streamTransform(options: StreamOptions = {}): Duplex {
    return nodeTransform((frames) => this.stream(frames, options));
  }

  /**
   * `stream` as a pair of web streams, for `pipeThrough`: frames are written, dreamed frames read.
   * @throws LiveDreamError ERR_LIVEDREAM_DISPOSED; what `stream` throws is what the readable one errors with
   * @example
   * ```ts
   * const { writable, readable } = dreamer.webStreamTransform({ preset: 'live' });
   * const writer = writable.getWriter();
   * const written = writer.write('frame-1.jpg').then(() => writer.close());
   * for await (const frame of readable) await frame.toFile('dreamed.png');
   * await written;
   * ```
   */
  webStreamTransform<T = unknown>(options: StreamOptions = {}): WebTransform<T> {
    return webTransform<T>((frames) => this.stream(frames, options));
  }

  /**
   * Builds and compiles everything that streams of frames of these sizes need, on every device; with `targetFps` also for all that
   * may be dreamed of a frame then. Nothing is compiled later, as long as layer and octaves stay.
   * @param sizes width and height of frames, in pixels
   * @throws as `warmUp` does
   * @example
   * ```ts
   * await dreamer.warmUpStream({ width: 96, height: 64 }, { preset: 'live', targetFps: 10 });
   * for await (const frame of dreamer.stream(['frame-1.jpg'], { preset: 'live', targetFps: 10 }))
   *   console.log(frame.timings.compile); // 0
   * ```
   */
  async warmUpStream(sizes: Size | readonly Size[], options: StreamOptions = {}): Promise<void> {
    this.#calls.check();
    const list = (Array.isArray(sizes) ? sizes : [sizes]) as readonly Size[];
    return warmUpStream({ calls: this.#calls, engines: this.#engines, model: this.#model }, list, options);
  }

  /**
   * What the channels of a layer answer to a picture, before any dream: which of them see something in it.
   * @param given `size` is the longest side that the picture is brought to: from 8 to 512 pixels, default 224, as most networks were
   * trained on
   * @returns one for each channel, by its number
   * @throws as `dream` does
   * @example
   * ```ts
   * const names = dreamer.channelNames('classes');
   * const responses = await dreamer.responses('classes', 'photo.jpg');
   * const first = [...responses].sort((one, other) => other.mean - one.mean).slice(0, 5);
   * console.log(first.map(({ channel, mean }) => `${names[channel]}: ${mean.toFixed(2)}`));
   * ```
   */
  async responses(layer: string, picture: PictureInput, given: ResponseOptions = {}): Promise<Response[]> {
    const options = responseOptions(layer, given);
    return this.#calls.withPicture(picture, options, async (call, reading) =>
      responsesOf(await requestOf(this.#model, options, call), call, reading),
    );
  }

  /**
   * The objective's gradient at the picture, tiled as a dream would be, without jitter; for studying a network. A float for each value of
   * its pixels: how the objective changes where that grows by one of 255.
   * @throws a RangeError for an objective with masks; else as `dream` does
   * @example
   * ```ts
   * const { width, height, data, objective } = await dreamer.gradient('photo.jpg', { layer: 'mixed4d' });
   * const steepest = data.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
   * console.log(`${width} x ${height} x 3 values, at most ${steepest}, of ${objective}`);
   * ```
   */
  async gradient(picture: PictureInput, options: DreamOptions = {}): Promise<Gradient> {
    const single = { ...options, octaves: 1 };
    return this.#calls.withPicture(picture, single, async (call, reading) => {
      refuseTermMasks(call.asked.objective, 'a gradient, which is of the whole picture');
      return gradientOf(await requestOf(this.#model, single, call), call, reading);
    });
  }

  /**
   * Where a dream's time goes: dreams as `dream` would, by ordinary kernels, with the time of every operation of every step; the
   * dream itself is given up. A profile for looking at is made of it by `traceFile`.
   * @throws a RangeError of `xla` on a Dreamer that computes with XLA, whose programs have no operations; else as `dream` does
   * @example
   * ```ts
   * const { steps, milliseconds, operations } = await dreamer.profile('photo.jpg', { octaves: 1, iterations: 2 });
   * console.log(`${steps} steps, ${milliseconds} ms`);
   * for (const { operation, share } of operations.slice(0, 3)) console.log(operation, `${Math.round(100 * share)} %`);
   * ```
   */
  async profile(picture: PictureInput, given: DreamOptions | DreamAgain = {}): Promise<Profile> {
    const options = optionsFor(this.#model, given);
    return this.#calls.withPicture(picture, options, async (call, reading) =>
      profileOf(await requestOf(this.#model, options, call), call, reading),
    );
  }

  /**
   * The floating-point operations of a dream of this size, for comparing its time with what a device can do: those of convolutions
   * and matrix products, forward and back, in all steps.
   * @param size of the picture, in pixels
   * @throws as `dream` does
   * @example
   * ```ts
   * const operations = await dreamer.operations({ width: 1920, height: 1080 }, { octaves: 4, iterations: 10 });
   * console.log(`${(operations / 1e12).toFixed(1)} teraflops`);
   * ```
   */
  async operations(size: Size, options: DreamOptions = {}): Promise<number> {
    checkSize(size);
    return this.#calls.onDevice(options, async (call) =>
      operationsOf(await requestOf(this.#model, options, call), call, this.#model, size),
    );
  }

  /**
   * The memory, in bytes, that a dream of a picture of this size needs, before it is dreamed, and what the memory limit makes of it.
   * Resolves for what is too large, too.
   * @param size of the picture, in pixels
   * @throws as `dream` does, for what is wrong in another way
   * @example
   * ```ts
   * const { fits, bytes, limit } = await dreamer.estimate({ width: 8000, height: 6000 });
   * console.log(fits ? 'it fits' : `it needs ${bytes} bytes, and may have ${limit}`);
   * ```
   */
  async estimate(size: Size, options: DreamOptions = {}): Promise<Estimate> {
    checkSize(size);
    return this.#calls.onDevice(options, async (call) => (await requestOf(this.#model, options, call)).estimate(size));
  }

  /**
   * Builds and compiles everything for pictures of these sizes, on every device: their first dream is as fast as the next.
   * @param sizes of pictures, in pixels
   * @throws as `dream` does
   * @example
   * ```ts
   * await dreamer.warmUp({ width: 96, height: 64 }, { filter: 'owl' });
   * const { timings } = await dreamer.dream('photo.jpg', { filter: 'owl' });
   * console.log(timings.programsBuilt); // 0
   * ```
   */
  async warmUp(sizes: Size | readonly Size[], options: DreamOptions = {}): Promise<void> {
    const list = (Array.isArray(sizes) ? [...sizes] : [sizes]) as readonly Size[];
    return warmUp({ calls: this.#calls, engines: this.#engines, model: this.#model }, list, options);
  }

  /**
   * Counters of all engines since they were loaded: imports, uploads, programs built and evicted, steps; what they take, in bytes.
   * @example
   * ```ts
   * const before = dreamer.statistics();
   * await dreamer.dream('photo.jpg', { octaves: 2, iterations: 5 });
   * console.log(dreamer.statistics().steps - before.steps); // 10
   * ```
   */
  statistics(): NativeStatistics {
    return this.#engines.statistics();
  }

  /**
   * Cancels what runs (within a step) and what waits, and frees the network and its programs; calls from then on reject with
   * ERR_LIVEDREAM_DISPOSED. May be called again.
   * @example
   * ```ts
   * import { Dreamer } from 'livedream';
   *
   * const dreamer = await Dreamer.load();
   * await dreamer.dispose(); // or `await using dreamer = ...`
   * ```
   */
  async dispose(): Promise<void> {
    this.#calls.close();
    await this.#engines.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
