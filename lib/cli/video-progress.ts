import { performance } from 'node:perf_hooks';
import type { Progress } from './progress.js';

function shown(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How fast frames are dreamed, and what is left of them. */
export class FrameClock {
  readonly #expected: number | undefined;
  readonly #now: () => number;
  #began: number | undefined;
  #rate = 0;

  constructor(expected: number | undefined, now: () => number = () => performance.now()) {
    this.#expected = expected;
    this.#now = now;
  }

  /** Frames a second; 0 before there are any. */
  get rate(): number {
    return this.#rate;
  }

  /** Dreaming begins: what was kept before takes no time. */
  begin(): void {
    this.#began = this.#now();
  }

  /** What to show of it, and how much is done where that is known. */
  at(finished: number, dreamed: number): { readonly fraction: number; readonly text: string } {
    const elapsed = (this.#now() - (this.#began ?? this.#now())) / 1000;
    this.#rate = elapsed > 0 ? dreamed / elapsed : 0;
    // A film may have more frames than it says.
    const expected = this.#expected === undefined ? undefined : Math.max(this.#expected, finished);
    const count = `frame ${finished}${expected === undefined ? '' : `/${expected}`}`;
    const speed = this.#rate > 0 ? [`${this.#rate.toPrecision(3)} frames/s`] : [];
    const left = expected !== undefined && this.#rate > 0 ? [`${shown((expected - finished) / this.#rate)} left`] : [];
    return { fraction: expected ? finished / expected : 0, text: [count, ...speed, ...left].join(', ') };
  }
}

/** Shows on a bar what became of frames. */
export function framesShown(progress: Progress, clock: FrameClock): (finished: number, dreamed: number) => void {
  return (finished, dreamed) => {
    if (dreamed === 0) clock.begin();
    const { fraction, text } = clock.at(finished, dreamed);
    progress.update(fraction, text);
  };
}
