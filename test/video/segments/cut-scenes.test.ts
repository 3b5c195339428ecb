import { describe, expect, test } from 'vitest';
import { cutEvenly, cutScenes } from '../../../lib/video/segments/cut-scenes.js';

const LENGTHS = { most: 10, least: 4 } as const;

/** As `anew 0+5`. */
const shown = (cuts: readonly number[], frames: number, lengths = LENGTHS): string[] =>
  cutScenes(cuts, frames, lengths).map(({ first, count, begins }) => `${begins} ${first}+${count}`);

describe('scenes', () => {
  test('are segments, and long ones several that are as even as can be', () => {
    expect(shown([0, 6, 14], 35)).toEqual(['anew 0+6', 'anew 6+8', 'anew 14+7', 'carried 21+7', 'carried 28+7']);
    expect(shown([0], 10)).toEqual(['anew 0+10']);
    expect(shown([0], 11)).toEqual(['anew 0+5', 'carried 5+6']);
  });

  test('that are short are taken together with one beside them, as far as both are not too long', () => {
    expect(shown([0, 1, 2, 3], 8)).toEqual(['anew 0+8']);
    expect(shown([0, 7, 8, 15], 22)).toEqual(['anew 0+8', 'anew 8+7', 'anew 15+7']);
    expect(shown([0, 10, 11], 18)).toEqual(['anew 0+10', 'anew 10+8']);
    // Behind a scene that is cut once more, too.
    expect(shown([0, 12], 14)).toEqual(['anew 0+6', 'carried 6+8']);
  });

  test.each([
    [1, { most: 1, least: 1 }],
    [7, { most: 3, least: 2 }],
    [1000, { most: 48, least: 8 }],
  ])('of %i frames have every frame once, in segments that are not too long', (frames, lengths) => {
    for (let every = 1; every <= frames; every = every * 2 + 1) {
      const cuts = Array.from({ length: Math.ceil(frames / every) }, (_, scene) => scene * every);
      let next = 0;
      for (const { first, count, begins } of cutScenes(cuts, frames, lengths)) {
        expect(first).toBe(next);
        expect(count).toBeGreaterThan(0);
        expect(count).toBeLessThanOrEqual(lengths.most);
        expect(begins).toBe(cuts.includes(first) ? 'anew' : 'carried');
        next += count;
      }
      expect(next).toBe(frames);
    }
  });

  test('are none where frames do not hang together', () => {
    const stretches = cutEvenly(21, 10);
    expect(stretches.map(({ first, count }) => [first, count])).toEqual([
      [0, 7],
      [7, 7],
      [14, 7],
    ]);
    expect(stretches.every(({ begins }) => begins === 'anew')).toBe(true);
  });
});
