import type { Dreamer } from '../dreamer.js';
import { LiveDreamError } from '../errors.js';
import type { ServiceLimits } from '../options/serve-options.js';

/** Gives a turn back; only its first call counts. */
export type GiveBack = () => void;

/** What turns are taken for: a frame of a live client, or the dream of a request. */
export type TurnKind = 'frame' | 'dream';

/** A device: one picture is dreamed while the next is decoded. */
const TURNS = 2;

const OTHER = { frame: 'dream', dream: 'frame' } as const;

/**
 * Turns on the devices, to those who wait in the order of their coming, a frame and a dream in turn where both wait: many requests do
 * not keep live clients waiting, nor these them. Who has had a turn waits behind all others of its kind. What is to be dreamed of a
 * live client is chosen when its turn comes, and not when it was asked for.
 */
export class Turns {
  readonly #waiting = { frame: [] as (() => void)[], dream: [] as (() => void)[] };
  readonly #most: number;
  #free: number;
  #last: TurnKind = 'dream';

  /** @param most how many dreams may wait */
  constructor(turns: number, most: number) {
    this.#free = turns;
    this.#most = most;
  }

  /** How many wait for one. */
  waiting(kind: TurnKind): number {
    return this.#waiting[kind].length;
  }

  /**
   * Resolves when the turn has come; undefined where the signal was first. Rejects with ERR_LIVEDREAM_QUEUE_FULL where too many dreams
   * wait; live clients are counted when they come.
   */
  async take(kind: TurnKind, signal: AbortSignal): Promise<GiveBack | undefined> {
    if (signal.aborted) return undefined;
    if (this.#free > 0) this.#begin(kind);
    else if (kind === 'dream' && this.#waiting.dream.length >= this.#most) throw this.#full();
    else if (!(await this.#called(kind, signal))) return undefined;
    let had = true;
    return () => {
      if (had) this.#next();
      had = false;
    };
  }

  #begin(kind: TurnKind): void {
    this.#free -= 1;
    this.#last = kind;
  }

  #called(kind: TurnKind, signal: AbortSignal): Promise<boolean> {
    const line = this.#waiting[kind];
    return new Promise((resolve) => {
      const call = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        line.splice(line.indexOf(call), 1);
        resolve(false);
      };
      line.push(call);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #next(): void {
    this.#free += 1;
    const kind = this.#waiting[OTHER[this.#last]].length > 0 ? OTHER[this.#last] : this.#last;
    const call = this.#waiting[kind].shift();
    if (call === undefined) return;
    this.#begin(kind);
    call();
  }

  #full(): LiveDreamError {
    return new LiveDreamError('ERR_LIVEDREAM_QUEUE_FULL', `More dreams wait than the ${this.#most} that may.`);
  }
}

export function turnsOn({ device }: Dreamer, { waitLimit }: ServiceLimits): Turns {
  return new Turns(TURNS * device.split(',').length, waitLimit);
}
