import { LiveDreamError } from '../../errors.js';

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

export function uploadAborted(signal: AbortSignal): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The upload to the store was cancelled.', {
    cause: signal.reason,
  });
}
