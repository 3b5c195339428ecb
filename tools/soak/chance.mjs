// Chance that a seed fixes: each step of a soak has its own, so that it can be made again by itself.
import { seedOf, uniform } from '../graphs/random.mjs';

export class Chance {
  #next;

  constructor(seed, step) {
    this.#next = uniform(seedOf(`${seed}:${step}`));
  }

  /** From 0 to below 1. */
  number() {
    return this.#next();
  }

  /** A whole number, both ends included. */
  whole(least, most) {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  pick(list) {
    return list[Math.floor(this.#next() * list.length)];
  }

  /** Whether something happens that does so with this probability. */
  happens(probability) {
    return this.#next() < probability;
  }

  /** @param {[weight: number, value: unknown][]} list */
  weighted(list) {
    let rest = this.#next() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of list) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return list.at(-1)[1];
  }

  bytes(count) {
    return Uint8Array.from({ length: count }, () => this.whole(0, 255));
  }
}
