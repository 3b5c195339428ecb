import { optionTypeError } from '../errors.js';

// What every long call takes to be watched and cancelled. Both throw TypeError ERR_LIVEDREAM_OPTION_TYPE.

export function readSignal(signal: unknown): AbortSignal | undefined {
  // Not by instanceof: a signal of another realm (jest, vm) is one too.
  const target = signal as Partial<AbortSignal> | null | undefined;
  if (signal === undefined || (typeof target?.aborted === 'boolean' && typeof target.addEventListener === 'function'))
    return signal as AbortSignal | undefined;
  throw optionTypeError('signal', 'an AbortSignal', signal);
}

export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw optionTypeError(name, 'a function', value);
}
