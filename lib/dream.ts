import { types } from 'node:util';
import type { Sharp } from 'sharp';
import type { Choice } from './device.js';
import { LiveDreamError } from './errors.js';
import { localPath } from './file-url.js';
import { DEFAULT_FORMAT, type Encoding, encodingOf, type PictureFormat } from './formats.js';
import { checkFits, encode, encodingFor, toSharp, unwritable } from './image/encode.js';
import { withParameters } from './image/parameters.js';
import { writePicture } from './image/write.js';
import { type InJson, inJson } from './json.js';
import { type DreamMade, type WrittenFacts, writtenFacts } from './made.js';
import type { ObjectiveRecord } from './model/terms.js';
import type { GivenOptions } from './options/description.js';
import type { DREAM_OPTIONS, DreamOptions } from './options/dream-options.js';
import {
  BUFFER_FORMAT,
  ENCODE_OPTIONS,
  type EncodeOptions,
  FILE_OPTIONS,
  FILE_PATH,
  type FileOptions,
} from './options/encode-options.js';
import type { Mask, RecordedMask } from './options/mask.js';
import { readArgument, readOptions } from './options/read.js';
import type { RecordedOptions } from './options/recorded.js';
import type { TermOptions } from './options/terms.js';

/**
 * Everything that this dream was made with: `dreamer.dream(picture, parameters)` gives the same bytes on the same machine, also
 * after `JSON.parse`.
 */
export interface DreamParameters extends RecordedOptions {
  readonly model: string;
  /** SHA-256 of the model's graph. */
  readonly modelSha256: string;
  /** One layer's, or the terms of a sum. */
  readonly objective: ObjectiveRecord;
  readonly filter?: string;
  /** Of a picture only its hash: it must be given again. */
  readonly mask?: RecordedMask;
  readonly width: number;
  readonly height: number;
}

/** What a dreamed picture holds of how it was made: the dream's parameters as JSON has them, and what made it. */
export type PictureParameters = InJson<DreamParameters> & WrittenFacts;

/** The parameters of an earlier dream in the place of options, perhaps by way of JSON, perhaps with some options changed. */
export type DreamAgain = GivenOptions<typeof DREAM_OPTIONS> &
  Pick<DreamOptions, 'signal' | 'onProgress' | 'onPreview' | 'previewInterval'> &
  Pick<DreamParameters, 'model' | 'modelSha256' | 'filter' | 'width' | 'height'> & {
    readonly mask?: Mask | undefined;
    /** As they have it, or with guides, of which they have but the hashes, in their places. */
    readonly objective: ObjectiveRecord | readonly TermOptions[];
  };

/** In milliseconds. */
export interface DreamTimings {
  /** From the call to the work, reading and decoding apart: other dreams, the network asked about its layer. */
  readonly queued: number;
  /** Reading and decoding the picture. */
  readonly decode: number;
  /**
   * Building and compiling programs, or getting them from the cache on disk; 0 where all were in memory. With the first step of
   * a program, of a compiled loop up to 16, unless XLA compiled it and it was kept on disk: only then its end is known.
   */
  readonly compile: number;
  /** Gradient-ascent steps. */
  readonly steps: number;
  /** Octave changes, upload and download. */
  readonly transfer: number;
  /** On the device, from first to last. */
  readonly total: number;
  /** Programs that this dream had to build. */
  readonly programsBuilt: number;
  /** Programs that XLA compiled for it; 0 without XLA. */
  readonly compilations: number;
  /** Programs whose compiled form came from the cache on disk instead: `compileCache()`. */
  readonly compilationsFromCache: number;
}

export interface DreamParts {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
  readonly alpha?: Uint8Array;
  readonly objectives: readonly number[];
  readonly parameters: DreamParameters;
  readonly timings: DreamTimings;
  readonly choice: Choice;
  readonly warnings: readonly string[];
  /** Left out of a frame of a stream, which hangs on those before it. */
  readonly made?: DreamMade;
}

