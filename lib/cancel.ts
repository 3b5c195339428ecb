import { LiveDreamError } from './errors.js';

function aborted(signal: AbortSignal): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: signal.reason });
}

/** Throws ERR_LIVEDREAM_ABORTED with the signal's reason where it has been aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** The work's result, or ERR_LIVEDREAM_ABORTED as soon as the signal aborts; the work then goes on unheard. */
export async function hearing<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  let stop: (() => void) | undefined;
  const abort = new Promise<never>((_resolve, reject) => {
    stop = () => reject(aborted(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, abort]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
