import { types } from 'node:util';
import type { Sharp } from 'sharp';
import type { Choice } from './device.js';
import { LiveDreamError } from './errors.js';
import { DEFAULT_FORMAT, type Encoding, encodingOf, type PictureFormat } from './formats.js';
import { checkFits, encode, encodingFor, toSharp } from './image/encode.js';
import { writePicture } from './image/write.js';
import type { Objective } from './model/objective.js';
import type { EngineOptions } from './options/dream-options.js';
import {
  BUFFER_FORMAT,
  ENCODE_OPTIONS,
  type EncodeOptions,
  FILE_OPTIONS,
  FILE_PATH,
  type FileOptions,
} from './options/encode-options.js';
import { readArgument, readOptions } from './options/read.js';

/** Everything that this dream was made with: the same again gives the same bytes on the same machine. */
export interface DreamParameters extends EngineOptions {
  readonly model: string;
  /** SHA-256 of the model's graph. */
  readonly modelSha256: string;
  readonly objective: Objective;
  readonly filter?: string;
  readonly octaves: number;
  readonly octaveScale: number;
  readonly tileSize: number;
  readonly width: number;
  readonly height: number;
}

/** In milliseconds. */
export interface DreamTimings {
  /** From the call to the work, reading and decoding apart: other dreams, the network asked about its layer. */
  readonly queued: number;
  /** Reading and decoding the picture. */
  readonly decode: number;
  /** Building and compiling programs; 0 where all were in the cache. */
  readonly compile: number;
  /** Gradient-ascent steps. */
  readonly steps: number;
  /** Octave changes, upload and download. */
  readonly transfer: number;
  /** On the device, from first to last. */
  readonly total: number;
  /** Programs that this dream had to build. */
  readonly programsBuilt: number;
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
}

/** A dreamed picture. */
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
  readonly precision: Choice['precision'];
  /** Why this device and XLA or not. */
  readonly why: string;

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
    this.precision = parts.choice.precision;
    this.why = parts.choice.why;
  }

  /** A sharp instance of the dream, for everything that sharp can do. Throws for a dream of depth 'float32'. */
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
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_OUTPUT_UNWRITABLE, and then nothing is left.
   */
  async toFile(file: string, options: FileOptions = {}): Promise<void> {
    readArgument('file', FILE_PATH, file);
    const encoder = readOptions(FILE_OPTIONS, options);
    checkFits(this, encodingFor(file, encoder.format), `'${file}'`);
    await writePicture(this.toSharp(), file, encoder);
  }

  /**
   * The encoded picture.
   * @throws TypeError or RangeError for wrong options; LiveDreamError ERR_LIVEDREAM_OUTPUT_UNWRITABLE, as where the picture is
   * too large for the format.
   */
  async toBuffer(format: PictureFormat = DEFAULT_FORMAT, options: EncodeOptions = {}): Promise<Buffer> {
    readArgument('format', BUFFER_FORMAT, format);
    const { quality } = readOptions(ENCODE_OPTIONS, options);
    const encoding = encodingOf(format) as Encoding;
    checkFits(this, encoding, 'The dream');
    return encode(this.toSharp(), encoding, quality);
  }
}
