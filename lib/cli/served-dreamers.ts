import { Dreamer } from '../dreamer.js';
import type { LoadOptions } from '../load-options.js';

/** The Dreamer that is served, and the like of the other mode of XLA once a client has asked for it. */
export class ServedDreamers implements AsyncDisposable {
  readonly first: Dreamer;
  readonly #load: LoadOptions;
  #others: Promise<Dreamer>[] = [];

  private constructor(first: Dreamer, load: LoadOptions) {
    this.first = first;
    this.#load = load;
  }

  static async load({ signal, ...load }: LoadOptions): Promise<ServedDreamers> {
    return new ServedDreamers(await Dreamer.load({ ...load, signal }), load);
  }

  /** Loads it. A loop that was asked for may need the one mode, so the other takes its own. */
  other(): Promise<Dreamer> {
    const loading = Dreamer.load({ ...this.#load, xla: !this.first.xla, loop: 'auto' });
    this.#others.push(loading);
    return loading;
  }

  async dispose(): Promise<void> {
    const others = await Promise.allSettled(this.#others);
    const loaded = others.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all([this.first, ...loaded].map((dreamer) => dreamer.dispose()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
