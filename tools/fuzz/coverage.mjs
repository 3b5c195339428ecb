// Which parts of the library an input ran, and how often, as V8 counts them: what a coverage-guided fuzzer is guided by.
import { Session } from 'node:inspector/promises';

export class Coverage {
  #session = new Session();
  #known = new Set();

  /** @param within what the URLs of the library's files have in them */
  constructor(within) {
    this.within = within;
  }

  async start() {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many features are known. */
  get size() {
    return this.#known.size;
  }

  /** How many features were met since the last call that never were before. A count is one by its order of magnitude. */
  async taken() {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const before = this.#known.size;
    for (const { scriptId, url, functions } of result) {
      if (!url.includes(this.within)) continue;
      for (const { ranges } of functions)
        for (const { startOffset, endOffset, count } of ranges)
          if (count > 0) this.#known.add(`${scriptId}:${startOffset}:${endOffset}:${Math.ceil(Math.log2(count))}`);
    }
    return this.#known.size - before;
  }
}
