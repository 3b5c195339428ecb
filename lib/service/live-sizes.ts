import { fitted } from '../image/open.js';
import type { Size } from '../size.js';

/** Longest sides that live frames are dreamed at. */
const SIDES = [64, 96, 128, 160, 192, 256, 320, 384, 480, 640, 768, 1024, 1536, 2048] as const;

/** Width by height; cameras' own, and what lies between, so that nothing is drawn much distorted. */
const ASPECTS = [1 / 2, 9 / 16, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 16 / 9, 2] as const;

/** How a frame is dreamed, and how it goes back. */
export interface LiveShape {
  /** One of a set that is bounded, so that no client can make the service compile for ever. */
  readonly dreamed: Size;
  /** Of the frame's own proportions. */
  readonly shown: Size;
}

/** The longest side for a wish, and for the service's limit. */
export function liveSide(wish: number): number {
  return SIDES.findLast((side) => side <= wish) ?? SIDES[0];
}

/** Motion is looked for in half of a picture's sides, so they are even. */
const even = (side: number): number => 2 * Math.round(side / 2);

/** Fits a frame: never larger than it is, unless it is tiny, and no larger than `most`. */
export function liveShape(own: Size, most: number): LiveShape {
  const side = liveSide(Math.min(most, Math.max(own.width, own.height)));
  const distortion = (aspect: number): number => Math.abs(Math.log((aspect * own.height) / own.width));
  const aspect = ASPECTS.reduce((best, each) => (distortion(each) < distortion(best) ? each : best));
  const dreamed =
    aspect >= 1 ? { width: side, height: even(side / aspect) } : { width: even(side * aspect), height: side };
  const shown = fitted(own, side);
  const same = Math.abs(shown.width - dreamed.width) <= 1 && Math.abs(shown.height - dreamed.height) <= 1;
  return { dreamed, shown: same ? dreamed : shown };
}
