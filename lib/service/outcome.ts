import { faultOf } from './faults.js';
import type { Outcome } from './metrics.js';

/** How a dream ended that did not end well: at a client that left, or at its time, or else by its error. */
export function outcomeOf(error: unknown, left: AbortSignal, late: AbortSignal): Outcome {
  if (left.aborted) return 'left';
  if (late.aborted) return 'timeout';
  const { status, code } = faultOf(error);
  if (code === 'ERR_LIVEDREAM_QUEUE_FULL') return 'refused';
  if (code === 'ERR_LIVEDREAM_ABORTED' || code === 'ERR_LIVEDREAM_DISPOSED') return 'stopped';
  return status < 500 ? 'invalid' : 'failed';
}
