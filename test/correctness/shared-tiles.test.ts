// Pictures of many sizes share the programs of their tiles: what is computed of a tile does not know what it was cut from.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine } from '../../lib/binding/native.js';
import { cutInTiles } from '../../lib/plan/tiles.js';
import { engineWith, modeOf, notCancelled, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture, meanDifference } from '../support/pictures.js';

const model = smallModel();
let engine: NativeEngine;
beforeAll(async () => {
  engine = await engineWith(model);
});
afterAll(async () => engine.dispose());

test('tiles of near sizes are the same: in steps of 16 or 8, never above the tile size', () => {
  const shape = (width: number, height: number): string => {
    const { tileWidth, tileHeight, rows, columns } = cutInTiles({ width, height }, { tileSize: 512 });
    return `${columns} x ${rows} of ${tileWidth} x ${tileHeight}`;
  };
  expect(new Set([785, 790, 800].map((width) => shape(width, 533)))).toEqual(new Set(['2 x 2 of 400 x 272']));
  expect(shape(1023, 1025)).toBe('2 x 3 of 512 x 344');
  expect(shape(500, 333)).toBe('1 x 1 of 500 x 333');
});

describe.each([false, true])('with XLA %s', (xla) => {
  const dream = (width: number, height: number): ReturnType<NativeEngine['dream']> =>
    engine.dream(
      planFor(model, { width, height, octaves: 1, tileSize: 64 }, { iterations: 2, mode: modeOf(xla) }),
      madePicture(width, height),
      notCancelled(),
    );

  test('a picture of another size with the same tiles builds no gradient', async () => {
    const first = await dream(100, 90);
    // Cutting, the gradient of a tile, and the update.
    expect(first.timings.programsBuilt).toBe(3);
    expect((await dream(104, 95)).timings.programsBuilt).toBe(2);
    expect((await dream(97, 140)).timings.programsBuilt).toBe(2);
    const again = await dream(100, 90);
    expect(again.timings.programsBuilt).toBe(0);
    expect(Buffer.from(again.data.buffer).equals(Buffer.from(first.data.buffer))).toBe(true);
  });
});

test('a gradient of one tile has memory of its own', async () => {
  const plan = planFor(model, { width: 64, height: 48, octaves: 1 });
  const first = await engine.gradient(plan, madePicture(64, 48), notCancelled());
  const before = Float32Array.from(first.data);
  for (let seed = 2; seed < 6; seed += 1) await engine.gradient(plan, madePicture(64, 48, seed), notCancelled());
  expect(meanDifference(first.data, before)).toBe(0);
});
