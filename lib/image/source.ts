import type { Sharp } from 'sharp';

/** Pixels as they lie in memory: rows from the top, channels interleaved. */
export interface RawPicture {
  /** Bytes 0..255, or floats in the same range. `width * height * channels` of them. */
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** A path, an encoded picture, a sharp instance, or raw pixels. */
export type PictureInput = string | Uint8Array | ArrayBuffer | Sharp | RawPicture;

/** A picture ready to be dreamed. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGB, interleaved; bytes, or floats where raw floats were given. */
  readonly data: Uint8Array | Float32Array;
  /** Kept beside the dream and put back: one byte a pixel. */
  readonly alpha?: Uint8Array;
}

export function isRawPicture(input: unknown): input is RawPicture {
  return typeof input === 'object' && input !== null && 'data' in input && 'width' in input && 'channels' in input;
}

export function isSharp(input: unknown): input is Sharp {
  return (
    typeof input === 'object' &&
    input !== null &&
    typeof (input as Partial<Sharp>).metadata === 'function' &&
    typeof (input as Partial<Sharp>).toBuffer === 'function'
  );
}
