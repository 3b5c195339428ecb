/** Tells those who wait that something changed, and they look for themselves. */
export class Bell {
  #listeners: (() => void)[] = [];

  /** Resolves when it rings next. */
  heard(): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.push(resolve);
    });
  }

  ring(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
