import { types } from 'node:util';
import type { Sharp } from 'sharp';
import { isUrl } from '../file-url.js';
import type { PictureInput, RawPicture, StartInput } from '../picture-input.js';
import { picturePath } from './path.js';
import type { SourceFacts } from './source-facts.js';
import { isStart } from './start.js';
import { isStream, StreamedPicture } from './stream.js';

export type { PictureInput, RawPicture } from '../picture-input.js';

/** A picture as the caller gave it, but nobody else can change it: a path, memory of its own, a stream to read from. */
export type OwnedPicture = string | Buffer | StreamedPicture | Sharp | RawPicture | StartInput;

/** By the constructor, not by slice(), which of a Buffer is a view. */
function copied(data: RawPicture['data']): RawPicture['data'] {
  if (types.isFloat32Array(data)) return new Float32Array(data);
  return types.isUint8Array(data) || types.isUint8ClampedArray(data) ? new Uint8Array(data) : data;
}

/**
 * Copies whatever lies in the caller's memory; to be called before the call that gave it returns. What is no picture at all
 * is passed on, for `decode` to refuse. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE for a URL that names no file.
 */
export function own(input: PictureInput): OwnedPicture {
  if (typeof input === 'string' || isUrl(input)) return picturePath(input);
  if (types.isUint8Array(input)) return Buffer.from(input);
  // A detached one, of no bytes, is refused as empty.
  if (types.isAnyArrayBuffer(input)) return Buffer.from(input.byteLength === 0 ? [] : new Uint8Array(input));
  // A sharp instance is a stream as well; its clone does not hear of what is asked of it after the call.
  if (isSharp(input)) return input.clone();
  if (isStream(input)) return new StreamedPicture(input);
  if (isStart(input)) return { ...input };
  if (!isRawPicture(input)) return input;
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
  /** Where that was asked for. */
  readonly source?: SourceFacts;
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
