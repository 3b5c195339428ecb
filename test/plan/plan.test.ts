import os from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Term } from '../../lib/model/terms.js';
import { DREAM_OPTIONS } from '../../lib/options/dream-options.js';
import { readOptions } from '../../lib/options/read.js';
import { memoryNeeded, memoryOfTwo } from '../../lib/plan/memory.js';
import { mostOctaves, octaveSizes } from '../../lib/plan/octaves.js';
import { fractionDone, heldBy, makePlan, planWithin } from '../../lib/plan/plan.js';
import { cutInTiles } from '../../lib/plan/tiles.js';

const layer = { name: 'l', op: 'Relu', channels: 8, stride: 16, leastSize: 5, bytesPerPixel: 400, fixedBytes: 0 };
const objective = { layer: 'l', kind: 'channels', channels: [{ channel: 3, weight: 1 }], weight: 1 } as const;
const request = (given: object, width: number, height: number, memoryLimit = 2 ** 33) => ({
  ...{
    picture: { width, height },
    options: readOptions(DREAM_OPTIONS, given),
    objectives: [[objective]],
    layer,
    mode: { xla: false, precision: 'float32' as const, rewrites: [] },
    memoryLimit,
  },
});

describe('octaves', () => {
  test('have the sizes that numpy gives: floor(float32(size) / float32(scale))', () => {
    // np.floor(np.float32(s) / np.float32(1.4)), repeated
    expect(octaveSizes({ width: 799, height: 533 }, 4, 1.4)).toEqual([
      { width: 290, height: 193 },
      { width: 407, height: 271 },
      { width: 570, height: 380 },
      { width: 799, height: 533 },
    ]);
    // In doubles 7 / 1.4 is 5.000000000000001 and in float32 5: the same here, but 21 / 1.4 is 15 and 14.999999 there.
    expect(octaveSizes({ width: 7, height: 21 }, 2, 1.4)[0]).toEqual({
      width: Math.floor(Math.fround(7 / Math.fround(1.4))),
      height: Math.floor(Math.fround(21 / Math.fround(1.4))),
    });
  });

  test('that nobody asked for are as many as a small picture can have', () => {
    expect(makePlan({ ...request({}, 40, 60), fewerOctaves: true }).octaves).toHaveLength(3);
    expect(makePlan({ ...request({}, 400, 600), fewerOctaves: true }).octaves).toHaveLength(4);
    expect(() => makePlan({ ...request({}, 15, 60), fewerOctaves: true })).toThrow(/smallest of 1 octaves/);
  });

  test.each([1 + Number.EPSILON, 1.0000001, 1.001])('a scale of %d has as many as there may be', (octaveScale) => {
    expect(mostOctaves({ width: 64, height: 64 }, octaveScale, 8)).toBe(20);
    const { octaves } = makePlan({ ...request({ octaveScale }, 64, 64), fewerOctaves: true });
    expect(octaves).toHaveLength(4);
  });

  test('too many are refused with how many there can be', () => {
    expect(mostOctaves({ width: 100, height: 80 }, 1.4, 16)).toBe(5);
    expect(() => makePlan(request({ octaves: 6 }, 100, 80))).toThrow(/5 octaves/);
    expect(makePlan(request({ octaves: 5 }, 100, 80)).octaves).toHaveLength(5);
    expect(() => makePlan(request({ octaves: 6 }, 100, 80))).toThrow(
      expect.objectContaining({ code: 'ERR_LIVEDREAM_IMAGE_TOO_SMALL' }),
    );
  });

  test('a picture of one pixel is refused', () => {
    for (const octaves of [1, 4]) {
      expect(() => makePlan(request({ octaves }, 1, 1))).toThrow(
        expect.objectContaining({ code: 'ERR_LIVEDREAM_IMAGE_TOO_SMALL' }),
      );
    }
  });
});

