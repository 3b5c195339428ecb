import { optionRangeError } from './errors.js';

/** Of a picture, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Throws a RangeError that names the side. */
export function checkSize(size: Size): void {
  for (const name of ['width', 'height'] as const) {
    const side = size?.[name];
    if (!Number.isInteger(side) || side < 1) throw optionRangeError(name, 'a whole number of pixels, at least 1', side);
  }
}
