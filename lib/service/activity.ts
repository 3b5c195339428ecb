/** How many dreams of clients are under way, so that what has time can wait until there are none. */
export class Activity {
  #running = 0;
  readonly #waiting = new Set<() => void>();

  get running(): number {
    return this.#running;
  }

  /** The work's result, counted until then. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await work;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) for (const wake of [...this.#waiting]) wake();
    }
  }

  /** Resolves when nothing is under way; after so many milliseconds, or at the signal, in any case. */
  quiet(most: number, signal: AbortSignal): Promise<void> {
    if (this.#running === 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, most);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
