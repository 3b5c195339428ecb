import { performance } from 'node:perf_hooks';

/** So much a second, and what was left over of a short while: a bucket that drips full. */
export class Allowance {
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #since = performance.now();

  /** @param most how much may come at once after a quiet time */
  constructor(perSecond: number, most = perSecond) {
    this.#perSecond = perSecond;
    this.#most = most;
    this.#left = most;
  }

  /** False where that is too much by now; then nothing was taken. */
  take(amount = 1): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#since) / 1000) * this.#perSecond);
    this.#since = now;
    if (amount > this.#left) return false;
    this.#left -= amount;
    return true;
  }
}
