import { Bell } from '../bell.js';
import type { StreamFrames, StreamInput } from './frame.js';

/** A frame as it came from the source. */
export interface Arrived<T> {
  /** Its place among all that came. */
  readonly index: number;
  readonly input: StreamInput<T>;
  /** When it came, as performance.now() has it. */
  readonly since: number;
  /** How many were dropped since the one before it. */
  readonly dropped: number;
}

async function* each<T>(source: StreamFrames<T>): AsyncGenerator<StreamInput<T>, void, undefined> {
  yield* source;
}

/**
 * Takes frames from a source beside the work on others: one ahead and no further, or as they come, where the newest drops
 * those before it.
 */
export class Frames<T> {
  readonly #iterator: AsyncGenerator<StreamInput<T>, void, undefined>;
  readonly #dropLate: boolean;
  readonly #bell = new Bell();
  #waiting: Arrived<T> | undefined;
  #ended = false;
  #closed = false;
  #fault: { readonly error: unknown } | undefined;

  constructor(source: StreamFrames<T>, dropLate: boolean) {
    this.#iterator = each(source);
    this.#dropLate = dropLate;
    void this.#take();
  }

  /** The next, once it is there; undefined after the last. Rejects with the source's error after all that came before it. */
  async next(): Promise<Arrived<T> | undefined> {
    for (;;) {
      const waiting = this.#waiting;
      if (waiting !== undefined && !this.#closed) {
        this.#waiting = undefined;
        this.#bell.ring();
        return waiting;
      }
      if (this.#closed) return undefined;
      if (this.#ended) {
        if (this.#fault) throw this.#fault.error;
        return undefined;
      }
      await this.#bell.heard();
    }
  }

  /** Nothing is taken or given any more; the source is told so. */
  close(): void {
    this.#closed = true;
    this.#waiting = undefined;
    this.#bell.ring();
    // A source that waits for something of its own answers when that comes, perhaps never.
    this.#iterator.return().catch(() => undefined);
  }

  async #take(): Promise<void> {
    try {
      for (let index = 0; ; index += 1) {
        while (!this.#dropLate && this.#waiting !== undefined && !this.#closed) await this.#bell.heard();
        const next = this.#closed ? undefined : await this.#iterator.next();
        if (next === undefined || next.done || this.#closed) break;
        const late = this.#waiting;
        const dropped = late === undefined ? 0 : late.dropped + 1;
        this.#waiting = { index, input: next.value, since: performance.now(), dropped };
        this.#bell.ring();
      }
    } catch (error) {
      this.#fault = { error };
    }
    this.#ended = true;
    this.#bell.ring();
  }
}
