import { type ChangedOptions, changed } from '../options/stream-options.js';
import { readChanged } from './changed.js';
import type { StreamedFrame } from './frame.js';

/** The frames of a stream as they are dreamed: loop over it once. Leaving the loop ends the stream. */
export class DreamStream<T = unknown> implements AsyncIterableIterator<StreamedFrame<T>>, AsyncDisposable {
  readonly #frames: AsyncGenerator<StreamedFrame<T>, void, undefined>;
  readonly #current: { options: ChangedOptions };

  constructor(frames: AsyncGenerator<StreamedFrame<T>, void, undefined>, current: { options: ChangedOptions }) {
    this.#frames = frames;
    this.#current = current;
  }

  /**
   * Changes options from the next frame on that is taken from the source; those left out stay as they are. Nothing is compiled
   * for values; another layer or another number of octaves may need programs that were not warmed up.
   * @throws TypeError or RangeError for wrong options
   */
  change(options: ChangedOptions): void {
    const next = changed(this.#current.options, options);
    readChanged(next);
    this.#current.options = next;
  }

  next(): Promise<IteratorResult<StreamedFrame<T>, void>> {
    return this.#frames.next();
  }

  async return(): Promise<IteratorResult<StreamedFrame<T>, void>> {
    return this.#frames.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the stream. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#frames.return();
  }
}
