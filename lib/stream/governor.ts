import type { Size } from '../size.js';

/** How much of a frame is dreamed; one of a ladder of them. */
export interface Rung {
  /** At most so many in each octave. */
  readonly iterations: number;
  readonly octaves: number;
  /** Of the picture's sides. */
  readonly scale: number;
}

/** The sizes that a picture is dreamed at where time is too short even for one iteration of one octave. */
const SCALES = [0.75, 0.5] as const;

/** By how much iterations fall from one rung to the next, where they are many. */
const FALL = 0.15;

/** From all that was asked for down to the least: iterations first, then octaves, then the picture's size. */
export function ladder(iterations: number, octaves: number): readonly Rung[] {
  const rungs: Rung[] = [];
  for (let each = iterations; each >= 1; each -= Math.max(1, Math.round(FALL * each)))
    rungs.push({ iterations: each, octaves, scale: 1 });
  for (let each = octaves - 1; each >= 1; each -= 1) rungs.push({ iterations: 1, octaves: each, scale: 1 });
  for (const scale of SCALES) rungs.push({ iterations: 1, octaves: 1, scale });
  return rungs;
}

/** What a frame took, in milliseconds. */
export interface FrameCost {
  /** Steps, by their work: see `workOf`. */
  readonly steps: number;
  /** All else, but for waiting and compiling. */
  readonly rest: number;
}

/** A rung's steps and the rest of its work, in pixels. */
export interface RungWork {
  readonly steps: number;
  readonly rest: number;
}

/** Of one frame of this size. */
export function workOf({ iterations, octaves, scale }: Rung, { width, height }: Size, octaveScale: number): RungWork {
  const pixels = width * height * scale * scale;
  let steps = 0;
  for (let octave = 0; octave < octaves; octave += 1) steps += (pixels * iterations) / octaveScale ** (2 * octave);
  return { steps, rest: pixels };
}

/** A change that is as sudden counts half as much after each frame. */
const MEMORY = 0.8;
/** Frames in a row that must be too slow before less is done; one may be a hiccup. */
const SLOW_FRAMES = 2;
/** What must fit into the time of a frame before more is done, and for how long it has to, in milliseconds. */
const ROOM = 0.85;
const PATIENCE = 700;

/**
 * Chooses how much of each frame is dreamed, by what frames cost, so that they come at a rate. It goes down as far as it has
 * to at once, and up by one rung after a while in which there was room: what is between does nothing, so that it does not swing.
 */
export class Governor {
  readonly #budget: number;
  readonly #work: readonly RungWork[];
  readonly #rungs: readonly Rung[];
  readonly #now: () => number;
  /** Milliseconds a pixel of work, by all frames so far. */
  #steps: number | undefined;
  #rest: number | undefined;
  #at = 0;
  #slow = 0;
  #roomSince: number | undefined;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(targetFps: number, rungs: readonly Rung[], work: readonly RungWork[], now: () => number) {
    this.#budget = 1000 / targetFps;
    this.#rungs = rungs;
    this.#work = work;
    this.#now = now;
  }

  get rung(): Rung {
    return this.#rungs[this.#at] as Rung;
  }

  /** What a frame of the rung took. */
  frame({ steps, rest }: FrameCost): void {
    const work = this.#work[this.#at] as RungWork;
    this.#steps = mixed(this.#steps, steps / work.steps);
    this.#rest = mixed(this.#rest, rest / work.rest);
    this.#slow = steps + rest > this.#budget ? this.#slow + 1 : 0;
    if (this.#slow >= SLOW_FRAMES && this.#expected(this.#at) > this.#budget) this.#down();
    else this.#up();
  }

  #expected(rung: number): number {
    const work = this.#work[rung] as RungWork;
    return (this.#steps ?? 0) * work.steps + (this.#rest ?? 0) * work.rest;
  }

  #down(): void {
    const last = this.#rungs.length - 1;
    let rung = Math.min(this.#at + 1, last);
    while (rung < last && this.#expected(rung) > this.#budget) rung += 1;
    this.#move(rung);
  }

  #up(): void {
    if (this.#at === 0 || this.#expected(this.#at - 1) > ROOM * this.#budget) {
      this.#roomSince = undefined;
      return;
    }
    this.#roomSince ??= this.#now();
    if (this.#now() - this.#roomSince >= PATIENCE) this.#move(this.#at - 1);
  }

  #move(rung: number): void {
    this.#at = rung;
    this.#slow = 0;
    this.#roomSince = undefined;
  }
}

function mixed(before: number | undefined, now: number): number {
  return before === undefined ? now : MEMORY * before + (1 - MEMORY) * now;
}
