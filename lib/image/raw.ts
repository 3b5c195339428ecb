import { types } from 'node:util';
import sharp from 'sharp';
import { optionRangeError, optionTypeError } from '../errors.js';
import type { Size } from '../size.js';
import { floatTiff } from './float-tiff.js';
import type { Picture, RawPicture } from './source.js';

function checkRaw(raw: RawPicture): void {
  const { data, width, height, channels } = raw;
  for (const [name, value] of Object.entries({ width, height })) {
    if (!Number.isInteger(value) || value < 1)
      throw optionRangeError(name, 'a whole number of pixels, at least 1', value);
  }
  if (![1, 2, 3, 4].includes(channels)) throw optionRangeError('channels', '1, 2, 3 or 4', channels);
  if (!types.isUint8Array(data) && !types.isUint8ClampedArray(data) && !types.isFloat32Array(data))
    throw optionTypeError('data', 'a Uint8Array, Uint8ClampedArray or Float32Array', data);
  if (data.length !== width * height * channels) {
    throw optionRangeError(
      'data',
      `of ${width} x ${height} x ${channels} = ${width * height * channels} values`,
      data.length,
    );
  }
  if (types.isFloat32Array(data) && data.some((value) => !Number.isFinite(value))) {
    throw optionRangeError(
      'data',
      'finite',
      data.find((value) => !Number.isFinite(value)),
    );
  }
}

/** Raw pixels as a picture, RGB without copying where it already is. */
export function rawPicture(raw: RawPicture): Picture {
  checkRaw(raw);
  const { data, width, height, channels } = raw;
  const pixels = width * height;
  if (channels === 3) {
    const rgb = types.isUint8ClampedArray(data) ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data;
    return { width, height, data: rgb };
  }
  const rgb = types.isFloat32Array(data) ? new Float32Array(pixels * 3) : new Uint8Array(pixels * 3);
  const grey = channels < 3;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      rgb[pixel * 3 + colour] = data[pixel * channels + (grey ? 0 : colour)] as number;
    }
  }
  if (channels === 1) return { width, height, data: rgb };
  // Rounds floats, and clamps them where a Uint8Array would begin again at 0.
  const alpha = new Uint8ClampedArray(pixels);
  for (let pixel = 0; pixel < pixels; pixel += 1) alpha[pixel] = data[pixel * channels + channels - 1] as number;
  return { width, height, data: rgb, alpha: new Uint8Array(alpha.buffer) };
}

const UNLIMITED = { limitInputPixels: false } as const;

/** What lies in memory, as sharp knows it: of an array of another realm it knows nothing. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

async function resizedBytes(data: Uint8Array, from: Size, to: Size): Promise<Uint8Array> {
  const channels = (data.length / (from.width * from.height)) as 1 | 3;
  return sharp(bufferOf(data), { ...UNLIMITED, raw: { width: from.width, height: from.height, channels } })
    .resize(to.width, to.height, { fit: 'fill' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
}

async function resizedFloats(data: Float32Array, from: Size, to: Size): Promise<Float32Array> {
  const bytes = await sharp(floatTiff({ data, width: from.width, height: from.height }), UNLIMITED)
    .resize(to.width, to.height, { fit: 'fill' })
    .toColourspace('scrgb')
    .raw({ depth: 'float' })
    .toBuffer();
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
}

/** Resized by sharp; floats stay floats, those below 0 and above 255 too. */
export async function resizedRaw(picture: Picture, size: Size): Promise<Picture> {
  const { width, height } = size;
  const { data, alpha } = picture;
  const resized = types.isFloat32Array(data)
    ? await resizedFloats(data, picture, size)
    : await resizedBytes(data, picture, size);
  if (!alpha) return { width, height, data: resized };
  return { width, height, data: resized, alpha: await resizedBytes(alpha, picture, size) };
}
