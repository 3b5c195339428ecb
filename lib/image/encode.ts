import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { LiveDreamError } from '../errors.js';
import type { Size } from '../size.js';
import { bufferOf } from './raw.js';
import type { Picture } from './source.js';

/** File types by extension, and what sharp calls them. */
const FORMATS = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'avif',
  tif: 'tiff',
  tiff: 'tiff',
} as const;

export type PictureFormat = (typeof FORMATS)[keyof typeof FORMATS];

/** The longest side that a format holds: JPEG's as libjpeg has it, AVIF's as sharp does [measured with sharp 0.35.5]. */
const LONGEST_SIDE: Readonly<Partial<Record<PictureFormat, number>>> = { jpeg: 65_500, webp: 16_383, avif: 16_384 };

export interface EncodeOptions {
  /** 1..100 for JPEG, WebP and AVIF; default 92. PNG and TIFF are lossless. */
  readonly quality?: number;
}

const DEFAULT_QUALITY = 92;

/** @param file undefined where it is to become a Buffer */
function unwritable(file: string | undefined, why: string, cause?: unknown): LiveDreamError {
  const what = file === undefined ? 'The dream' : `'${file}'`;
  return new LiveDreamError('ERR_LIVEDREAM_OUTPUT_UNWRITABLE', `${what} cannot be written: ${why}.`, { cause });
}

/** The format that a file's extension asks for. Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
export function formatOf(file: string): PictureFormat {
  const extension = path.extname(file).slice(1).toLowerCase();
  if (extension in FORMATS) return FORMATS[extension as keyof typeof FORMATS];
  const known = Object.keys(FORMATS).join(', ');
  throw unwritable(
    file,
    extension === '' ? `it has no extension; known are ${known}` : `'.${extension}' is none of ${known}`,
  );
}

/** Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE where the format holds no picture of that size. */
export function checkFits({ width, height }: Size, format: PictureFormat, file?: string): void {
  const most = LONGEST_SIDE[format];
  if (most === undefined || Math.max(width, height) <= most) return;
  const name = format === 'webp' ? 'WebP' : format.toUpperCase();
  throw unwritable(file, `the dream has ${width} x ${height} pixels, and ${name} holds at most ${most} on a side`);
}

/** Finds out before the work whether a result can be written there. Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
export async function checkWritable(file: string): Promise<void> {
  formatOf(file);
  const folder = path.dirname(path.resolve(file));
  await access(folder, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(
      file,
      error.code === 'ENOENT' ? `there is no folder '${folder}'` : `'${folder}' is not writable`,
      error,
    );
  });
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw unwritable(file, 'it is a folder');
  if (there)
    await access(file, constants.W_OK).catch((error) => Promise.reject(unwritable(file, 'it is read-only', error)));
}

function withAlpha(rgb: Uint8Array, alpha: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(alpha.length * 4);
  for (let pixel = 0; pixel < alpha.length; pixel += 1) {
    rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    rgba[pixel * 4 + 3] = alpha[pixel] as number;
  }
  return rgba;
}

/** A sharp instance of the picture's bytes, alpha put back. */
export function toSharp({ data, alpha, width, height }: Picture & { readonly data: Uint8Array }): Sharp {
  if (alpha) return sharp(withAlpha(data, alpha), { raw: { width, height, channels: 4 } });
  return sharp(bufferOf(data), { raw: { width, height, channels: 3 } });
}

function encode(image: Sharp, format: PictureFormat, options: EncodeOptions = {}): Sharp {
  const { quality = DEFAULT_QUALITY } = options;
  if (format === 'png') return image.png();
  // sharp's default for TIFF is JPEG, which has no alpha.
  if (format === 'tiff') return image.tiff({ compression: 'lzw' });
  return image.toFormat(format, { quality });
}

/** The encoded bytes. Rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
export async function encodePicture(image: Sharp, format: PictureFormat, options: EncodeOptions = {}): Promise<Buffer> {
  try {
    return await encode(image, format, options).toBuffer();
  } catch (error) {
    throw unwritable(undefined, error instanceof Error ? error.message : String(error), error);
  }
}

/** Writes to a temporary file beside it, then renames: whoever looks sees the old file or the whole new one. */
export async function writePicture(image: Sharp, file: string, options: EncodeOptions = {}): Promise<void> {
  const format = formatOf(file);
  await checkWritable(file);
  const temporary = path.join(path.dirname(path.resolve(file)), `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    await encode(image, format, options).toFile(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(file, error instanceof Error ? error.message : String(error), error);
  }
}
