import type { Dream } from '../dream.js';
import type { RawPicture } from '../image/source.js';
import type { DreamOptions } from '../options/dream-options.js';
import type { Frame } from './frame.js';

/** A frame and its dream: where a coherent stream goes on. */
export interface DreamedFrame {
  readonly source: Frame;
  readonly dream: Frame;
}

/** Dreams of frames in their order, one for each. */
export type FrameDreamer = (frames: AsyncIterable<Frame>, start: DreamedFrame | undefined) => AsyncIterable<Frame>;

/** 65,535 is 255. */
const WORD = 257;

function words({ data }: Frame): Uint16Array {
  // A view needs an even address, which a part of a larger buffer may not have.
  const aligned = data.byteOffset % 2 === 0 ? data : Buffer.from(new Uint8Array(data));
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}

/** What is dreamed: the colours, of 16 bits as floats. Transparency is put back afterwards as it was. */
export function coloursOf(frame: Frame): RawPicture {
  const { width, height, channels, bits } = frame;
  const from = bits === 16 ? words(frame) : frame.data;
  const size = { width, height, channels: 3 } as const;
  if (bits === 8 && channels === 3) return { ...size, data: frame.data };
  const data = bits === 16 ? new Float32Array(width * height * 3) : new Uint8Array(width * height * 3);
  const scale = bits === 16 ? 1 / WORD : 1;
  for (let pixel = 0, place = 0; pixel < width * height; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) data[place++] = (from[pixel * channels + colour] as number) * scale;
  }
  return { ...size, data };
}

/** The frame with other colours: bytes, or floats that are rounded to 16 bits. */
export function withColours(frame: Frame, colours: Uint8Array | Float32Array): Frame {
  const { width, height, channels, bits } = frame;
  if (bits === 8 && channels === 3 && colours instanceof Uint8Array)
    return { ...frame, data: Buffer.from(colours.buffer, colours.byteOffset, colours.byteLength) };
  const data = Buffer.from(new Uint8Array(frame.data));
  const to = bits === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  const [scale, most] = bits === 16 ? [WORD, 65_535] : [1, 255];
  for (let pixel = 0, place = 0; pixel < width * height; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      const value = Math.round((colours[place++] as number) * scale);
      to[pixel * channels + colour] = value < 0 ? 0 : value > most ? most : value;
    }
  }
  return { ...frame, data };
}

/** What dreams of one picture: a Dreamer's `dream`. */
export type DreamOne = (picture: RawPicture, options: DreamOptions) => Promise<Dream>;

/** Each frame dreamed alone, with the same seed: shifts are the same in all of them. */
export function dreamAlone(
  dream: DreamOne,
  options: DreamOptions,
  onDream: (dream: Dream) => void = () => undefined,
): FrameDreamer {
  return async function* dreamed(frames) {
    for await (const frame of frames) {
      const depth = frame.bits === 16 ? 'float32' : 'uint8';
      const result = await dream(coloursOf(frame), { ...options, depth });
      onDream(result);
      yield withColours(frame, result.data);
    }
  };
}
