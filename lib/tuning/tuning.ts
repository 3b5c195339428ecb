import { ENVIRONMENT } from '../runtime/environment.js';
import { type KeptBatch, keep, readKept } from './kept.js';
import { keyOf, type TuningFacts, type TuningPlace } from './key.js';
import { measureBatch, type Trial } from './measure.js';
import { candidates, guessedBatch, mayPay } from './rule.js';

export interface Work {
  /** Steps of all octaves, as steps of the largest. */
  readonly steps: number;
  /** Tiles, or pictures of one tile, that will be computed. */
  readonly tiles: number;
  /** What memory lets. */
  readonly fits: (batch: number) => boolean;
  /** Computes so many tiles side by side. */
  readonly trial: (batch: number) => Promise<Trial>;
  /** Waits for another's work, which does not reject, as long as this work is wanted; rejects once it is not. */
  readonly hear: (other: Promise<void>) => Promise<void>;
}

/** Of the work itself, measuring may take such a part, and never longer than so many milliseconds. */
const PART = 1 / 8;
const MOST_MS = 20_000;
/** Less work than so many tiles' steps is not worth a look. */
const LEAST_TILE_STEPS = 200;

/** How many tiles are computed side by side, by what was measured once and is kept; or by a rule where nothing was. */
export class Tuning {
  readonly #facts: TuningFacts;
  readonly #file: string | undefined;
  readonly #kept: Map<string, KeptBatch>;
  readonly #looking = new Map<string, Promise<void>>();
  /** The work that was too small, by key: only for much more is it looked at again. */
  readonly #tooLittle = new Map<string, number>();

  private constructor(facts: TuningFacts, file: string | undefined, kept: Map<string, KeptBatch>) {
    this.#facts = facts;
    this.#file = file;
    this.#kept = kept;
  }

  /** Reads what was measured before; with LIVEDREAM_TUNING=off nothing is, and nothing is measured. */
  static async load(facts: TuningFacts): Promise<Tuning> {
    const file = ENVIRONMENT.tuningFile();
    return new Tuning(facts, file, file === undefined ? new Map() : await readKept(file));
  }

  /** How many tiles of this size, or pictures of one tile, to compute side by side. */
  batch(place: TuningPlace): number {
    return this.#kept.get(this.#key(place))?.batch ?? guessedBatch(wayOf(place), place.tile);
  }

  /** What was measured as the fastest; 1 where nothing was. */
  measuredBatch(place: TuningPlace): number {
    return this.#kept.get(this.#key(place))?.batch ?? 1;
  }

  /**
   * Measures, where that was not done and the work is large enough to be worth it; rejects as its trials do. What another is
   * just measuring is waited for, and measured here where that one gave it up.
   */
  async look(place: TuningPlace, work: Work): Promise<void> {
    const key = this.#key(place);
    while (this.#isWorth(key, place, work)) {
      const other = this.#looking.get(key);
      if (other === undefined) return this.#begin(key, place, work);
      await work.hear(other);
    }
  }

  #isWorth(key: string, place: TuningPlace, { steps, tiles }: Work): boolean {
    if (this.#file === undefined || this.#kept.has(key) || !mayPay(wayOf(place), place.tile)) return false;
    return steps * tiles >= Math.max(LEAST_TILE_STEPS, 2 * (this.#tooLittle.get(key) ?? 0));
  }

  #begin(key: string, place: TuningPlace, work: Work): Promise<void> {
    const looking = this.#measure(key, place, work).finally(() => this.#looking.delete(key));
    // How it ends is its own caller's alone.
    this.#looking.set(
      key,
      looking.catch(() => undefined),
    );
    return looking;
  }

  async #measure(key: string, place: TuningPlace, { steps, tiles, fits, trial }: Work): Promise<void> {
    const measured = await measureBatch({
      candidates: candidates(wayOf(place), place.tile).filter(fits),
      trial,
      budget: ({ step }) => Math.min(MOST_MS, PART * step * steps * tiles),
    });
    if (measured === undefined) {
      this.#tooLittle.set(key, steps * tiles);
      return;
    }
    const kept = { ...measured, at: new Date().toISOString() };
    this.#kept.set(key, kept);
    await keep(this.#file as string, key, kept);
  }

  #key(place: TuningPlace): string {
    return keyOf(this.#facts, place);
  }
}

function wayOf({ device, mode: { xla } }: TuningPlace): { readonly device: string; readonly xla: boolean } {
  return { device, xla };
}
