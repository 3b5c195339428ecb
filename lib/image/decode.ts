import { stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { LiveDreamError, optionTypeError } from '../errors.js';
import type { Size } from '../size.js';
import { rawPicture } from './raw.js';
import { isRawPicture, isSharp, type OwnedPicture, type Picture, type RawPicture } from './source.js';

export interface DecodeOptions {
  /** The longest side to resize to. */
  readonly size: number | undefined;
  /** The frame of an animated picture. */
  readonly page: number | undefined;
  /** Called with the size before any pixel is decoded; throws where that size cannot be dreamed. */
  readonly check: (size: Size) => void;
}

/** sharp decodes no more than this, whatever the memory limit: a bomb's header may claim anything. */
const MOST_PIXELS = 2 ** 30;

function unreadable(what: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_IMAGE_UNREADABLE', `${what} cannot be read: ${why}.`, { cause });
}

function reason(error: unknown): string {
  return (
    (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\.$/, '') ?? 'unknown reason'
  );
}

async function checkFile(path: string): Promise<void> {
  const what = `The picture '${path}'`;
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(what, error.code === 'ENOENT' ? 'there is no such file' : reason(error), error);
  });
  if (file.isDirectory()) throw unreadable(what, 'it is a folder');
  if (file.size === 0) throw unreadable(what, 'it is empty');
}

/** The input as a sharp instance and a name for messages. */
async function open(input: Exclude<OwnedPicture, RawPicture>): Promise<{ image: Sharp; what: string }> {
  const settings = { failOn: 'truncated', limitInputPixels: MOST_PIXELS } as const;
  if (typeof input === 'string') {
    await checkFile(input);
    return { image: sharp(input, settings), what: `The picture '${input}'` };
  }
  if (isSharp(input)) return { image: input.clone(), what: 'The picture of the sharp instance' };
  if (Buffer.isBuffer(input)) {
    if (input.byteLength === 0) throw unreadable('The picture', 'the buffer is empty');
    return { image: sharp(input, settings), what: 'The picture in the buffer' };
  }
  throw optionTypeError('picture', 'a path, Buffer, Uint8Array, sharp instance or raw pixels', input);
}

/** Width and height as they will be dreamed: upright, resized. */
function finalSize(metadata: Metadata, size: number | undefined): Size {
  const turned = (metadata.orientation ?? 1) >= 5;
  const pageHeight = metadata.pageHeight ?? metadata.height;
  const upright = turned
    ? { width: pageHeight, height: metadata.width }
    : { width: metadata.width, height: pageHeight };
  if (size === undefined) return upright;
  const factor = size / Math.max(upright.width, upright.height);
  return {
    width: Math.max(1, Math.round(upright.width * factor)),
    height: Math.max(1, Math.round(upright.height * factor)),
  };
}

function checkPages(metadata: Metadata, page: number | undefined, what: string): void {
  const pages = metadata.pages ?? 1;
  if (page === undefined && pages > 1) {
    throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_ANIMATED', `${what} has ${pages} frames.`);
  }
  if (page !== undefined && page >= pages) {
    throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_ANIMATED', `${what} has frames 0 to ${pages - 1}, not ${page}.`);
  }
}

function atPage(input: OwnedPicture, image: Sharp, page: number | undefined): Sharp {
  if (page === undefined || isSharp(input)) return image;
  return sharp(input as string | Buffer, { failOn: 'truncated', limitInputPixels: MOST_PIXELS, page });
}

/** Resizes raw pixels, by way of sharp; floats stay floats. */
async function resizedRaw(picture: Picture, { width, height }: Size): Promise<Picture> {
  const resize = async (data: Uint8Array | Float32Array, channels: 1 | 3): Promise<Uint8Array | Float32Array> => {
    const floats = data instanceof Float32Array;
    const image = sharp(data, { raw: { width: picture.width, height: picture.height, channels } });
    const bytes = await image
      .resize(width, height, { fit: 'fill' })
      .raw(floats ? { depth: 'float' } : {})
      .toBuffer();
    return floats ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) : bytes;
  };
  const data = await resize(picture.data, 3);
  if (!picture.alpha) return { width, height, data };
  return { width, height, data, alpha: (await resize(picture.alpha, 1)) as Uint8Array };
}

async function decodeRaw(input: RawPicture, options: DecodeOptions): Promise<Picture> {
  const picture = rawPicture(input);
  const size = finalSize(picture as unknown as Metadata, options.size);
  options.check(size);
  return options.size === undefined ? picture : resizedRaw(picture, size);
}

function splitAlpha(data: Buffer, { width, height }: Size): Picture {
  const pixels = width * height;
  const rgb = new Uint8Array(pixels * 3);
  const alpha = new Uint8Array(pixels);
  for (let from = 0, to = 0, pixel = 0; pixel < pixels; pixel += 1) {
    rgb[to++] = data[from++] as number;
    rgb[to++] = data[from++] as number;
    rgb[to++] = data[from++] as number;
    alpha[pixel] = data[from++] as number;
  }
  return { width, height, data: rgb, alpha };
}

interface Header {
  readonly image: Sharp;
  readonly what: string;
  readonly metadata: Metadata;
}

async function readHeader(input: Exclude<OwnedPicture, RawPicture>, page: number | undefined): Promise<Header> {
  const { image, what } = await open(input);
  const metadata = await image.metadata().catch((error: unknown) => {
    throw unreadable(what, reason(error), error);
  });
  checkPages(metadata, page, what);
  return { image, what, metadata };
}

/** Finds out before the work whether a file is a picture, by its header. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE, _ANIMATED. */
export async function checkReadable(file: string, page: number | undefined): Promise<void> {
  await readHeader(file, page);
}

/**
 * Decodes to 8-bit sRGB: orientation applied, greyscale to RGB, 16-bit and CMYK converted, alpha apart.
 * Throws ERR_LIVEDREAM_IMAGE_UNREADABLE, ERR_LIVEDREAM_IMAGE_ANIMATED, or what `check` throws.
 */
export async function decode(input: OwnedPicture, options: DecodeOptions): Promise<Picture> {
  if (isRawPicture(input)) return decodeRaw(input, options);
  const { image, what, metadata } = await readHeader(input, options.page);
  const size = finalSize(metadata, options.size);
  options.check(size);
  let pipeline = atPage(input, image, options.page).rotate();
  if (options.size !== undefined) pipeline = pipeline.resize(size.width, size.height, { fit: 'fill' });
  pipeline = pipeline.toColourspace('srgb');
  if (!metadata.hasAlpha) pipeline = pipeline.removeAlpha();
  const { data, info } = await pipeline
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(what, reason(error), error);
    });
  const decoded = { width: info.width, height: info.height };
  // A sharp instance may crop or resize by itself, which its input's header does not tell.
  if (decoded.width !== size.width || decoded.height !== size.height) options.check(decoded);
  if (info.channels === 4) return splitAlpha(data, decoded);
  if (info.channels === 3) return { ...decoded, data };
  return rawPicture({ ...decoded, data, channels: info.channels as 1 | 2 });
}
