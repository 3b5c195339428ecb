import path from 'node:path';
import { encodingOf } from '../formats.js';
import { decode } from '../image/decode.js';
import { toSharp } from '../image/encode.js';
import { fitted } from '../image/open.js';
import { writePicture } from '../image/write.js';
import type { Size } from '../size.js';
import type { Frame } from './frame.js';
import type { FrameSink, FrameSource } from './frame-source.js';
import { unreadableFilm } from './probe.js';
import type { Rational } from './rational.js';

export interface PicturesParts {
  readonly files: readonly string[];
  /** The longest side to resize to. */
  readonly size: number | undefined;
  /** The size of the first, which all are to have, where they become a film. */
  readonly alike: Size | undefined;
  readonly rate: Rational;
  readonly signal?: AbortSignal | undefined;
}

function framed(data: Uint8Array, alpha: Uint8Array | undefined): Buffer {
  if (!alpha) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const bytes = Buffer.alloc(alpha.length * 4);
  for (let pixel = 0; pixel < alpha.length; pixel += 1) {
    bytes.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    bytes[pixel * 4 + 3] = alpha[pixel] as number;
  }
  return bytes;
}

/** Pictures, one after another, as frames of a steady rate. */
export class PictureSource implements FrameSource {
  readonly #parts: PicturesParts;
  readonly complaint = '';

  constructor(parts: PicturesParts) {
    this.#parts = parts;
  }

  get expected(): number {
    return this.#parts.files.length;
  }

  get promised(): undefined {
    return undefined;
  }

  get clock(): Rational {
    const { num, den } = this.#parts.rate;
    return { num: den, den: num };
  }

  /** Rejects with ERR_LIVEDREAM_IMAGE_UNREADABLE, or ERR_LIVEDREAM_VIDEO_UNREADABLE of one that is not like the first. */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    const { files, size, alike, signal } = this.#parts;
    for (const [place, file] of files.entries()) {
      signal?.throwIfAborted();
      const picture = await decode(file, { size, page: undefined, check: (own) => checkAlike(file, own, alike, size) });
      const { width, height, data, alpha } = picture;
      // A film's frames are all of one kind.
      const kept = alike ? undefined : alpha;
      yield {
        ...{ width, height, channels: kept ? 4 : 3, bits: 8, data: framed(data as Uint8Array, kept) },
        ...{ time: BigInt(place), length: 1n },
      };
    }
  }
}

function checkAlike(file: string, own: Size, alike: Size | undefined, size: number | undefined): void {
  if (!alike) return;
  const wanted = fitted(alike, size);
  if (own.width === wanted.width && own.height === wanted.height) return;
  const is = `${own.width} x ${own.height} pixels`;
  throw unreadableFilm(
    file,
    `it has ${is}, and the first ${wanted.width} x ${wanted.height}, which all of a film have`,
  );
}

/** Frames that become pictures, in the order of their names. */
export class PictureSink implements FrameSink {
  readonly #nameOf: (place: number) => string;
  readonly #quality: number;
  #written = 0;

  /** @param nameOf the file of the frame of a place, from 0 */
  constructor(nameOf: (place: number) => string, quality: number) {
    this.#nameOf = nameOf;
    this.#quality = quality;
  }

  /** Rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
  async write({ width, height, channels, data }: Frame): Promise<void> {
    const file = this.#nameOf(this.#written);
    const pixels = width * height;
    const alpha = channels === 4 ? new Uint8Array(pixels) : undefined;
    const rgb = alpha ? new Uint8Array(pixels * 3) : data;
    for (let pixel = 0; alpha && pixel < pixels; pixel += 1) {
      rgb.set(data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
      alpha[pixel] = data[pixel * 4 + 3] as number;
    }
    const picture = { width, height, data: rgb, ...(alpha ? { alpha } : {}) };
    await writePicture(toSharp(picture), file, { format: undefined, quality: this.#quality });
    this.#written += 1;
  }

  async finish(): Promise<void> {}

  async abandon(): Promise<void> {}
}

const DIGITS = 6;

/** Of the frames of a film. */
export function numberedNames(folder: string): (place: number) => string {
  return (place) => path.join(folder, `${String(place + 1).padStart(DIGITS, '0')}.png`);
}

/** The pictures' own names, where a picture can be written so. */
export function ownNames(folder: string, files: readonly string[]): (place: number) => string {
  return (place) => {
    const { name, ext } = path.parse(files[place] as string);
    return path.join(folder, encodingOf(ext.slice(1).toLowerCase()) ? `${name}${ext}` : `${name}.png`);
  };
}
