// An objective is a sum of terms, on several layers; one backward pass serves all.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NativeEngine, NativeTerm } from '../../lib/binding/native.js';
import { engineWith, modeOf, notCancelled, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';

const model = smallModel();
const SIZE = { width: 96, height: 80, octaves: 1 } as const;
const picture = madePicture(SIZE.width, SIZE.height);
const whole: NativeTerm = { layer: 'mixed3a', kind: 'layer', weight: 1, channels: [] };
const channel: NativeTerm = { ...model.objective, weight: 1 };

let engine: NativeEngine;
beforeAll(async () => {
  engine = await engineWith(model);
});
afterAll(async () => engine.dispose());

for (const xla of [false, true]) {
  const gradient = (objective: readonly NativeTerm[], tileSize = 512): ReturnType<NativeEngine['gradient']> =>
    engine.gradient(planFor(model, { ...SIZE, tileSize }, { objective, mode: modeOf(xla) }), picture, notCancelled());

  test(`the gradient of a sum is the sum of the gradients, ${xla ? 'with' : 'without'} XLA, tiled or not`, async () => {
    for (const tileSize of [512, 48]) {
      const [a, b] = [await gradient([whole], tileSize), await gradient([channel], tileSize)];
      const weighted = [
        { ...whole, weight: 2 },
        { ...channel, weight: -0.5 },
      ];
      const sum = await gradient(weighted, tileSize);
      const expected = a.data.map((value, index) => 2 * value - 0.5 * (b.data[index] as number));
      expect(meanDifference(sum.data, expected) / meanMagnitude(expected)).toBeLessThan(1e-5);
      // One float32 of this size is 1e-7 of it from the next.
      expect(sum.objective / (2 * a.objective - 0.5 * b.objective)).toBeCloseTo(1, 6);
    }
  });
}

test('two terms on one layer, and weights, compile nothing anew where layers and kinds are the same', async () => {
  const twice = await engine.gradient(planFor(model, SIZE, { objective: [whole, whole] }), picture, notCancelled());
  const once = await engine.gradient(planFor(model, SIZE, { objective: [whole] }), picture, notCancelled());
  expect(
    meanDifference(
      twice.data,
      once.data.map((value) => 2 * value),
    ) / meanMagnitude(twice.data),
  ).toBeLessThan(1e-5);
  const { programsBuilt } = engine.statistics();
  await engine.gradient(planFor(model, SIZE, { objective: [{ ...whole, weight: 3 }] }), picture, notCancelled());
  expect(engine.statistics().programsBuilt).toBe(programsBuilt);
});
