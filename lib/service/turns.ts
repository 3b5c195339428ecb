import type { Dreamer } from '../dreamer.js';
import { LiveDreamError } from '../errors.js';
import type { ServiceLimits } from '../options/serve-options.js';

/** Gives a turn back; only its first call counts. */
export type GiveBack = () => void;

/** What turns are taken for: a frame of a live client, or the dream of a request. */
export type TurnKind = 'frame' | 'dream';

/** A device: one is dreamed while the next is decoded. */
const TURNS = 2;

/** Frames that have a turn together at most, as they may be dreamed side by side. */
const TOGETHER = 4;

const OTHER = { frame: 'dream', dream: 'frame' } as const;

/** Who has a turn together: it goes on when all of them have given theirs back. */
interface Group {
  left: number;
}

interface Waiting {
  /** Those with the same one may have their turns together. */
  readonly key: string | undefined;
  readonly call: (group: Group | undefined) => void;
}

/**
 * Turns on the devices, to those who wait in the order of their coming, a frame and a dream in turn where both wait: many requests do
 * not keep live clients waiting, nor these them. Who has had a turn waits behind all others of its kind. What is to be dreamed of a
 * live client is chosen when its turn comes, and not when it was asked for.
 */
export class Turns {
  readonly #waiting: Record<TurnKind, Waiting[]> = { frame: [], dream: [] };
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
   * @param key of what may be dreamed side by side with others of the same one
   */
  async take(kind: TurnKind, signal: AbortSignal, key?: string): Promise<GiveBack | undefined> {
    if (signal.aborted) return undefined;
    if (this.#free === 0 && kind === 'dream' && this.#waiting.dream.length >= this.#most) throw this.#full();
    const group = this.#free > 0 ? this.#begin(kind, 1) : await this.#called(kind, signal, key);
    if (group === undefined) return undefined;
    let had = true;
    return () => {
      if (had) group.left -= 1;
      if (had && group.left === 0) this.#next();
      had = false;
    };
  }

  #begin(kind: TurnKind, count: number): Group {
    this.#free -= 1;
    this.#last = kind;
    return { left: count };
  }

  #called(kind: TurnKind, signal: AbortSignal, key: string | undefined): Promise<Group | undefined> {
    const line = this.#waiting[kind];
    return new Promise((resolve) => {
      const waiting: Waiting = {
        key,
        call: (group) => {
          signal.removeEventListener('abort', leave);
          resolve(group);
        },
      };
      const leave = (): void => {
        line.splice(line.indexOf(waiting), 1);
        resolve(undefined);
      };
      line.push(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #next(): void {
    this.#free += 1;
    const kind = this.#waiting[OTHER[this.#last]].length > 0 ? OTHER[this.#last] : this.#last;
    const line = this.#waiting[kind];
    const [first] = line;
    if (first === undefined) return;
    const goes = ({ key }: Waiting): boolean => key !== undefined && key === first.key;
    const called = [first, ...line.slice(1).filter(goes)].slice(0, TOGETHER);
    const group = this.#begin(kind, called.length);
    for (const each of called) line.splice(line.indexOf(each), 1);
    for (const { call } of called) call(group);
  }

  #full(): LiveDreamError {
    return new LiveDreamError('ERR_LIVEDREAM_QUEUE_FULL', `More dreams wait than the ${this.#most} that may.`);
  }
}

export function turnsOn({ device }: Dreamer, { waitLimit }: ServiceLimits): Turns {
  return new Turns(TURNS * device.split(',').length, waitLimit);
}
