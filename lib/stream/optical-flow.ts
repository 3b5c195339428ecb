import { loadAddon } from '../binding/addon.js';
import { fromNative } from '../binding/errors.js';
import type { NativeOpticalFlow } from '../binding/native.js';
import { optionRangeError } from '../errors.js';
import { rawPicture } from '../image/raw.js';
import type { RawPicture } from '../image/source.js';
import type { Size } from '../size.js';

/** Motion and its confidence. */
export type OpticalFlow = NativeOpticalFlow;

function bytesOf(picture: RawPicture): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
  const { data, width, height } = rawPicture(picture);
  return { width, height, data: data instanceof Float32Array ? new Uint8Array(new Uint8ClampedArray(data)) : data };
}

function checkAlike(here: Size, there: Size): void {
  if (here.width === there.width && here.height === there.height) return;
  const expected = `of the size of 'now', ${here.width} x ${here.height}`;
  throw optionRangeError('before', expected, `${there.width} x ${there.height}`);
}

/**
 * Where what one picture shows was in another, as streams find it: dense inverse search, coarse to fine (Kroeger et al. 2016),
 * and a variational refinement (Brox et al. 2004), with a check of the way back. Needs no model and no TensorFlow. `motion` has two
 * floats a pixel, right and down, in pixels; `confidence` one, 0..1.
 * @param now raw pixels
 * @param before raw pixels of the same size
 * @throws RangeError where sizes differ or the pixels are not of their size; LiveDreamError ERR_LIVEDREAM_ADDON_MISSING
 * @example
 * ```ts
 * import { opticalFlow, type RawPicture } from 'livedream';
 *
 * const [width, height] = [64, 48];
 * const at = (left: number): RawPicture => // a slope of brightness, so far to the right
 *   ({ width, height, channels: 1, data: Uint8Array.from({ length: width * height }, (_, i) => 2 * ((i % width) + 30 - left)) });
 * const { motion, confidence } = await opticalFlow(at(3), at(0));
 * console.log(motion[0], motion[1], confidence[0]); // of the pixel at the top left
 * ```
 */
export async function opticalFlow(now: RawPicture, before: RawPicture): Promise<OpticalFlow> {
  const [here, there] = [bytesOf(now), bytesOf(before)];
  checkAlike(here, there);
  try {
    return await loadAddon().opticalFlow(here.data, there.data, here.width, here.height);
  } catch (error) {
    throw fromNative(error);
  }
}

/**
 * How much of one picture is known from another, 0..1: what a stream compares with `sceneCut`. Of bytes or floats, as the stream
 * has them.
 */
export async function knownShare(now: RawPicture, before: RawPicture): Promise<number> {
  const [here, there] = [rawPicture(now), rawPicture(before)];
  checkAlike(here, there);
  try {
    return await loadAddon().knownShare(here.data, there.data, here.width, here.height);
  } catch (error) {
    throw fromNative(error);
  }
}
