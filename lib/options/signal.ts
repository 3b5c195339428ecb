import { optionTypeError } from '../errors.js';

/** Throws TypeError ERR_LIVEDREAM_OPTION_TYPE. */
export function readSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw optionTypeError('signal', 'an AbortSignal', signal);
}
