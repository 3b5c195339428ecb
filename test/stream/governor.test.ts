// The governor with a clock of the test's own: what it takes away, in which order, and when it gives it back.
import { describe, expect, test } from 'vitest';
import { Governor, ladder, type Rung, workOf } from '../../lib/stream/governor.js';

const SIZE = { width: 400, height: 300 };
const RUNGS = ladder(4, 3);

/** Frames whose steps take so long a pixel, beside a rest; `play` tells the rungs of so many. */
function scene(targetFps: number) {
  let clock = 0;
  const work = RUNGS.map((rung) => workOf(rung, SIZE, 1.5));
  const governor = new Governor(targetFps, RUNGS, work, () => clock);
  const play = (frames: number, perPixel: number, rest = 2): Rung[] =>
    Array.from({ length: frames }, () => {
      const rung = governor.rung;
      const steps = perPixel * (work[RUNGS.indexOf(rung)] as { steps: number }).steps;
      const cost = { steps, rest: rest * rung.scale ** 2 };
      clock += Math.max(cost.steps + cost.rest, 1000 / targetFps);
      governor.frame(cost);
      return rung;
    });
  return { governor, play };
}

/** Of all at the top: 4 iterations of three octaves. */
const WHOLE = (workOf(RUNGS[0] as Rung, SIZE, 1.5) as { steps: number }).steps;

describe('the ladder', () => {
  test('takes iterations first, then octaves, then the size', () => {
    expect(RUNGS).toEqual([
      { iterations: 4, octaves: 3, scale: 1 },
      { iterations: 3, octaves: 3, scale: 1 },
      { iterations: 2, octaves: 3, scale: 1 },
      { iterations: 1, octaves: 3, scale: 1 },
      { iterations: 1, octaves: 2, scale: 1 },
      { iterations: 1, octaves: 1, scale: 1 },
      { iterations: 1, octaves: 1, scale: 0.75 },
      { iterations: 1, octaves: 1, scale: 0.5 },
    ]);
  });

  test('has few rungs for many iterations', () => {
    const many = ladder(10_000, 1).map(({ iterations }) => iterations);
    expect(many.length).toBeLessThan(70);
    expect(many.slice(0, 2)).toEqual([10_000, 8500]);
    expect(many).toContain(1);
  });

  test('becomes cheaper with every rung', () => {
    const costs = RUNGS.map((rung) => workOf(rung, SIZE, 1.5).steps);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    expect(new Set(costs).size).toBe(costs.length);
  });
});

describe('the governor', () => {
  test('leaves all that was asked for where there is time', () => {
    const { play } = scene(10);
    expect(new Set(play(50, 60 / WHOLE))).toEqual(new Set([RUNGS[0]]));
  });

  test('goes down at once as far as it has to, but not for one slow frame', () => {
    const { governor, play } = scene(10);
    play(10, 60 / WHOLE);
    play(1, 150 / WHOLE);
    expect(governor.rung).toEqual(RUNGS[0]);
    play(3, 60 / WHOLE);
    // Three times as slow: 180 ms for all of it, 90 for half of the iterations.
    play(12, 180 / WHOLE);
    expect(governor.rung).toEqual({ iterations: 2, octaves: 3, scale: 1 });
  });

  test('goes down to the smallest picture, and stays there where nothing helps', () => {
    const { governor, play } = scene(20);
    play(60, 4000 / WHOLE);
    expect(governor.rung).toEqual(RUNGS[RUNGS.length - 1]);
  });

  test('goes up again by a rung at a time, after a while of room', () => {
    const { governor, play } = scene(10);
    play(20, 400 / WHOLE);
    const low = RUNGS.indexOf(governor.rung);
    expect(low).toBeGreaterThan(2);
    const rungs = play(150, 40 / WHOLE).map((rung) => RUNGS.indexOf(rung));
    expect(governor.rung).toEqual(RUNGS[0]);
    for (let i = 1; i < rungs.length; i += 1)
      expect((rungs[i - 1] as number) - (rungs[i] as number)).toBeLessThanOrEqual(1);
    // 700 ms of room for each: 7 frames at this rate.
    const changes = rungs.filter((rung, i) => i > 0 && rung !== rungs[i - 1]).length;
    expect(rungs.indexOf(0)).toBeGreaterThanOrEqual(7 * changes);
  });

  test('does not swing where a rung more is just too much', () => {
    const { play } = scene(10);
    // 102 ms for all, 77 for three of four iterations: nothing fits into 85 % of 100 with all.
    play(30, 102 / WHOLE);
    const rungs = play(200, 102 / WHOLE).map((rung) => RUNGS.indexOf(rung));
    expect(new Set(rungs).size).toBe(1);
  });
});
