import { optionTypeError } from '../errors.js';
import type { StartInput } from '../picture-input.js';
import type { Size } from '../size.js';
import { finalSize, fitted, type OpenPicture, openPicture } from './open.js';
import { rawPicture, resizedRaw } from './raw.js';
import { rendered } from './render.js';
import { samplesOf } from './samples.js';
import { isRawPicture, isSharp, type OwnedPicture, type Picture, type RawPicture } from './source.js';
import { factsOfBytes, factsOfPixels } from './source-facts.js';
import { isStart, readStart, startPicture } from './start.js';
import { StreamedPicture } from './stream.js';
import { reason, unreadable } from './unreadable.js';

export interface DecodeOptions {
  /** The longest side to resize to. */
  readonly size: number | undefined;
  /** The frame of an animated picture. */
  readonly page: number | undefined;
  /** Called with the size before any pixel is decoded; throws where that size cannot be dreamed. */
  readonly check: (size: Size) => void;
  /** The most that is read of a stream or Blob. */
  readonly mostBytes?: number;
  /** Stops the reading of a stream or Blob. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to find out what tells the picture from all others: its bytes where it came as such, or else its pixels. */
  readonly hashed?: boolean | 'pixels';
}

/** The most that is read of a stream or Blob, where no lower limit is given. */
const MOST_BYTES = 2 ** 30;

async function decodeRaw(input: RawPicture, options: DecodeOptions): Promise<Picture> {
  const picture = rawPicture(input);
  const size = fitted(picture, options.size);
  options.check(size);
  if (options.size === undefined) return picture;
  return resizedRaw(picture, size).catch((error: unknown) => {
    throw unreadable('The raw picture', reason(error), error);
  });
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

async function decodeStart(input: StartInput, options: DecodeOptions): Promise<Picture> {
  const start = readStart(input);
  // Before it is made, which takes a while.
  options.check(fitted(start, options.size));
  const picture = await decodeRaw(await startPicture(start), options);
  return options.hashed ? { ...picture, source: { ...(await factsOfPixels(picture)), start } } : picture;
}

interface Opened extends OpenPicture {
  /** The file or its bytes, where the picture came so. */
  readonly encoded?: string | Buffer;
}

/** The picture with its header read, wherever it comes from. */
async function open(input: Exclude<OwnedPicture, RawPicture | StartInput>, options: DecodeOptions): Promise<Opened> {
  const { page, signal, mostBytes = MOST_BYTES } = options;
  if (input instanceof StreamedPicture) {
    const bytes = await input.read({ signal, mostBytes: Math.min(mostBytes, MOST_BYTES) });
    return { ...(await openPicture(bytes, page, input.what)), encoded: bytes };
  }
  if (isSharp(input)) {
    const what = 'The picture of the sharp instance';
    return openPicture(await rendered(input, what, options), page, what);
  }
  if (typeof input === 'string' || Buffer.isBuffer(input))
    return { ...(await openPicture(input, page)), encoded: input };
  throw optionTypeError(
    'picture',
    'a path, file: URL, Buffer, Uint8Array, ArrayBuffer, Blob, stream, sharp instance or raw pixels',
    input,
  );
}

/**
 * Finds out before the work whether a file, or the bytes of one, is a picture, by its header, and which size its dream will
 * have.
 * Throws ERR_LIVEDREAM_IMAGE_UNREADABLE, _ANIMATED.
 */
export async function checkReadable(
  file: string | Buffer,
  options: Pick<DecodeOptions, 'page' | 'size'>,
): Promise<Size> {
  const { image, what, metadata } = await openPicture(file, options.page);
  await samplesOf(image, metadata, what);
  return finalSize(metadata, options.size);
}

/**
 * Decodes to 8-bit sRGB: orientation applied, greyscale to RGB, floats, 16-bit and CMYK converted, alpha apart.
 * Throws ERR_LIVEDREAM_IMAGE_UNREADABLE, ERR_LIVEDREAM_IMAGE_ANIMATED, or what `check` throws.
 */
export async function decode(input: OwnedPicture, options: DecodeOptions): Promise<Picture> {
  if (isStart(input)) return decodeStart(input, options);
  const opened = isRawPicture(input) ? undefined : await open(input, options);
  const picture = opened ? await decodeOpened(opened, options) : await decodeRaw(input as RawPicture, options);
  if (!options.hashed) return picture;
  const source =
    opened?.encoded && options.hashed !== 'pixels'
      ? await factsOfBytes(opened.encoded, finalSize(opened.metadata, undefined), options.signal)
      : await factsOfPixels(picture);
  return { ...picture, source };
}

async function decodeOpened({ image, what, metadata }: OpenPicture, options: DecodeOptions): Promise<Picture> {
  const size = finalSize(metadata, options.size);
  options.check(size);
  const samples = await samplesOf(image, metadata, what);
  let pipeline = image.rotate();
  if (options.size !== undefined) pipeline = pipeline.resize(size.width, size.height, { fit: 'fill' });
  pipeline = samples(pipeline).toColourspace('srgb');
  if (!metadata.hasAlpha) pipeline = pipeline.removeAlpha();
  const { data, info } = await pipeline
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(what, reason(error), error);
    });
  const decoded = { width: info.width, height: info.height };
  if (info.channels === 4) return splitAlpha(data, decoded);
  if (info.channels === 3) return { ...decoded, data };
  return rawPicture({ ...decoded, data, channels: info.channels as 1 | 2 });
}
