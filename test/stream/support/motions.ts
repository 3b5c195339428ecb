// Pairs of pictures whose motion is known: a photograph, or the project's own sample, seen through a moving camera.

import type { Camera, Size, View } from '../../../tools/flow/motions.mjs';
import * as motions from '../../../tools/flow/motions.mjs';
import { samplePicture } from '../../support/pictures.js';

export {
  type Camera,
  endPointError,
  motionBetween,
  type Size,
  warpedDifference,
} from '../../../tools/flow/motions.mjs';

let known: Promise<Float32Array> | undefined;

function world(): Promise<Float32Array> {
  known ??= samplePicture(motions.WORLD.width, motions.WORLD.height);
  return known;
}

/** What a camera sees. */
export async function view(camera: Camera, size: Size): Promise<View> {
  return motions.view(await world(), camera, size);
}

/** Two layers, one of which hides part of the other. */
export async function layers(size: Size): Promise<ReturnType<typeof motions.layers>> {
  return motions.layers(await world(), size);
}
