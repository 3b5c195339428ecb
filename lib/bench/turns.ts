import { summarize } from './statistics.js';

/** What takes its turn in every round. */
export interface Side {
  /** The milliseconds of what was done in this turn, of each. */
  readonly turn: () => Promise<readonly number[]>;
  /** Whether rounds go on until its median is known. */
  readonly counts: boolean;
  /** It failed: it takes no more turns. Throws what is to end everything. */
  readonly fail: (error: unknown) => void;
}

export interface Rounds {
  readonly rounds: number;
  readonly mostRounds: number;
}

function isKnown(rounds: readonly (readonly number[])[]): boolean {
  return !summarize(rounds).noisy;
}

/**
 * Has sides take turns, A B A B, so that the machine's moods hit all alike: in so many rounds at least, and on until the medians
 * are known or there were the most. Yields the sides after each turn of one, with the rounds that they have had.
 */
export async function* takeTurns<S extends Side>(
  sides: readonly S[],
  { rounds, mostRounds }: Rounds,
): AsyncGenerator<{ readonly side: S; readonly round: number; readonly times: ReadonlyMap<S, readonly number[][]> }> {
  const times = new Map<S, number[][]>(sides.map((side) => [side, []]));
  const settled = (): boolean =>
    [...times].every(([side, measured]) => !side.counts || (measured.length > 0 && isKnown(measured)));
  for (let round = 0; round < mostRounds && times.size > 0; round += 1) {
    if (round >= rounds && settled()) return;
    for (const side of sides) {
      const measured = times.get(side);
      if (measured === undefined) continue;
      try {
        measured.push([...(await side.turn())]);
      } catch (error) {
        side.fail(error);
        times.delete(side);
      }
      yield { side, round, times };
    }
  }
}

/** A turn is to be long beside the clock and the switch from one variant to another. Milliseconds. */
const TURN = 500;
const MOST_DREAMS = 20;

/** How many dreams of so many milliseconds are one turn. */
export function dreamsPerTurn(ms: number): number {
  return Math.min(MOST_DREAMS, Math.max(1, Math.ceil(TURN / ms)));
}
