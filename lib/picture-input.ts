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

/** What noise and colours may be. */
export const START_LIMITS = {
  side: 65_536,
  noises: ['pink', 'white'],
  colour: '^#[0-9a-fA-F]{6}$',
  contrast: { default: 24, most: 100 },
} as const;

/** Noise to begin with, of natural pictures' colours, which goes on across its edges. */
export interface NoiseInput {
  /** 'pink': all grains alike, amplitudes of 1/f, as pictures have them; 'white': every pixel by itself. */
  readonly noise: (typeof START_LIMITS.noises)[number];
  readonly width: number;
  readonly height: number;
  /** From 0, the default, to 2^64 - 1, as the seed of a dream. */
  readonly seed?: number | bigint | string;
  /** The deviation of each colour from grey, of 255: above 0 to 100, 24 if not said. */
  readonly contrast?: number;
}

/** One colour to begin with. */
export interface FlatInput {
  /** Such as '#336699'. */
  readonly colour: string;
  readonly width: number;
  readonly height: number;
}

/** What a dream may begin with in the place of a picture. */
export type StartInput = NoiseInput | FlatInput;

/**
 * A path or `file:` URL; an encoded picture in a Uint8Array, ArrayBuffer, Blob, File, Node or web stream; a sharp instance; or
 * raw pixels; noise or one colour, to begin with.
 */
export type PictureInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | SharedArrayBuffer
  | PictureStream
  | Sharp
  | RawPicture
  | StartInput;
