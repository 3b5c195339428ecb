import { fromNative } from './binding/errors.js';
import type { NativeAddon, NativeCancellation } from './binding/native.js';
import { LiveDreamError } from './errors.js';

/** Throws ERR_LIVEDREAM_ABORTED with the signal's reason where it has been aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The dream was cancelled.', { cause: signal.reason });
  }
}

/** Runs native work that the signal cancels, and turns its errors into ours. */
export async function cancellable<T>(
  addon: NativeAddon,
  signal: AbortSignal | undefined,
  work: (cancellation: NativeCancellation) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const cancellation = new addon.Cancellation();
  const cancel = (): void => cancellation.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await work(cancellation);
  } catch (error) {
    throw fromNative(error, signal?.aborted ? signal.reason : undefined);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
