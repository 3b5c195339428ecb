import type { Sharp } from 'sharp';

// What may be given as a picture; lib/image reads it.

/** A web stream of bytes, of whatever realm. */
export interface PictureWebStream {
  readonly locked: boolean;
  getReader(): unknown;
}

/** A Blob or File, of whatever realm. */
export interface PictureBlob {
  readonly size: number;
  stream(): unknown;
}

export type PictureStream = NodeJS.ReadableStream | PictureWebStream | PictureBlob;

/** Pixels as they lie in memory: rows from the top, channels interleaved. */
export interface RawPicture {
  /** Bytes 0..255, or floats in the same range; floats beyond it are kept. `width * height * channels` of them. */
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. Alpha is 0..255, and clamped to it. */
  readonly channels: 1 | 2 | 3 | 4;
}

/**
 * A path or `file:` URL; an encoded picture in a Uint8Array, ArrayBuffer, Blob, File, Node or web stream; a sharp instance; or
 * raw pixels.
 */
export type PictureInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | SharedArrayBuffer
  | PictureStream
  | Sharp
  | RawPicture;
