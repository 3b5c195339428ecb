// Which batch is chosen, by a clock that the test turns.
import { describe, expect, test } from 'vitest';
import { expectedCost, measureBatch, type Trial } from '../../lib/tuning/measure.js';

interface Machine {
  readonly tried: number[];
  readonly trial: (batch: number) => Promise<Trial>;
  readonly now: () => number;
}

/** A step of a batch takes so many milliseconds a tile, the first trial of each more. */
function machine(msPerTile: (batch: number, trials: number) => number): Machine {
  const tried: number[] = [];
  let clock = 0;
  return {
    tried,
    now: () => clock,
    trial: async (batch) => {
      tried.push(batch);
      const step = batch * msPerTile(batch, tried.length);
      clock += step;
      return { step, compile: tried.indexOf(batch) === tried.length - 1 ? 100 : 0 };
    },
  };
}

const endless = (): number => 1e9;

describe('the batch that is measured', () => {
  test('is the fastest, and nothing is tried beyond what loses', async () => {
    const { tried, trial } = machine((batch) => ({ 1: 16, 2: 12, 4: 9, 8: 11 })[batch] ?? 1);
    const found = await measureBatch({ candidates: [1, 2, 4, 8, 16], trial, budget: endless });
    expect(found).toEqual({ batch: 4, msPerTile: { 1: 16, 2: 12, 4: 9, 8: 11 } });
    expect(tried).not.toContain(16);
  });

  test('is the smallest of those that are as good', async () => {
    const { trial } = machine((batch) => ({ 1: 10, 2: 8, 4: 7.9, 8: 7.8 })[batch] ?? 1);
    expect((await measureBatch({ candidates: [1, 2, 4, 8], trial, budget: endless }))?.batch).toBe(2);
    const { trial: flat } = machine(() => 10);
    expect((await measureBatch({ candidates: [1, 2, 4], trial: flat, budget: endless }))?.batch).toBe(1);
  });

  test('is not misled by a machine that is busy now and then', async () => {
    // Every third trial takes three times as long; 3 and 4 trials of each batch are taken.
    const { trial } = machine((batch, trials) => (batch === 4 ? 6 : 10) * (trials % 3 === 0 ? 3 : 1));
    expect((await measureBatch({ candidates: [1, 2, 4], trial, budget: endless }))?.batch).toBe(4);
  });

  test('is not misled by other work that lasts for a while', async () => {
    // Nine trials long, in which the larger batch is tried for the first time.
    const { trial } = machine((batch, trials) => (batch === 2 ? 6 : 10) * (batch === 2 && trials < 12 ? 3 : 1));
    expect((await measureBatch({ candidates: [1, 2], trial, budget: endless }))?.batch).toBe(2);
  });

  test('is none where finding it would cost more than it may, after a look', async () => {
    const { tried, trial } = machine(() => 10);
    expect(await measureBatch({ candidates: [1, 2, 4], trial, budget: () => 500 })).toBeUndefined();
    expect(tried).toEqual([1, 1]);
    expect(expectedCost([1, 2, 4], { step: 10, compile: 100 })).toBe(2 * 100 + 4 * 2 * 6 * 10);
    expect(expectedCost([1], { step: 10, compile: 100 })).toBe(0);
  });

  test('ends when its time is over, with what it has', async () => {
    // What comes is a thousand times slower than the first trial let expect.
    const { tried, trial, now } = machine((_, trials) => (trials <= 2 ? 0.01 : 50));
    const found = await measureBatch({ candidates: [1, 2, 4, 8], trial, now, budget: () => 400 });
    expect(found?.batch).toBe(1);
    expect(tried).not.toContain(4);
  });
});
