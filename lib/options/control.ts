import { optionTypeError } from '../errors.js';

// What every long call takes to be watched and cancelled. Both throw TypeError ERR_LIVEDREAM_OPTION_TYPE.

export function readSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw optionTypeError('signal', 'an AbortSignal', signal);
}

export function checkOnProgress(onProgress: unknown): void {
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw optionTypeError('onProgress', 'a function', onProgress);
  }
}
