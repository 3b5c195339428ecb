import { LiveDreamError } from '../../errors.js';

/** The error of a store that cannot be used. */
export function storeFailed(place: string, what: string, cause: unknown, repair?: string): LiveDreamError {
  if (cause instanceof LiveDreamError) return cause;
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  const given = repair === undefined ? {} : { repair };
  return new LiveDreamError('ERR_LIVEDREAM_FARM_STORE', `The farm's store '${place}' ${what}: ${why}.`, {
    cause,
    ...given,
  });
}
