import { types } from 'node:util';
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
export type PictureInput = string | Uint8Array | ArrayBuffer | SharedArrayBuffer | Sharp | RawPicture;

/** A picture as the caller gave it, but in memory that nobody else can change, resize or transfer. */
export type OwnedPicture = string | Buffer | Sharp | RawPicture;

/** By the constructor, not by slice(), which of a Buffer is a view. */
function copied(data: RawPicture['data']): RawPicture['data'] {
  if (types.isFloat32Array(data)) return new Float32Array(data);
  return types.isUint8Array(data) || types.isUint8ClampedArray(data) ? new Uint8Array(data) : data;
}

/**
 * Copies whatever lies in the caller's memory; to be called before the call that gave it returns. What is no picture at all
 * is passed on, for `decode` to refuse.
 */
export function own(input: PictureInput): OwnedPicture {
  if (types.isUint8Array(input)) return Buffer.from(input);
  if (types.isAnyArrayBuffer(input)) return Buffer.from(new Uint8Array(input));
  if (!isRawPicture(input)) return input as OwnedPicture;
  const { data, width, height, channels } = input;
  return { data: copied(data), width, height, channels };
}

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
