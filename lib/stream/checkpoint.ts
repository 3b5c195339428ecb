import type { NativeSavedState } from '../binding/native.js';
import { optionRangeError, optionTypeError } from '../errors.js';

/** What became of the dream before. */
export type Carry =
  /** There was none. */
  | 'first'
  /** It is of another scene, or of another size, and the stream begins anew. */
  | 'cut'
  /** It was moved along. */
  | 'carried'
  /** Every frame is dreamed by itself: `coherence: false`. */
  | 'alone';

/** What a stream had come to after a frame, for going on with it elsewhere or later: `from`. */
export interface StreamCheckpoint extends NativeSavedState {
  readonly width: number;
  readonly height: number;
  /** The frame that it is of, RGB. */
  readonly source: Uint8Array | Float32Array;
  /** How many frames were dreamed until then, which the next one's shifts come from. */
  readonly frames: number;
}

/** Where a stream begins anew, as it does at a cut: nothing hangs on what was before but the shifts. */
export type StreamPlace = Pick<StreamCheckpoint, 'frames'>;

/** Whether there is more to go on from than the place. */
export function isCheckpoint(from: StreamCheckpoint | StreamPlace): from is StreamCheckpoint {
  return 'change' in from;
}

function isPlace(given: StreamCheckpoint | StreamPlace): boolean {
  const names = Object.keys(Object(given));
  return names.length === 1 && Number.isSafeInteger(given.frames) && given.frames >= 0;
}

/** Throws TypeError or RangeError for what is none. */
export function checkCheckpoint(given: StreamCheckpoint | StreamPlace): void {
  if (isPlace(given)) return;
  const { width, height, source, change, strength, mean, frames } = Object(given) as Partial<StreamCheckpoint>;
  const values = (width ?? 0) * (height ?? 0) * 3;
  const numbers = typeof strength === 'number' && Number.isSafeInteger(frames) && Array.isArray(mean);
  if (!numbers || !(change instanceof Float32Array) || source === undefined)
    throw optionTypeError('from', "a checkpoint, as a frame's checkpoint() gives it", given);
  if (values > 0 && change.length === values && source.length === values && mean.length === 3) return;
  throw optionRangeError('from', 'a checkpoint whose arrays are of its size', `${width} x ${height}`);
}
