import type { Dream } from '../dream.js';
import type { RawPicture } from '../image/source.js';
import type { DreamOptions } from '../options/dream-options.js';
import type { StreamCheckpoint } from '../stream/checkpoint.js';
import type { Frame } from './frame.js';

/** A dreamed frame, and where the next ones hang on it what they would go on from. */
export interface DreamedFrame {
  readonly frame: Frame;
  readonly state?: () => Promise<StreamCheckpoint>;
}

/** Dreams of frames in their order, one for each; `from` is the state after the frame before the first. */
export type FrameDreamer = (
  frames: AsyncIterable<Frame>,
  from: StreamCheckpoint | undefined,
) => AsyncIterable<DreamedFrame>;

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

function depthOf({ bits }: Frame): 'uint8' | 'float32' {
  return bits === 16 ? 'float32' : 'uint8';
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
      const result = await dream(coloursOf(frame), { ...options, depth: depthOf(frame) });
      onDream(result);
      yield { frame: withColours(frame, result.data) };
    }
  };
}

/** What is given to a stream, and what comes of it. */
interface StreamedInput {
  readonly picture: RawPicture;
  readonly options: { readonly depth: 'uint8' | 'float32' };
  readonly tag: Frame;
}
type Streamed = Dream & { readonly tag: Frame | undefined; readonly checkpoint: () => Promise<StreamCheckpoint> };

/** What dreams of frames that follow each other: a Dreamer's `stream`. */
export type DreamStreamOf = (
  frames: AsyncIterable<StreamedInput>,
  from: StreamCheckpoint | undefined,
) => AsyncIterable<Streamed>;

async function* inputs(frames: AsyncIterable<Frame>): AsyncGenerator<StreamedInput, void, undefined> {
  for await (const tag of frames) yield { picture: coloursOf(tag), options: { depth: depthOf(tag) }, tag };
}

/** Each frame dreamed on the dream of the one before. */
export function dreamCoherent(stream: DreamStreamOf, onDream: (dream: Dream) => void = () => undefined): FrameDreamer {
  return async function* dreamed(frames, from) {
    for await (const result of stream(inputs(frames), from)) {
      onDream(result);
      yield { frame: withColours(result.tag as Frame, result.data), state: () => result.checkpoint() };
    }
  };
}