/** A dream as JSON, its pixels left out: what `JSON.stringify(dream)` and `livedream dream --json` tell. */
export interface DreamJson
  extends Pick<
    Dream,
    | 'width'
    | 'height'
    | 'channels'
    | 'device'
    | 'xla'
    | 'loop'
    | 'precision'
    | 'rewrites'
    | 'why'
    | 'objective'
    | 'objectives'
    | 'timings'
    | 'warnings'
  > {
  readonly parameters: InJson<DreamParameters>;
}

/** The path of a result, which may be given as a `file:` URL. Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE for another URL. */
export function outputPath(given: string | URL): string {
  const instead = 'write to a file, or take toBuffer(), and upload that';
  const refuse = (place: string, why: string, cause?: unknown): Error => unwritable(`'${place}'`, why, cause);
  return readArgument('file', FILE_PATH, localPath(given, { instead, refuse })) as string;
}

/**
 * A dreamed picture: its pixels, what it was made with, and how it went. `dreamer.dream` makes it.
 * @example
 * ```ts
 * const dream = await dreamer.dream('photo.jpg', { filter: 'owl' });
 * const { width, height, data, objective, timings } = dream;
 * console.log(`${width} x ${height}, ${data.length} bytes, ${objective} after ${timings.steps} ms of steps`);
 * await dream.toFile('dream.png');
 * ```
 */
export class Dream {
  readonly width: number;
  readonly height: number;
  /** RGB, interleaved, `width * height * 3`; bytes, or with `depth: 'float32'` floats neither clipped nor rounded. */
  readonly data: Uint8Array | Float32Array;
  readonly channels = 3;
  /** The picture's own alpha, untouched, one byte a pixel; undefined where it had none. */
  readonly alpha: Uint8Array | undefined;
  /** The objective before each step, octave after octave, averaged over tiles. */
  readonly objectives: readonly number[];
  readonly parameters: DreamParameters;
  readonly timings: DreamTimings;
  /** Such as `CPU:0`. */
  readonly device: string;
  readonly xla: boolean;
  /** Who went from step to step within an octave: the native engine, or a program that XLA compiled of the whole loop. */
  readonly loop: Choice['loop'];
  readonly precision: Choice['precision'];
  /** What was computed in another way than the network's graph says, to the same result: docs/performance.md. */
  readonly rewrites: Choice['rewrites'];
  /** Why this device and XLA or not. */
  readonly why: string;
  /** What may not be as it was meant: a dream that changed nothing, and what to do about it. */
  readonly warnings: readonly string[];
  readonly #made: DreamMade | undefined;

  constructor(parts: DreamParts) {
    this.width = parts.width;
    this.height = parts.height;
    this.data = parts.data;
    this.alpha = parts.alpha;
    this.objectives = parts.objectives;
    this.parameters = parts.parameters;
    this.timings = parts.timings;
    this.device = parts.choice.device;
    this.xla = parts.choice.xla;
    this.loop = parts.choice.loop;
    this.precision = parts.choice.precision;
    this.rewrites = parts.choice.rewrites;
    this.why = parts.choice.why;
    this.warnings = parts.warnings;
    this.#made = parts.made;
  }

  /** The last of `objectives`. */
  get objective(): number {
    return this.objectives[this.objectives.length - 1] as number;
  }

  /**
   * What `JSON.stringify` takes: all but the pixels; bigints, such as a seed's, as JSON has them.
   * @example
   * ```ts
   * const dream = await dreamer.dream('photo.jpg');
   * const { device, parameters } = dream.toJSON();
   * console.log(device, JSON.stringify(parameters));
   * ```
   */
  toJSON(): DreamJson {
    const {
      width,
      height,
      channels,
      device,
      xla,
      loop,
      precision,
      rewrites,
      why,
      objective,
      objectives,
      timings,
      warnings,
    } = this;
    const parameters = inJson(this.parameters);
    return {
      width,
      height,
      channels,
      device,
      xla,
      loop,
      precision,
      rewrites,
      why,
      objective,
      objectives,
      timings,
      warnings,
      parameters,
    };
  }

