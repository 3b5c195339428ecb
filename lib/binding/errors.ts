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

/**
 * Gradients of dilated and of grouped convolutions: TensorFlow has them on processors by oneDNN alone, which it leaves off where the
 * processor has no instructions for networks, as those of AVX2 have not [2.21].
 */
const WITHOUT_ONEDNN = /do not yet support dilation rates|Gradients for grouped convolutions are not supported on CPU/;
const WITH_ONEDNN =
  "TensorFlow's plain kernels have no such gradient, and its oneDNN has: set TF_ENABLE_ONEDNN_OPTS=1 in the environment of the process.";

/** What the addon rejected with, as the error that users see: same code, TensorFlow's own text as its cause. */
export function fromNative(error: unknown): Error {
  if (!(error instanceof Error)) return new LiveDreamError('ERR_LIVEDREAM_INTERNAL', String(error), { cause: error });
  if (error instanceof LiveDreamError) return error;
  const { code, detail, octave, iteration } = error as NativeError;
  if (!isCode(code)) return new LiveDreamError('ERR_LIVEDREAM_INTERNAL', error.message, { cause: error });
  return new LiveDreamError(code, error.message, {
    cause: detail === undefined ? undefined : new Error(detail),
    ...(detail !== undefined && WITHOUT_ONEDNN.test(detail) ? { repair: WITH_ONEDNN } : {}),
    ...(octave === undefined ? {} : { octave }),
    ...(iteration === undefined ? {} : { iteration }),
  });
}
