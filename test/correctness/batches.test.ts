// What is computed side by side, pictures or tiles, is held to the reference as what is computed alone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine } from '../../lib/binding/native.js';
import { type Agreement, measureAgreement } from '../support/agreement.js';
import { engineWith, modeOf, notCancelled, planFor, WAYS } from '../support/engine.js';
import { goldenRequest, readGolden } from '../support/golden.js';
import { smallModel } from '../support/models.js';
import { madePicture, meanDifference, meanMagnitude, samplePicture } from '../support/pictures.js';
import { hasReference, referenceDream } from '../support/reference.js';
import { amongOthers, type Measured, tilesAtOnce } from '../support/side-by-side.js';

let engine: NativeEngine;
beforeAll(async () => {
  engine = await engineWith(smallModel());
});
afterAll(async () => engine?.dispose());

function expectAgreement(agreement: Agreement): void {
  expect(agreement.gradient, 'first gradient').toBeLessThanOrEqual(1e-4);
  expect(Math.max(...agreement.steps), 'worst of the 15 restarted steps').toBeLessThanOrEqual(1e-3);
  expect(agreement.end, "end, in units of the reference's sensitivity").toBeLessThanOrEqual(1.5);
  expect(agreement.objective, 'objective reached').toBeLessThanOrEqual(0.02);
}

for (const [way, mode] of WAYS) {
  describe(way, () => {
    test('a picture among others agrees with the golden results', async () => {
      const request = goldenRequest();
      expectAgreement(await measureAgreement(amongOthers(engine), request, readGolden(request).dream, mode()));
    });

    test.skipIf(!hasReference)('tiles, four at a time, agree with TensorFlow Python', async () => {
      const shape = { width: 101, height: 70, octaves: 3, octaveScale: 1.4, tileSize: 32 };
      const picture = await samplePicture(shape.width, shape.height);
      const request = { model: smallModel(), picture, shape, iterations: 5, step: 1.5 };
      expectAgreement(await measureAgreement(tilesAtOnce(engine, 4), request, await referenceDream(request), mode()));
    });

    test('the gradient of tiles is the same however many are taken at a time', async () => {
      const shape = { width: 101, height: 70, octaves: 1, tileSize: 32 };
      const plan = planFor(smallModel(), shape, { mode: mode() });
      const picture = madePicture(shape.width, shape.height);
      const one = await engine.gradient(plan, picture, notCancelled());
      for (const most of [2, 4, 12]) {
        const several = await tilesAtOnce(engine, most).gradient(plan, picture, notCancelled());
        expect(meanDifference(several.data, one.data) / meanMagnitude(one.data)).toBeLessThan(1e-5);
        expect(several.objective / one.objective).toBeCloseTo(1, 5);
      }
    });
  });
}

describe('in bfloat16', () => {
  const settings = { mode: modeOf(false, 'bfloat16'), iterations: 1 };
  let reduced: NativeEngine;
  beforeAll(async () => {
    reduced = await engineWith(smallModel(), undefined, 'bfloat16');
  });
  afterAll(async () => reduced?.dispose());

  test.each([
    ['a picture among others', 512, (): Measured => amongOthers(reduced)],
    ['a picture of tiles that are taken four at a time', 48, (): Measured => tilesAtOnce(reduced, 4)],
  ] as const)('%s takes the step that it takes alone', async (_, tileSize, sideBySide) => {
    const plan = planFor(smallModel(), { width: 96, height: 80, octaves: 1, tileSize }, settings);
    const picture = madePicture(96, 80);
    const alone = await reduced.dream(plan, picture, notCancelled());
    const found = await sideBySide().dream(plan, picture, notCancelled());
    // A step moves a pixel by 1.5 on average; sums in another order round to another of bfloat16's 256 values a power of two.
    expect(meanDifference(alone.data, picture)).toBeCloseTo(1.5, 1);
    expect(meanDifference(found.data, alone.data)).toBeLessThan(0.02);
  });
});
