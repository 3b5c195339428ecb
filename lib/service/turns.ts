/** Gives a turn back; only its first call counts. */
export type GiveBack = () => void;

/**
 * Turns on the devices, to those who wait in the order of their coming: who has had one waits behind all others. So clients
 * are served alike, and what is to be dreamed is chosen when its turn comes and not when it was asked for.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(turns: number) {
    this.#free = turns;
  }

  /** Resolves when the turn has come; undefined where the signal was first. */
  async take(signal: AbortSignal): Promise<GiveBack | undefined> {
    if (signal.aborted) return undefined;
    if (this.#free > 0) this.#free -= 1;
    else if (!(await this.#called(signal))) return undefined;
    let had = true;
    return () => {
      if (had) this.#next();
      had = false;
    };
  }

  #called(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const call = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(call), 1);
        resolve(false);
      };
      this.#waiting.push(call);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #next(): void {
    const call = this.#waiting.shift();
    if (call === undefined) this.#free += 1;
    else call();
  }
}