describe('tiles', () => {
  test('a picture no larger than a tile is one tile of its own size', () => {
    expect(cutInTiles({ width: 512, height: 300 }, { tileSize: 512 })).toMatchObject({
      rows: 1,
      columns: 1,
      tileWidth: 512,
      tileHeight: 300,
    });
  });
  test('a larger one is cut in equal tiles that cover it, in steps of 16 pixels, or 8, up to the tile size', () => {
    for (const [side, tileSize, columns, tileWidth] of [
      [513, 512, 2, 264],
      [799, 256, 4, 200],
      [1000, 333, 4, 256],
      [1025, 512, 3, 344],
      [97, 32, 4, 32],
      [1000, 250, 4, 250],
    ] as const) {
      expect(cutInTiles({ width: side, height: 64 }, { tileSize })).toMatchObject({ columns, tileWidth });
      expect(columns * tileWidth).toBeGreaterThanOrEqual(side);
      expect(columns * tileWidth - side).toBeLessThan(columns * 16);
    }
  });
});

test('tiles cover a picture of any size with little twice: what a dream costs is linear in pixels', () => {
  const twice: number[] = [];
  for (let megapixels = 0.05; megapixels < 8; megapixels *= 1.01) {
    for (const aspect of [1, 4 / 3, 3 / 2, 16 / 9, 2 / 3]) {
      const width = Math.round(Math.sqrt(megapixels * 1e6 * aspect));
      const height = Math.round(width / aspect);
      const { rows, columns, tileWidth, tileHeight } = cutInTiles({ width, height }, { tileSize: 512 });
      twice.push((rows * columns * tileWidth * tileHeight) / (width * height) - 1);
    }
  }
  const mean = twice.reduce((sum, each) => sum + each, 0) / twice.length;
  expect(Math.max(...twice)).toBeLessThan(0.065);
  expect(mean).toBeLessThan(0.025);
});

describe('batches of tiles', () => {
  test('are of one size, as large as asked for, or the next smaller one that the tiles come in', () => {
    const batchOf = (batch: number): number => cutInTiles({ width: 1500, height: 900 }, { tileSize: 512, batch }).batch;
    expect([1, 2, 3, 4, 5, 6, 32].map(batchOf)).toEqual([1, 2, 3, 3, 3, 6, 6]);
  });

  test('are smaller where memory has no room for them, and then as small as one', () => {
    const { octaves } = makePlan(request({ octaves: 1 }, 1500, 900));
    const needed = memoryNeeded(octaves, layer);
    const within = (limit: number): number | undefined =>
      planWithin({ ...request({ octaves: 1 }, 1500, 900, limit), batch: 6 }).octaves[0]?.batch;
    expect([needed, 8 * needed].map(within)).toEqual([1, 6]);
    expect(() => within(needed - 1)).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE' }));
  });
});

