import { LiveDreamError } from '../errors.js';
import { type Encoding, encodingOf } from '../formats.js';
import { checkReadable, decode } from '../image/decode.js';
import { encode, toSharp } from '../image/encode.js';
import { resizedRaw } from '../image/raw.js';
import type { Picture, RawPicture } from '../image/source.js';
import type { ServiceLimits } from '../options/serve-options.js';
import type { Size } from '../size.js';
import { checkPixels } from './dreams.js';
import type { LiveShown } from './live-options.js';
import { type LiveShape, liveShape } from './live-sizes.js';

/** A frame as it is dreamed. */
export interface LiveFrame {
  readonly picture: RawPicture;
  readonly shape: LiveShape;
}

const isPng = (bytes: Buffer): boolean => bytes.readUInt32BE(0) === 0x89504e47;
const isJpeg = (bytes: Buffer): boolean => bytes.readUIntBE(0, 3) === 0xffd8ff;
const isWebp = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 4) === 'RIFF';

function checkKind(bytes: Buffer): void {
  if (bytes.length >= 4 && [isPng, isJpeg, isWebp].some((is) => is(bytes))) return;
  throw new LiveDreamError('ERR_LIVEDREAM_IMAGE_UNREADABLE', 'The frame is no JPEG, PNG or WebP.');
}

/** Decodes a frame to the size that it is dreamed at, its own size checked before any pixel is. Rejects as `decode` does. */
export async function readFrame(bytes: Buffer, most: number, limits: ServiceLimits): Promise<LiveFrame> {
  checkKind(bytes);
  const own = await checkReadable(bytes, { page: undefined, size: undefined });
  checkPixels(own, 'The frame', limits);
  const shape = liveShape(own, most);
  const { dreamed } = shape;
  const size = Math.max(dreamed.width, dreamed.height);
  const { width, height, data } = await decode(bytes, { page: undefined, size, check: () => undefined });
  const picture = await sized({ width, height, data }, dreamed);
  return { shape, picture: { ...dreamed, data: picture.data, channels: 3 } };
}

/** A dreamed frame as it goes to its client. */
export async function writeFrame(dreamed: Picture, { format, quality }: LiveShown, shown: Size): Promise<Buffer> {
  const { width, height, data } = await sized(dreamed, shown);
  const bytes = data instanceof Float32Array ? new Uint8Array(new Uint8ClampedArray(data)) : data;
  return encode(toSharp({ width, height, data: bytes }), encodingOf(format) as Encoding, quality);
}

function sized(picture: Picture, { width, height }: Size): Promise<Picture> {
  if (picture.width === width && picture.height === height) return Promise.resolve(picture);
  return resizedRaw(picture, { width, height });
}
