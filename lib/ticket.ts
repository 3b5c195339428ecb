import { performance } from 'node:perf_hooks';
import { fromNative } from './binding/errors.js';
import type { NativeAddon, NativeCancellation } from './binding/native.js';
import { hearing, throwIfAborted } from './cancel.js';
import { LiveDreamError } from './errors.js';

/**
 * What one call holds from its first moment to its last: its place in the queue, its signal, its clock. An abort is heard at
 * once, whatever the call waits for.
 */
export class Ticket {
  readonly #start = performance.now();
  readonly #signal: AbortSignal | undefined;
  readonly #cancellation: NativeCancellation;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #cancel = (): void => this.#cancellation.cancel();

  constructor(addon: NativeAddon, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#cancellation = new addon.Cancellation();
    signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** Milliseconds since the call. */
  get elapsed(): number {
    return performance.now() - this.#start;
  }

  /** The work's result; or the abort, as soon as it comes, while the work ends by itself and keeps the place until then. */
  hear<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    return hearing(this.#signal, work);
  }

  /** Work of the engine, which the abort cancels. */
  async native<T>(work: (cancellation: NativeCancellation) => Promise<T>): Promise<T> {
    throwIfAborted(this.#signal);
    try {
      const running = work(this.#cancellation);
      this.#underWay.add(running);
      return await running;
    } catch (error) {
      throw fromNative(error, this.#signal?.aborted ? this.#signal.reason : undefined);
    }
  }

  /** Resolves when nothing that the call began goes on. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#cancel);
    await Promise.allSettled(this.#underWay);
  }
}

/** Lets so many calls in at a time, before they decode or allocate anything, so that the queue bounds memory. */
export class Admission {
  readonly #addon: NativeAddon;
  readonly #running: number;
  readonly #limit: number;
  #inside = 0;

  /**
   * @param running how many calls run at a time, one an engine
   * @param waiting how many may wait beside them
   */
  constructor(addon: NativeAddon, running: number, waiting: number) {
    this.#addon = addon;
    this.#running = running;
    this.#limit = running + waiting;
  }

  /**
   * Runs the work with a ticket; it begins before this returns, so what it copies first is copied at the call.
   * Rejects with ERR_LIVEDREAM_QUEUE_FULL or ERR_LIVEDREAM_ABORTED before it begins.
   */
  async admit<T>(signal: AbortSignal | undefined, work: (ticket: Ticket) => Promise<T>): Promise<T> {
    throwIfAborted(signal);
    if (this.#inside >= this.#limit) {
      throw new LiveDreamError(
        'ERR_LIVEDREAM_QUEUE_FULL',
        `As many calls wait as queueLimit allows, ${this.#limit - this.#running}.`,
      );
    }
    this.#inside += 1;
    const ticket = new Ticket(this.#addon, signal);
    try {
      return await work(ticket);
    } finally {
      void ticket.close().then(() => {
        this.#inside -= 1;
      });
    }
  }
}
