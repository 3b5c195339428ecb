import type { NativeInput } from '../binding/native.js';
import { LiveDreamError } from '../errors.js';
import type { Objective } from '../model/objective.js';
import type { Request } from '../request.js';
import type { Size } from '../size.js';

/**
 * The pixels of a batch: as many as one tile of a large picture has. Small pictures are faster side by side, as each operation
 * costs its launch once; above this they gain nothing, and cost memory.
 */
export const BATCH_PIXELS = 512 * 512;
export const MOST_PICTURES = 32;

/** Whether the network takes pictures side by side: one that declares how many it takes does not. */
export function takesBatches({ shape }: Pick<NativeInput, 'shape'>): boolean {
  return shape === undefined || shape.startsWith('[?');
}

function fits({ plan, objective }: Request, picture: Size, pictures: number): boolean {
  try {
    plan(picture, Array<Objective>(pictures).fill(objective));
    return true;
  } catch (error) {
    if (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_IMAGE_TOO_LARGE') return false;
    throw error;
  }
}

/** How many pictures of this size one batch takes: one where they are cut in tiles. */
export function mostPictures(request: Request, picture: Size): number {
  const whole = request.plan(picture).octaves.every(({ rows, columns }) => rows * columns === 1);
  if (!whole) return 1;
  let most = Math.max(1, Math.min(MOST_PICTURES, Math.floor(BATCH_PIXELS / (picture.width * picture.height))));
  // Where one of them is within the memory limit, all of them are dreamed.
  while (most > 1 && !fits(request, picture, most)) most = Math.floor(most / 2);
  return most;
}
