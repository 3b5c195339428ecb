import { LiveDreamError } from '../errors.js';

/** An abort reaches the work by many ways, and ends it by one error: that, or what went wrong where nobody aborted. */
export function aborted(error: unknown, signal: AbortSignal): unknown {
  if (!signal.aborted) return error;
  return new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: signal.reason });
}
