import { performance } from 'node:perf_hooks';
import { fromNative } from './binding/errors.js';
import type { NativeAddon, NativeCancellation } from './binding/native.js';
import { type Caller, withCaller } from './caller.js';
import { LiveDreamError } from './errors.js';

/**
 * What one call holds from its first moment to its last: its place in the queue, its caller, its clock. An abort is heard at
 * once, whatever the call waits for.
 */
export class Ticket {
  readonly caller: Caller;
  readonly #start = performance.now();
  readonly #cancellation: NativeCancellation;
  readonly #underWay = new Set<Promise<unknown>>();
  #onIdle: (() => void) | undefined;

  constructor(addon: NativeAddon, caller: Caller) {
    this.caller = caller;
    const cancellation = new addon.Cancellation();
    this.#cancellation = cancellation;
    caller.signal.addEventListener('abort', () => cancellation.cancel(), { once: true });
  }

  /** Milliseconds since the call. */
  get elapsed(): number {
    return performance.now() - this.#start;
  }

  /** The work's result; or what stops the call, as soon as it does, while the work ends by itself and keeps the place until then. */
  hear<T>(work: Promise<T>): Promise<T> {
    return this.caller.hear(this.#watched(work));
  }

  /** Work of the engine, which is cancelled where the call is stopped. */
  async native<T>(work: (cancellation: NativeCancellation) => Promise<T>): Promise<T> {
    this.caller.throwIfStopped();
    try {
      return await this.#watched(work(this.#cancellation));
    } catch (error) {
      throw fromNative(error);
    }
  }

  /** Calls back when nothing that the call began goes on: at once where nothing does. */
  whenIdle(callback: () => void): void {
    if (this.#underWay.size === 0) callback();
    else this.#onIdle = callback;
  }

  #watched<T>(work: Promise<T>): Promise<T> {
    const ended = (): void => {
      this.#underWay.delete(work);
      if (this.#underWay.size > 0) return;
      this.#onIdle?.();
      this.#onIdle = undefined;
    };
    this.#underWay.add(work);
    work.then(ended, ended);
    return work;
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
  admit<T>(signal: AbortSignal | undefined, work: (ticket: Ticket) => Promise<T>): Promise<T> {
    return withCaller(signal, async (caller) => {
      if (this.#inside >= this.#limit) throw this.#full();
      this.#inside += 1;
      const ticket = new Ticket(this.#addon, caller);
      try {
        return await work(ticket);
      } finally {
        // Before the caller knows that the call has ended: who then asks for the next one finds room.
        ticket.whenIdle(() => {
          this.#inside -= 1;
        });
      }
    });
  }

  #full(): LiveDreamError {
    const waiting = this.#limit - this.#running;
    return new LiveDreamError(
      'ERR_LIVEDREAM_QUEUE_FULL',
      `This Dreamer has ${this.#limit} calls under way, as many as it takes: ${this.#running} at work, and the ${waiting} that queueLimit lets wait.`,
    );
  }
}
