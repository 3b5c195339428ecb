import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { LiveDreamError, optionRangeError } from '../errors.js';
import { type Encoding, encodingOf, PICTURE_FORMATS, type PictureFormat } from '../formats.js';
import type { Size } from '../size.js';
import { bufferOf } from './raw.js';
import type { Picture } from './source.js';

/** How a picture is to be written, checked. */
export interface Encoder {
  /** Undefined: by the file's extension. */
  readonly format: PictureFormat | undefined;
  readonly quality: number;
}

/** The longest side that an encoding holds: JPEG's as libjpeg has it, AVIF's as sharp does [measured with sharp 0.35.5]. */
const LONGEST_SIDE: Readonly<Partial<Record<Encoding, number>>> = { jpeg: 65_500, webp: 16_383, avif: 16_384 };

/** ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
export function unwritable(what: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_OUTPUT_UNWRITABLE', `${what} cannot be written: ${why}.`, { cause });
}

/**
 * What a file is written as: what its extension says, or where that is none that we know, the format that was asked for.
 * Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE where neither tells, and a RangeError where they contradict each other.
 */
export function encodingFor(file: string, format: PictureFormat | undefined): Encoding {
  const extension = path.extname(file).slice(1).toLowerCase();
  const named = encodingOf(extension);
  const asked = format && encodingOf(format);
  if (named && asked && named !== asked)
    throw optionRangeError('format', `left out or '${named}' for the file '${file}'`, format);
  const encoding = named ?? asked;
  if (encoding) return encoding;
  const known = PICTURE_FORMATS.join(', ');
  throw unwritable(
    `'${file}'`,
    extension === '' ? `it has no extension; known are ${known}` : `'.${extension}' is none of ${known}`,
  );
}

/** Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE where the encoding holds no picture of that size; `kind` is what the picture is. */
export function checkFits({ width, height }: Size, encoding: Encoding, what: string, kind = 'dream'): void {
  const most = LONGEST_SIDE[encoding];
  if (most === undefined || Math.max(width, height) <= most) return;
  const name = encoding === 'webp' ? 'WebP' : encoding.toUpperCase();
  throw unwritable(what, `the ${kind} has ${width} x ${height} pixels, and ${name} holds at most ${most} on a side`);
}

function withAlpha(rgb: Uint8Array, alpha: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(alpha.length * 4);
  for (let pixel = 0; pixel < alpha.length; pixel += 1) {
    rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    rgba[pixel * 4 + 3] = alpha[pixel] as number;
  }
  return rgba;
}

/** A sharp instance of the picture's bytes, alpha put back. Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
export function toSharp({ data, alpha, width, height }: Picture & { readonly data: Uint8Array }): Sharp {
  const pixels = width * height;
  // Memory that was transferred to another thread is empty here.
  if (data.length !== pixels * 3 || (alpha && alpha.length !== pixels))
    throw unwritable('The dream', `its pixels are no longer there: ${data.length} of ${pixels * 3} bytes are left`);
  if (alpha) return sharp(withAlpha(data, alpha), { raw: { width, height, channels: 4 } });
  return sharp(bufferOf(data), { raw: { width, height, channels: 3 } });
}

function encoder(image: Sharp, encoding: Encoding, quality: number): Sharp {
  if (encoding === 'png') return image.png();
  // sharp's default for TIFF is JPEG, which has no alpha.
  if (encoding === 'tiff') return image.tiff({ compression: 'lzw' });
  return image.toFormat(encoding, { quality });
}

/** The encoded picture. Rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE, as where it is too large for the format. */
export async function encode(image: Sharp, encoding: Encoding, quality: number): Promise<Buffer> {
  return encoder(image, encoding, quality)
    .toBuffer()
    .catch((error: Error) => {
      throw unwritable('The picture', `${encoding.toUpperCase()} cannot hold it: ${error.message.trim()}`, error);
    });
}
