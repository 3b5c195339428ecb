import { ERROR_CODES, type ErrorCode } from '../../error-codes.js';
import { LiveDreamError } from '../../errors.js';

/** What may go well another time, or elsewhere. All else is wrong with the job, and is not tried again. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'ERR_LIVEDREAM_ABORTED',
  'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
  'ERR_LIVEDREAM_DISPOSED',
  'ERR_LIVEDREAM_FARM_REFUSED',
  'ERR_LIVEDREAM_FARM_STORE',
  'ERR_LIVEDREAM_FFMPEG_FAILED',
  'ERR_LIVEDREAM_FFMPEG_MISSING',
  'ERR_LIVEDREAM_INTERNAL',
  'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
  'ERR_LIVEDREAM_OUT_OF_MEMORY',
  'ERR_LIVEDREAM_QUEUE_FULL',
  'ERR_LIVEDREAM_TENSORFLOW',
]);

function codeOf(error: unknown): ErrorCode | undefined {
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === 'string' && code in ERROR_CODES ? (code as ErrorCode) : undefined;
}

/** Whether another attempt may go well. What has none of our codes is the system's. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined || PASSING.has(code);
}

/** As a job keeps it, of which BullMQ keeps the text alone. */
export function failureText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${codeOf(error) ?? 'ERR_LIVEDREAM_INTERNAL'}: ${message}`;
}

/** The error that a job failed with, of the class that it had on its worker. */
export function failureOf(text: string): Error {
  const [, code = '', message = text] = /^(ERR_LIVEDREAM_\w+): (.*)$/s.exec(text) ?? [];
  if (/stalled more than allowable limit/.test(text))
    return new LiveDreamError(
      'ERR_LIVEDREAM_FARM_JOB',
      'Every worker that had the job died at it, or its lock ran out.',
      { cause: new Error(text) },
    );
  if (code === 'ERR_LIVEDREAM_OPTION_TYPE') return Object.assign(new TypeError(message), { code });
  if (code === 'ERR_LIVEDREAM_OPTION_RANGE') return Object.assign(new RangeError(message), { code });
  // Its text has its repair already.
  if (code in ERROR_CODES) return new LiveDreamError(code as ErrorCode, message, { repair: '' });
  return new LiveDreamError('ERR_LIVEDREAM_FARM_JOB', `The job failed: ${text}.`);
}

/** The error of a job that its caller does not want any more. */
export function jobCancelled(signal: AbortSignal | undefined): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The job was cancelled.', { cause: signal?.reason });
}
