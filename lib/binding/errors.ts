import { ERROR_CODES, type ErrorCode } from '../error-codes.js';
import { LiveDreamError } from '../errors.js';

interface NativeError extends Error {
  readonly code?: string;
  readonly detail?: string;
  readonly octave?: number;
  readonly iteration?: number;
}

function isCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in ERROR_CODES;
}

/** What the addon rejected with, as the error that users see: same code, TensorFlow's own text as its cause. */
export function fromNative(error: unknown): Error {
  if (!(error instanceof Error)) return new LiveDreamError('ERR_LIVEDREAM_INTERNAL', String(error), { cause: error });
  if (error instanceof LiveDreamError) return error;
  const { code, detail, octave, iteration } = error as NativeError;
  if (!isCode(code)) return new LiveDreamError('ERR_LIVEDREAM_INTERNAL', error.message, { cause: error });
  return new LiveDreamError(code, error.message, {
    cause: detail === undefined ? undefined : new Error(detail),
    ...(octave === undefined ? {} : { octave }),
    ...(iteration === undefined ? {} : { iteration }),
  });
}
