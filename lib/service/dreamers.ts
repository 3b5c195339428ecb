import type { Dreamer } from '../dreamer.js';
import { optionRangeError } from '../errors.js';

/** Loads a Dreamer that differs from the service's in XLA alone. */
export type LoadOther = () => Promise<Dreamer>;

/** The Dreamer of a service, and where it can be had the one of the other mode of XLA, loaded when somebody asks for it. */
export class Dreamers {
  readonly #own: Dreamer;
  readonly #load: LoadOther | undefined;
  #other: Promise<Dreamer> | undefined;

  constructor(own: Dreamer, load: LoadOther | undefined) {
    this.#own = own;
    this.#load = load;
  }

  /** What clients may ask of `xla`. */
  get choices(): readonly boolean[] {
    const { xla } = this.#own;
    return this.#load ? [xla, !xla] : [xla];
  }

  /** Throws a RangeError for what this service does not do; rejects where the other cannot be loaded. */
  async of(xla: boolean | undefined): Promise<Dreamer> {
    if (xla === undefined || xla === this.#own.xla) return this.#own;
    if (!this.#load) throw optionRangeError('xla', `left out or ${this.#own.xla} on this service`, xla);
    this.#other ??= this.#load().catch((error: unknown) => {
      // What failed may go well another time.
      this.#other = undefined;
      throw error;
    });
    return this.#other;
  }
}