describe('memory', () => {
  test('grows with the picture, and past the limit is refused with both numbers', () => {
    const { octaves } = makePlan(request({}, 2000, 1500));
    const { octaves: larger } = makePlan(request({}, 4000, 3000));
    expect(memoryNeeded(larger, layer) / memoryNeeded(octaves, layer)).toBeGreaterThan(2);
    expect(() => makePlan(request({}, 10_000, 10_000, 2 ** 30))).toThrow(/MiB.*1024 MiB/);
    expect(() => makePlan(request({}, 10_000, 10_000, 2 ** 30))).toThrow(
      expect.objectContaining({ code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE' }),
    );
  });

  test('has room for the picture as it was, where the dream is held to it, and for each mask', () => {
    const [width, height] = [800, 600];
    const { octaves } = makePlan(request({}, width, height));
    const terms = (regions: number): Term[] =>
      Array.from({ length: Math.max(regions, 0) + 1 }, (_, region) =>
        region < regions ? { ...objective, region } : objective,
      );
    const masked = (masks: number) => ({ objectives: [terms(masks - 1)], masked: masks > 0 });
    const needed = (given: object, masks = 0): number =>
      memoryNeeded(octaves, layer, heldBy({ options: readOptions(DREAM_OPTIONS, given), ...masked(masks) }));
    const more = (given: object, masks?: number): number => (needed(given, masks) - needed({})) / (width * height);
    for (const given of [{ limit: 40 }, { blend: 0.5 }, { keepColour: 'luminance' }, { l2: 0.1 }])
      expect(more(given)).toBe(48);
    expect(more({ totalVariation: 0.1, chroma: 2 })).toBe(0);
    // One mask of the dream; that and two of its terms.
    expect([more({}, 1), more({ limit: 40 }, 3)]).toEqual([58, 58 + 2 * 42]);
    const limit = needed({}, 1);
    expect(makePlan({ ...request({}, width, height, limit), ...masked(1) }).octaves).toEqual(octaves);
    expect(() => makePlan({ ...request({}, width, height, limit), ...masked(2) })).toThrow(/memory limit/);
  });
});

test('a channel that the layer lacks is refused with those it has', () => {
  const wrong = { ...request({}, 200, 200), objectives: [[{ ...objective, channels: [{ channel: 8, weight: 1 }] }]] };
  expect(() => makePlan(wrong)).toThrow(/channels 0 to 7, not 8/);
});

describe('values for each octave', () => {
  const stepsOf = (given: object, side = 200): readonly number[] =>
    makePlan({ ...request(given, side, side), fewerOctaves: true }).iterations;

  test('are one for all, or a list whose last value stands for the rest', () => {
    expect(stepsOf({ octaves: 3, iterations: 7 })).toEqual([7, 7, 7]);
    expect(stepsOf({ octaves: 3, iterations: [9, 4, 2] })).toEqual([9, 4, 2]);
    expect(stepsOf({ octaves: 4, iterations: [9, 4] })).toEqual([9, 4, 4, 4]);
    expect(makePlan(request({ octaves: 2, step: [3, 0.5] }, 200, 200)).step).toEqual([3, 0.5]);
  });

  test('belong to the largest octaves where a small picture has fewer', () => {
    expect(stepsOf({ octaves: 4, iterations: [9, 4, 3, 2] }, 32)).toEqual([3, 2]);
  });

  test('lose those of the smallest where fewer octaves are asked for than a filter has values', () => {
    expect(stepsOf({ octaves: 2, iterations: [9, 4, 2] })).toEqual([4, 2]);
  });

  test('count in the progress', () => {
    const plan = makePlan(request({ octaves: 2, octaveScale: 2, iterations: [12, 1] }, 200, 200));
    expect(fractionDone(plan, 0, 12)).toBeCloseTo(0.75);
  });
});

test('progress goes from 0 to 1 by pixels', () => {
  const plan = makePlan(request({ octaves: 3, iterations: 4 }, 200, 200));
  const fractions = [0, 1, 2].flatMap((octave) =>
    [1, 2, 3, 4].map((iteration) => fractionDone(plan, octave, iteration)),
  );
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions[fractions.length - 1]).toBeCloseTo(1);
  expect(fractions[3]).toBeLessThan(0.25);
});

describe('compiling later octaves beside earlier ones', () => {
  const planned = (xla: boolean, memoryLimit: number): boolean | undefined =>
    makePlan({ ...request({}, 400, 300, memoryLimit), mode: { xla, precision: 'float32', rewrites: [] } }).prefetch;

  afterEach(() => vi.restoreAllMocks());

  test('is for XLA, where two octaves fit the memory limit, on four cores and more', () => {
    const cores = vi.spyOn(os, 'availableParallelism').mockReturnValue(4);
    const { octaves } = makePlan(request({}, 400, 300));
    const [one, two] = [memoryNeeded(octaves, layer), memoryOfTwo(octaves, layer)];
    expect(two).toBeGreaterThan(one * 1.4);
    expect([planned(true, two), planned(true, two - 1), planned(false, two)]).toEqual([true, false, false]);
    cores.mockReturnValue(3);
    expect(planned(true, two)).toBe(false);
  });
});
