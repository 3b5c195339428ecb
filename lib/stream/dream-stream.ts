import { type ChangedOptions, changed } from '../options/stream-options.js';
import { readChanged } from './changed.js';
import type { StreamedFrame } from './frame.js';

/**
 * The frames of a stream as they are dreamed: loop over it once. Leaving the loop ends the stream. `dreamer.stream` begins it.
 * @example
 * ```ts
 * const stream = dreamer.stream(['frame-1.jpg', 'frame-2.jpg', 'frame-3.jpg'], { preset: 'live' });
 * for await (const { index, carry, confidence } of stream) {
 *   console.log(index, carry, confidence);
 *   if (index === 1) break; // ends the stream
 * }
 * ```
 */
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
   * @example
   * ```ts
   * const stream = dreamer.stream(['frame-1.jpg', 'frame-2.jpg', 'frame-3.jpg'], { preset: 'live' });
   * for await (const frame of stream) {
   *   console.log(frame.parameters.step);
   *   if (frame.strength > 1) stream.change({ step: 1, blend: 0.95 });
   * }
   * ```
   */
  change(options: ChangedOptions): void {
    const next = changed(this.#current.options, options);
    readChanged(next);
    this.#current.options = next;
  }

  /**
   * The next frame, when it is dreamed; as `for await` asks for it.
   * @throws what `dreamer.stream` says
   * @example
   * ```ts
   * const stream = dreamer.stream(['frame-1.jpg', 'frame-2.jpg'], { preset: 'live' });
   * const { value: first } = await stream.next();
   * if (first) await first.toFile('first.png');
   * await stream.return();
   * ```
   */
  next(): Promise<IteratorResult<StreamedFrame<T>, void>> {
    return this.#frames.next();
  }

  /**
   * Ends the stream within a step, as leaving the loop does; frames that nobody took are given up.
   * @example
   * ```ts
   * const stream = dreamer.stream(['frame-1.jpg', 'frame-2.jpg'], { preset: 'live' });
   * await stream.next();
   * await stream.return();
   * console.log((await stream.next()).done); // true
   * ```
   */
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
