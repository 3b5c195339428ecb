import { LiveDreamError } from '../errors.js';
import type { Term } from '../model/terms.js';
import type { Request } from '../request.js';
import type { Size } from '../size.js';

function fits({ plan, terms }: Request, picture: Size, pictures: number): boolean {
  try {
    plan(picture, Array<readonly Term[]>(pictures).fill(terms));
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
  let most = request.batches.most(picture);
  // Where one of them is within the memory limit, all of them are dreamed.
  while (most > 1 && !fits(request, picture, most)) most = Math.floor(most / 2);
  return most;
}