  /**
   * What `toFile` and `toBuffer` write into the picture, unless `parameters` is false: what `readParameters` reads. Undefined of a
   * frame of a stream, which no parameters alone make again.
   * @example
   * ```ts
   * import { recipeOf } from 'livedream';
   *
   * const dream = await dreamer.dream('photo.jpg', { filter: 'owl' });
   * const parameters = dream.pictureParameters({ quality: 80 });
   * if (parameters) console.log(JSON.stringify(recipeOf(parameters)));
   * ```
   */
  pictureParameters({ quality = ENCODE_OPTIONS.quality.default }: EncodeOptions = {}): PictureParameters | undefined {
    return this.#made && { ...writtenFacts(this.#made, quality, this.parameters), ...inJson(this.parameters) };
  }

  /**
   * A sharp instance of the dream, with its alpha, for everything that sharp can do.
   * @throws LiveDreamError ERR_LIVEDREAM_OUTPUT_UNWRITABLE for a dream of depth 'float32'
   * @example
   * ```ts
   * const dream = await dreamer.dream('photo.jpg');
   * await dream.toSharp().resize(48).grayscale().toFile('thumbnail.png');
   * ```
   */
  toSharp(): Sharp {
    if (types.isFloat32Array(this.data)) {
      throw new LiveDreamError(
        'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
        "A dream of depth 'float32' is for computing with: take its 'data', or dream with depth 'uint8'.",
      );
    }
    const { width, height, data } = this;
    return toSharp(this.alpha ? { width, height, data, alpha: this.alpha } : { width, height, data });
  }

  /**
   * Writes PNG, JPEG, WebP, AVIF or TIFF by the file's extension, atomically. Links are followed, and a file that is replaced
   * keeps its mode.
   * @param place a path or a `file:` URL
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_OUTPUT_UNWRITABLE, and then nothing is left.
   * @example
   * ```ts
   * const dream = await dreamer.dream('photo.jpg', { seed: 7n });
   * await dream.toFile('dream.jpg', { quality: 80 });
   * await dream.toFile('plain.webp', { parameters: false }); // does not say what it was made with
   * ```
   */
  async toFile(place: string | URL, options: FileOptions = {}): Promise<void> {
    const file = outputPath(place);
    const encoder = readOptions(FILE_OPTIONS, options);
    checkFits(this, encodingFor(file, encoder.format), `'${file}'`);
    await writePicture(this.#marked(encoder), file, encoder);
  }

  /**
   * The encoded picture: `png` by default, of quality 92 where the format loses anything.
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_OUTPUT_UNWRITABLE, as where the picture is
   * too large for the format.
   * @example
   * ```ts
   * const dream = await dreamer.dream('photo.jpg');
   * const jpeg = await dream.toBuffer('jpeg', { quality: 80 });
   * const answer = new Response(new Uint8Array(jpeg), { headers: { 'content-type': 'image/jpeg' } });
   * ```
   */
  async toBuffer(format: PictureFormat = DEFAULT_FORMAT, options: EncodeOptions = {}): Promise<Buffer> {
    readArgument('format', BUFFER_FORMAT, format);
    const encoder = readOptions(ENCODE_OPTIONS, options);
    const encoding = encodingOf(format) as Encoding;
    checkFits(this, encoding, 'The dream');
    return encode(this.#marked(encoder), encoding, encoder.quality);
  }

  #marked(encoder: EncodeOptions): Sharp {
    const parameters = encoder.parameters === false ? undefined : this.pictureParameters(encoder);
    return parameters ? withParameters(this.toSharp(), parameters) : this.toSharp();
  }
}
