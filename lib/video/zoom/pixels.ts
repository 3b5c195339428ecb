import type { Size } from '../../size.js';

/** A picture as floats, RGB interleaved, 0..255. */
export interface Pixels extends Size {
  readonly data: Float32Array;
}
