// One picture dreamed in many ways: what is in one batch is what it is alone, and comes as it is finished.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { Variation, VariationsProgress, VariedDream } from '../../lib/variations.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { meanDifference } from '../support/pictures.js';

const picture = rawPicture(48, 40);
const SHARED = { octaves: 2, iterations: 3, seed: 5, depth: 'float32' } as const;
const VARIATIONS: Variation[] = [
  { layer: 'mixed3b', channel: 2 },
  { layer: 'mixed3a' },
  { layer: 'mixed3b', channel: 7 },
  { layer: 'mixed3b', channels: [1, { channel: 4, weight: -0.5 }] },
  { layer: 'mixed3a', iterations: [4, 1] },
  { layer: 'mixed3a' },
];

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(() => dreamer.dispose());

async function all(dreams: AsyncIterable<VariedDream>): Promise<VariedDream[]> {
  const found: VariedDream[] = [];
  for await (const each of dreams) found.push(each);
  return found;
}

describe('variations', () => {
  test('are what each dream is alone, though those of one kind are one batch', async () => {
    const before = dreamer.statistics().steps;
    const found = await all(dreamer.variations(picture, VARIATIONS, SHARED));
    // Batches of channels 2, 7 and [1, 4] (6 steps), of the two alike (6), and one by itself (5).
    expect(dreamer.statistics().steps - before).toBe(6 + 6 + 5);
    expect(found.map(({ index }) => index)).toEqual([0, 2, 3, 1, 5, 4]);
    for (const { index, dream } of found) {
      const alone = await dreamer.dream(picture, { ...SHARED, ...(VARIATIONS[index] as Variation) });
      expect(meanDifference(dream.data as Float32Array, alone.data as Float32Array)).toBeLessThan(2e-3);
      expect({ ...dream.parameters, batch: 1 }).toEqual(alone.parameters);
      expect(dream.objectives).toHaveLength(alone.objectives.length);
      dream.objectives.forEach((value, step) => {
        expect(value).toBeCloseTo(alone.objectives[step] as number, 3);
      });
    }
  });

  test('that are many are cut in batches of one program', async () => {
    const large = rawPicture(256, 256);
    const many = Array.from({ length: 9 }, (_, channel): Variation => ({ layer: 'mixed3a', channel }));
    const before = dreamer.statistics();
    const found = await all(dreamer.variations(large, many, { octaves: 1, iterations: 1 }));
    const after = dreamer.statistics();
    expect(found.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(after.steps - before.steps).toBe(3);
    expect(after.programsBuilt - before.programsBuilt).toBe(1);
    expect(new Set(found.map(({ dream }) => dream.data.join())).size).toBe(9);
  });

  test('are as many at a time as the memory limit lets, which has room for one', async () => {
    await using limited = await smallDreamer({ memoryLimit: 40 * 2 ** 20 });
    const { bytesPerPixel } = await limited.layer('mixed3a');
    // Sixteen would be a batch by their pixels.
    expect(16 * 128 * 128 * bytesPerPixel).toBeGreaterThan(40 * 2 ** 20);
    const many = Array.from({ length: 16 }, (_, channel): Variation => ({ layer: 'mixed3a', channel }));
    const found = await all(limited.variations(rawPicture(128, 128), many, { octaves: 1, iterations: 1 }));
    expect(found).toHaveLength(16);
    expect(limited.statistics().steps).toBeGreaterThan(1);
    expect(limited.statistics().steps).toBeLessThan(16);
  });

  test('of a picture in tiles are dreamed one by one', async () => {
    const options = { octaves: 1, iterations: 1, tileSize: 32 };
    const found = await all(dreamer.variations(picture, VARIATIONS.slice(0, 3), options));
    const alone = await dreamer.dream(picture, { ...options, layer: 'mixed3b', channel: 7 });
    expect(Buffer.from(found.find(({ index }) => index === 2)?.dream.data ?? [])).toEqual(Buffer.from(alone.data));
  });

  test('tell their progress, from 0 to 1', async () => {
    const seen: VariationsProgress[] = [];
    await all(dreamer.variations(picture, VARIATIONS, { ...SHARED, onProgress: (progress) => seen.push(progress) }));
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ done: 6, total: 6, fraction: 1 });
  });

  test('keep what was finished when they are cancelled, and cancel the rest', async () => {
    const controller = new AbortController();
    const found: number[] = [];
    const reading = (async () => {
      for await (const { index } of dreamer.variations(picture, VARIATIONS, { ...SHARED, signal: controller.signal })) {
        found.push(index);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED' });
    expect(found).toContain(0);
    expect(found.length).toBeLessThan(6);
  });

  test('end where the loop is left', async () => {
    const before = dreamer.statistics().steps;
    for await (const _dream of dreamer.variations(picture, VARIATIONS, { ...SHARED, iterations: 200 })) break;
    expect(dreamer.statistics().steps - before).toBeLessThan(3 * 2 * 200);
  });

  test('refuse what a dream refuses, and none are none', async () => {
    await expect(all(dreamer.variations(picture, [{ layer: 'mixed3' }]))).rejects.toThrow(/no layer 'mixed3'/);
    await expect(all(dreamer.variations(picture, [{ layer: 'mixed3a', channel: 999 }]))).rejects.toThrow(/not 999/);
    await expect(all(dreamer.variations(picture, [{ layer: 'mixed3a', step: -1 }]))).rejects.toThrow(/'step'/);
    expect(await all(dreamer.variations(picture, []))).toEqual([]);
  });
});

describe('responses', () => {
  test('are the answers of the channels, whose mean a dream of one of them starts from', async () => {
    const found = await dreamer.responses('mixed3b', picture, { size: 48 });
    expect(found).toHaveLength(dreamer.layers().find(({ name }) => name === 'mixed3b')?.channels ?? 0);
    for (const { channel, mean, most, meanSquare } of found.slice(0, 5)) {
      const { objective } = await dreamer.gradient(picture, { layer: 'mixed3b', channel });
      expect(mean).toBeCloseTo(objective, 4);
      expect(most).toBeGreaterThanOrEqual(mean);
      expect(meanSquare).toBeGreaterThanOrEqual(mean * mean * 0.999);
    }
    const whole = await dreamer.gradient(picture, { layer: 'mixed3b' });
    const squares = found.reduce((sum, { meanSquare }) => sum + meanSquare, 0) / found.length;
    expect(squares / whole.objective).toBeCloseTo(1, 3);
  });

  test('refuse what cannot be', async () => {
    await expect(dreamer.responses('mixed3', picture)).rejects.toThrow(/no layer 'mixed3'/);
    await expect(dreamer.responses('mixed3a', picture, { size: 1000 })).rejects.toThrow(/'size' must be/);
    await expect(dreamer.responses('mixed3a', picture, { signal: AbortSignal.abort() })).rejects.toThrow(/cancelled/);
  });
});
