import { availableParallelism, cpus } from 'node:os';
import type { NativeMode } from '../binding/native.js';
import type { Layer } from '../model/layer.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import type { Size } from '../size.js';
import { packageVersion } from '../version.js';
import { type KeptBatch, keep, readKept } from './kept.js';
import { measureBatch, type Trial } from './measure.js';
import { candidates, guessedBatch, mayPay, sizeClass } from './rule.js';

/** What a Dreamer computes with. */
export interface TuningFacts {
  /** SHA-256 of the network. */
  readonly network: string;
  /** TensorFlow's version. */
  readonly library: string;
  /** The option `threads`. */
  readonly threads: number;
}

/** Where tiles are computed, and of what size they are. */
export interface TuningPlace {
  readonly device: string;
  readonly gpuBytes?: number | undefined;
  readonly mode: NativeMode;
  readonly layer: Pick<Layer, 'name'>;
  readonly tile: Size;
}

export interface Work {
  /** Steps of all octaves, as steps of the largest. */
  readonly steps: number;
  /** Tiles, or pictures of one tile, that will be computed. */
  readonly tiles: number;
  /** What memory lets. */
  readonly fits: (batch: number) => boolean;
  /** Computes so many tiles side by side. */
  readonly trial: (batch: number) => Promise<Trial>;
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

  /** Measures, where that was not done and the work is large enough to be worth it; rejects as its trials do. */
  async look(place: TuningPlace, work: Work): Promise<void> {
    const key = this.#key(place);
    const amount = work.steps * work.tiles;
    if (this.#file === undefined || this.#kept.has(key) || !mayPay(wayOf(place), place.tile)) return;
    if (amount < Math.max(LEAST_TILE_STEPS, 2 * (this.#tooLittle.get(key) ?? 0))) return;
    const looking = this.#looking.get(key) ?? this.#measure(key, place, work);
    this.#looking.set(key, looking);
    await looking.finally(() => this.#looking.delete(key));
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

  /** All that decides how fast a batch is. */
  #key({ device, gpuBytes = 0, mode, layer, tile }: TuningPlace): string {
    const { network, library, threads } = this.#facts;
    const processor = [cpus()[0]?.model ?? '', availableParallelism(), threads];
    const where = [packageVersion(), library, ...processor, device, gpuBytes];
    return JSON.stringify([...where, network, layer.name, mode, sizeClass(tile)]);
  }
}

function wayOf({ device, mode: { xla } }: TuningPlace): { readonly device: string; readonly xla: boolean } {
  return { device, xla };
}
