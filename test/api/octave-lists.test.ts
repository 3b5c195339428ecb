// Iterations and steps that differ between octaves, from the option to the parameters.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DreamAgain } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { meanDifference } from '../support/pictures.js';

const picture = rawPicture(64, 48);
let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(() => dreamer.dispose());

describe('a list of iterations', () => {
  test('takes as many steps in each octave, and progress tells them', async () => {
    const seen: string[] = [];
    const { objectives } = await dreamer.dream(picture, {
      octaves: 3,
      iterations: [4, 2, 1],
      onProgress: ({ octave, iteration, iterations }) => seen.push(`${octave}: ${iteration}/${iterations}`),
    });
    expect(objectives).toHaveLength(7);
    expect(seen.at(-1)).toBe('2: 1/1');
    for (const each of seen) expect(each).toMatch(/^(0: \d\/4|1: \d\/2|2: 1\/1)$/);
  });

  test('is in the parameters as the octaves had it, and makes the dream again', async () => {
    const dream = await dreamer.dream(picture, { octaves: 3, iterations: [3, 1], step: [4, 2, 0.5], seed: 3 });
    expect(dream.parameters).toMatchObject({ octaves: 3, iterations: [3, 1, 1], step: [4, 2, 0.5] });
    const again = await dreamer.dream(picture, JSON.parse(JSON.stringify(dream.parameters)) as DreamAgain);
    expect(Buffer.from(again.data)).toEqual(Buffer.from(dream.data));
    expect(again.parameters).toEqual(dream.parameters);
  });
});

test('a list of steps moves each octave by its own', async () => {
  const change = async (step: number | number[]): Promise<number> => {
    const { data } = await dreamer.dream(picture, { octaves: 2, iterations: 1, step, jitter: false, depth: 'float32' });
    const original = await dreamer.dream(picture, { octaves: 1, iterations: 1, step: 1e-6, depth: 'float32' });
    return meanDifference(data as Float32Array, original.data as Float32Array);
  };
  // The larger octave alone, the smaller alone, which its enlarging keeps for the most part, and both.
  const [large, small, both] = [await change([1e-6, 2]), await change([2, 1e-6]), await change(2)];
  expect(large).toBeCloseTo(2, 1);
  expect(small).toBeGreaterThan(0.8);
  expect(both).toBeGreaterThan(Math.max(large, small));
});
