import { LiveDreamError } from './errors.js';
import { onAbort } from './on-abort.js';

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}

/**
 * Whoever made a call, as far as the call has to do with them: their signal and their callbacks. An abort stops the call, and so
 * does an error of a callback; the first of these is what the call rejects with.
 */
export class Caller {
  readonly #controller = new AbortController();
  /** Of those who wait: what tells them that the call stopped. */
  readonly #hearing = new Set<() => void>();
  readonly #answers = new Set<Promise<void>>();
  /** In an object, as a callback may throw anything, undefined too. */
  #end: { readonly error: unknown } | undefined;
  #closed = false;
  #unlisten: (() => void) | undefined;

  constructor(signal: AbortSignal | undefined) {
    if (!signal) return;
    const abort = (): void => {
      const { reason } = signal;
      this.#stop(new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: reason }), reason);
    };
    if (signal.aborted) abort();
    else this.#unlisten = onAbort(signal, abort);
  }

  /** Aborted when the call is to stop, with the reason of its caller's; what the call rejects with, `throwIfStopped` tells. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get stopped(): boolean {
    return this.#end !== undefined;
  }

  /** Throws ERR_LIVEDREAM_ABORTED with the signal's reason, or a callback's own error. */
  throwIfStopped(): void {
    if (this.#end) throw this.#end.error;
  }

  /** The work's result, or what stopped the call as soon as it does; the work then goes on unheard. */
  hear<T>(work: Promise<T>): Promise<T> {
    // Not by Promise.race with a promise for the whole call, which would keep every result until the call ends.
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(this.#end?.error);
      const heard = (): void => void this.#hearing.delete(stop);
      this.#hearing.add(stop);
      work.then(resolve, reject).finally(heard);
      if (this.#end) queueMicrotask(stop);
    });
  }

  /**
   * A caller's callback, to be called from anywhere: it never throws. What the callback throws, or a promise that it returns
   * rejects with, stops the call; once that is stopped or ended, nothing is called any more.
   */
  safely<V extends readonly unknown[]>(callback: (...values: V) => unknown): (...values: V) => void {
    return (...values) => {
      if (this.#end || this.#closed) return;
      try {
        const answer = callback(...values);
        if (isThenable(answer)) this.#await(answer);
      } catch (error) {
        this.#stop(error);
      }
    };
  }

  /** Waits for the promises that callbacks returned. */
  async finish(): Promise<void> {
    while (this.#answers.size > 0) await this.hear(Promise.all(this.#answers));
    this.throwIfStopped();
  }

  /** The call has ended: its caller is neither heard nor called any more. */
  close(): void {
    this.#closed = true;
    this.#unlisten?.();
  }

  #await(answer: PromiseLike<unknown>): void {
    const answered = Promise.resolve(answer)
      .then(
        () => undefined,
        (error: unknown) => this.#stop(error),
      )
      .finally(() => this.#answers.delete(answered));
    this.#answers.add(answered);
  }

  readonly #stop = (error: unknown, reason: unknown = error): void => {
    if (this.#end || this.#closed) return;
    this.#end = { error };
    for (const stop of this.#hearing) stop();
    this.#controller.abort(reason);
  };
}

/** Does the work of one call, which begins before this returns. Rejects with what stopped it, or else with its own error. */
export async function withCaller<T>(signal: AbortSignal | undefined, work: (caller: Caller) => Promise<T>): Promise<T> {
  const caller = new Caller(signal);
  try {
    caller.throwIfStopped();
    const result = await work(caller);
    await caller.finish();
    return result;
  } catch (error) {
    caller.throwIfStopped();
    throw error;
  } finally {
    caller.close();
  }
}
