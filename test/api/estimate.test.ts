import { describe, expect, test } from 'vitest';
import type { LoadOptions } from '../../lib/load-options.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const MIB = 2 ** 20;
const SIZE = { width: 640, height: 400 };
const OPTIONS = { octaves: 1, iterations: 1, tileSize: 128 } as const;

async function estimateWith(load: LoadOptions, options: object = {}) {
  await using dreamer = await smallDreamer(load);
  return dreamer.estimate(SIZE, { ...OPTIONS, ...options });
}

describe('the memory of a dream, before it', () => {
  test('is what the limit is compared with, to the byte', async () => {
    const { bytes, fits, tiles, octaves } = await estimateWith({}, { batch: 1 });
    expect({ fits, tiles, octaves }).toMatchObject({
      ...{ fits: true, octaves: 1 },
      tiles: { rows: 4, columns: 5, batch: 1, width: 128 },
    });
    expect(bytes).toBeGreaterThan(16 * MIB);
    await using enough = await smallDreamer({ memoryLimit: bytes });
    expect(await enough.dream(rawPicture(640, 400), { ...OPTIONS, batch: 1 })).toMatchObject(SIZE);
    await using less = await smallDreamer({ memoryLimit: bytes - 1 });
    expect(await less.estimate(SIZE, { ...OPTIONS, batch: 1 })).toEqual({
      ...(await enough.estimate(SIZE, { ...OPTIONS, batch: 1 })),
      ...{ fits: false, limit: bytes - 1 },
    });
    await expect(less.dream(rawPicture(640, 400), { ...OPTIONS, batch: 1 })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
      message: expect.stringContaining(`needs about ${Math.ceil(bytes / MIB)} MiB`),
    });
  });

  test('grows with the picture, the tiles and the masks; `size` counts, and what is not dreamed decodes nothing', async () => {
    await using dreamer = await smallDreamer();
    const of = async (size: object, options: object = {}): Promise<number> =>
      (await dreamer.estimate({ ...SIZE, ...size }, { ...OPTIONS, batch: 1, ...options })).bytes;
    const plain = await of({});
    expect(await of({ width: 1280, height: 800 })).toBeGreaterThan(plain);
    expect(await of({}, { tileSize: 512 })).toBeGreaterThan(plain);
    expect(await of({}, { mask: { ellipse: { x: 1, y: 1, radiusX: 9, radiusY: 9 } } })).toBeGreaterThan(plain);
    expect(await of({ width: 64_000, height: 40_000 }, { size: 640 })).toBe(plain);
    expect(dreamer.statistics()).toMatchObject({ steps: 0, programsBuilt: 0 });
  });

  test('of what is wrong in another way is refused as the dream would be', async () => {
    await using dreamer = await smallDreamer();
    const refused = (size: object, options: object, code: string) =>
      expect(dreamer.estimate(size as typeof SIZE, options)).rejects.toMatchObject({ code: `ERR_LIVEDREAM_${code}` });
    await refused({ width: 0, height: 5 }, {}, 'OPTION_RANGE');
    await refused(SIZE, { layer: 'mixed9' }, 'LAYER_UNKNOWN');
    await refused({ width: 2, height: 2 }, {}, 'IMAGE_TOO_SMALL');
  });
});

test('a memory limit picks how many tiles are computed side by side, and the dream says so', async () => {
  const [one, four] = [await estimateWith({}, { batch: 1 }), await estimateWith({}, { batch: 4 })];
  expect(four.tiles.batch).toBe(4);
  expect(four.bytes).toBeGreaterThan(one.bytes);
  for (const [memoryLimit, batch] of [
    [four.bytes, 4],
    [four.bytes - 1, 2],
    [one.bytes, 1],
  ] as const) {
    await using dreamer = await smallDreamer({ memoryLimit });
    const { tiles, bytes, fits } = await dreamer.estimate(SIZE, { ...OPTIONS, batch: 4 });
    expect({ fits, batch: tiles.batch }).toEqual({ fits: true, batch });
    expect(bytes).toBeLessThanOrEqual(memoryLimit);
    const { parameters } = await dreamer.dream(rawPicture(640, 400), { ...OPTIONS, batch: 4 });
    expect(parameters.batch).toBe(batch);
  }
});
