import { describe, expect, test } from 'vitest';
import { summarize } from '../../lib/bench/statistics.js';
import { dreamsPerTurn, type Side, takeTurns } from '../../lib/bench/turns.js';
import { noisyRounds } from '../support/bench-report.js';

interface Played {
  /** Who had a turn, in order. */
  readonly turns: string[];
  readonly failed: unknown[];
  readonly times: ReadonlyMap<string, readonly (readonly number[])[]>;
}

/** Sides that take what a function says; `peak`'s noise does not count. */
async function play(
  sides: Readonly<Record<string, (round: number) => readonly number[]>>,
  rounds: { readonly rounds: number; readonly mostRounds: number },
): Promise<Played> {
  const turns: string[] = [];
  const failed: unknown[] = [];
  const named = Object.entries(sides).map(([name, take]): Side & { readonly name: string } => {
    let round = 0;
    return {
      name,
      counts: name !== 'peak',
      fail: (error) => failed.push(error),
      turn: async () => {
        turns.push(name);
        const taken = take(round);
        round += 1;
        return taken;
      },
    };
  });
  let times: ReadonlyMap<(typeof named)[number], readonly number[][]> = new Map();
  for await (const each of takeTurns(named, rounds)) ({ times } = each);
  return { turns, failed, times: new Map([...times].map(([side, measured]) => [side.name, measured])) };
}

const quiet = (middle: number) => (round: number) => [middle * (1 + 0.001 * (round % 3))];
const made = (middle: number, amplitude: number) => {
  const rounds = noisyRounds(100, middle, amplitude);
  return (round: number): readonly number[] => rounds[round] ?? [];
};

describe('rounds', () => {
  test('have all sides take turns, and end where the medians are known', async () => {
    const { turns, times } = await play({ a: quiet(100), b: quiet(200) }, { rounds: 7, mostRounds: 21 });
    expect(turns).toEqual(Array(7).fill(['a', 'b']).flat());
    expect(times.get('a')).toHaveLength(7);
    for (const [, measured] of times) expect(summarize(measured).noisy).toBe(false);
  });

  test('go on while one of them is noisy, to the most; and then it is said', async () => {
    const { turns, times } = await play({ a: quiet(100), b: made(200, 0.3) }, { rounds: 7, mostRounds: 15 });
    expect(turns).toHaveLength(30);
    expect(summarize(times.get('a') ?? []).noisy).toBe(false);
    expect(summarize(times.get('b') ?? [])).toMatchObject({ noisy: true, noise: expect.any(Number) });
  });

  test('end as soon as more of them have told', async () => {
    const { turns, times } = await play({ a: made(100, 0.05) }, { rounds: 7, mostRounds: 60 });
    expect(turns.length).toBeGreaterThan(7);
    expect(turns.length).toBeLessThan(60);
    expect(summarize(times.get('a') ?? []).noisy).toBe(false);
    // One round before it was not known yet.
    expect(summarize((times.get('a') ?? []).slice(0, -1)).noisy).toBe(true);
  });

  test('do not wait for the convolution, whose noise nobody asked for', async () => {
    const { turns } = await play({ peak: made(10, 0.9), a: quiet(100) }, { rounds: 7, mostRounds: 21 });
    expect(turns).toHaveLength(14);
  });

  test('go on without a side that fails, and end without any', async () => {
    const broken = (round: number): readonly number[] => {
      if (round === 2) throw new Error('no more');
      return [100];
    };
    const { turns, failed, times } = await play({ a: broken, b: quiet(200) }, { rounds: 7, mostRounds: 7 });
    expect(turns.filter((name) => name === 'a')).toHaveLength(3);
    expect(turns.filter((name) => name === 'b')).toHaveLength(7);
    expect(failed).toEqual([new Error('no more')]);
    expect([...times.keys()]).toEqual(['b']);
    expect((await play({ a: broken }, { rounds: 9, mostRounds: 9 })).turns).toHaveLength(3);
  });
});

test('a turn is half a second of dreams, or one dream, or twenty', () => {
  expect([3000, 500, 499, 120, 26, 1].map(dreamsPerTurn)).toEqual([1, 1, 2, 5, 20, 20]);
});
