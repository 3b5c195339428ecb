import { LiveDreamError } from '../../errors.js';
import type { FarmStore } from './store.js';

/** Answers without a body have the name alone, and several refused connections together only a code. */
function whyOf(cause: Error & { readonly code?: unknown }): string {
  const { message, name, code } = cause;
  return message && message !== 'UnknownError' ? message.replace(/\.$/, '') : String(code ?? name);
}

/** The error of a store that cannot be used. */
export function storeFailed(place: string, what: string, cause: unknown, repair?: string): LiveDreamError {
  if (cause instanceof LiveDreamError) return cause;
  const why = cause instanceof Error ? whyOf(cause) : String(cause);
  const given = repair === undefined ? {} : { repair };
  return new LiveDreamError('ERR_LIVEDREAM_FARM_STORE', `The farm's store '${place}' ${what}: ${why}.`, {
    cause,
    ...given,
  });
}

/** What is said of something that should be there. */
export function lacks({ place }: Pick<FarmStore, 'place'>, key: string): string {
  return `The farm's store '${place}' has no '${key}'.`;
}

/** The error of something that should be there. */
export function notStored(store: Pick<FarmStore, 'place'>, key: string): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_FARM_STORE', lacks(store, key));
}

export function uploadAborted(signal: AbortSignal): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The upload to the store was cancelled.', {
    cause: signal.reason,
  });
}
