import { types } from 'node:util';
import { optionRangeError, optionTypeError } from '../errors.js';
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
  const alpha = new Uint8Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel += 1) alpha[pixel] = data[pixel * channels + channels - 1] as number;
  return { width, height, data: rgb, alpha };
}
