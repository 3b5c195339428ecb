/** A picture of a film, with its place in time. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** Of a component: bytes, or little-endian words of two. */
  readonly bits: 8 | 16;
  /** Rows from the top, channels interleaved. */
  readonly data: Buffer;
  /** When it is shown and for how long, in ticks of the film's clock; a length of 0 is unknown. */
  readonly time: bigint;
  readonly length: bigint;
}

export type FrameShape = Pick<Frame, 'width' | 'height' | 'channels' | 'bits'>;

export function bytesOf({ width, height, channels, bits }: FrameShape): number {
  return width * height * channels * (bits / 8);
}

/** ffmpeg's name for such pixels. */
export function pixelName({ channels, bits }: FrameShape): string {
  if (bits === 16) return channels === 4 ? 'rgba64le' : 'rgb48le';
  return channels === 4 ? 'rgba' : 'rgb24';
}
