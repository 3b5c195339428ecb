import type { Work } from './work.js';

/** Milliseconds between two reports: each is a command of Redis, and an event for everyone who waits. */
const BETWEEN = 200;

/** How far a job is. */
export type Told = Readonly<Record<string, number>> & { readonly fraction: number };

/** Passes on what is told a few times a second; a job that is quick tells nothing. */
export function progressOf(update: (told: Told) => Promise<void>): Work['progress'] {
  let next = performance.now() + BETWEEN;
  return (fraction, about = {}) => {
    const now = performance.now();
    if (now < next) return;
    next = now + BETWEEN;
    // Progress that is lost is nobody's loss; where the connection broke, the work is heard of again later.
    void update({ ...about, fraction }).catch(() => undefined);
  };
}
