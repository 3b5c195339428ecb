import { setImmediate as nextTurn } from 'node:timers/promises';
import { Bell } from '../bell.js';

/** What was taken from the source, and has its place until it is released. */
export interface Taken<S> {
  readonly index: number;
  readonly source: S;
  /** When it was taken, as performance.now() has it. */
  readonly since: number;
}

export interface LookAheadOptions<S, T extends Taken<S>> {
  readonly source: Iterable<S> | AsyncIterable<S>;
  /** Makes of a taken one what is ready to be worked on; undefined where there is nothing to work on, and it was released. */
  readonly read: (taken: Taken<S>) => Promise<T | undefined>;
  /** How many may be read at the same time. */
  readonly readers: number;
  /** How many may have their place, by what was read last. */
  readonly places: (last: T | undefined) => number;
}

async function* each<S>(source: Iterable<S> | AsyncIterable<S>): AsyncGenerator<S, void, undefined> {
  yield* source;
}

/** Takes from a source no further ahead than there are places, and reads several at once; what is ready waits for its turn. */
export class LookAhead<S, T extends Taken<S>> {
  readonly #options: LookAheadOptions<S, T>;
  readonly #iterator: AsyncGenerator<S, void, undefined>;
  readonly #ready: T[] = [];
  readonly #unread: Taken<S>[] = [];
  #last: T | undefined;
  #reading = 0;
  #placed = 0;
  #ended = false;
  #closed = false;
  readonly #bell = new Bell();
  #fault: { readonly error: unknown } | undefined;

  constructor(options: LookAheadOptions<S, T>) {
    this.#options = options;
    this.#iterator = each(options.source);
    void this.#take();
  }

  /**
   * The oldest that is ready with others that go with it, as many as `most` says, once there are so many or none is being
   * read; undefined after the last. Rejects with the source's error after all that came before it.
   */
  async next(most: (first: T) => number, goes: (first: T, other: T) => boolean): Promise<T[] | undefined> {
    for (;;) {
      // A turn for who takes from the source, so that what is there at once is being read.
      await nextTurn();
      if (this.#closed) return this.#end();
      const [first] = this.#ready;
      const idle = this.#unread.length + this.#reading === 0;
      if (first !== undefined) {
        const wanted = most(first);
        const found = this.#ready.filter((other) => other === first || goes(first, other)).slice(0, wanted);
        if (found.length >= wanted || idle) return this.#remove(found);
      } else if (this.#ended && idle) return this.#end();
      await this.#bell.heard();
    }
  }

  /** Gives so many places back. */
  release(places = 1): void {
    this.#placed -= places;
    this.#bell.ring();
  }

  /** Nothing is taken or given any more; the source is told so, if it still has something. */
  close(): void {
    this.#closed = true;
    this.#bell.ring();
    // A source that waits for something of its own answers when that comes, perhaps never.
    this.#iterator.return().catch(() => undefined);
  }

  #remove(found: T[]): T[] {
    for (const each of found) this.#ready.splice(this.#ready.indexOf(each), 1);
    return found;
  }

  #end(): undefined {
    if (this.#fault) throw this.#fault.error;
  }

  async #take(): Promise<void> {
    try {
      for (let index = 0; ; index += 1) {
        while (!this.#closed && this.#placed >= this.#options.places(this.#last)) await this.#bell.heard();
        const next = this.#closed ? undefined : await this.#iterator.next();
        if (next === undefined || next.done || this.#closed) break;
        this.#placed += 1;
        this.#unread.push({ index, source: next.value, since: performance.now() });
        this.#read();
      }
    } catch (error) {
      this.#fault = { error };
    }
    this.#ended = true;
    this.#bell.ring();
  }

  #read(): void {
    while (this.#reading < this.#options.readers) {
      const taken = this.#unread.shift();
      if (taken === undefined) return;
      this.#reading += 1;
      this.#options
        .read(taken)
        .then(
          (read) => {
            if (read === undefined) return;
            this.#last = read;
            this.#ready.push(read);
            this.#ready.sort((one, other) => one.index - other.index);
          },
          (error: unknown) => {
            this.#fault ??= { error };
            this.close();
          },
        )
        .finally(() => {
          this.#reading -= 1;
          this.#read();
          this.#bell.ring();
        });
    }
  }
}
