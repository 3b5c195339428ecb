// Total variation and L2 against TensorFlow Python, in a program's step, and what a limit and a mask make of one.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import type { NativeEngine, NativePlan } from '../../lib/binding/native.js';
import { engineWith, notCancelled, type PlanSettings, planFor, WAYS } from '../support/engine.js';
import type { TestModel } from '../support/models.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference } from '../support/reference.js';
import { referencePictureTerms } from '../support/reference-picture-terms.js';

const SIZE = { width: 44, height: 36 } as const;
const STEP = 32;
const picture = madePicture(SIZE.width, SIZE.height);

/** `y = Relu(x)`: a network that compiles at once, as this is about none. */
function smallestModel(): TestModel {
  const file = path.join(packageRoot, '.cache/graphs/relu.pb');
  mkdirSync(path.dirname(file), { recursive: true });
  const placeholder = '\x0a\x1d\x0a\x01x\x12\x0bPlaceholder*\x0b\x0a\x05dtype\x12\x02\x30\x01';
  const relu = '\x0a\x15\x0a\x01y\x12\x04Relu\x1a\x01x*\x07\x0a\x01T\x12\x02\x30\x01';
  writeFileSync(file, Buffer.from(placeholder + relu, 'latin1'));
  return {
    file,
    spec: { input: 'x', channelOrder: 'rgb', mean: [117, 117, 117], scale: 1 },
    objective: { layer: 'y', kind: 'layer', weight: 1, channels: [] },
  };
}

const model = smallestModel();
let engine: NativeEngine;
beforeAll(async () => {
  engine = await engineWith(model);
});
afterAll(async () => engine.dispose());

for (const [way, modeOf] of WAYS) {
  const dream = async (settings: PlanSettings, tileSize = 512): Promise<Float32Array> => {
    const plan: NativePlan = planFor(
      model,
      { ...SIZE, octaves: 1, tileSize },
      { iterations: 1, step: STEP, mode: modeOf(), ...settings },
    );
    return (await engine.dream(plan, picture, notCancelled())).data as Float32Array;
  };

  describe(way, () => {
    test.skipIf(!hasReference)(
      "total variation's gradient is TensorFlow Python's, at the edges as they are",
      async () => {
        for (const wraps of [false, true]) {
          // Where nothing is normalized, only the total variation of what wraps is another.
          const [without, held] = [await dream({}), await dream({ totalVariation: 0.5, tileable: wraps })];
          const found = without.map((each, at) => (each - (held[at] as number)) / (0.5 * STEP));
          const { variation } = await referencePictureTerms(picture, picture, { ...SIZE, wraps });
          const apart = meanDifference(found, variation) / meanMagnitude(variation);
          console.info(`${way}, total variation, ${wraps ? 'wrapped' : 'not wrapped'}: ${apart.toExponential(1)}`);
          expect(apart).toBeLessThan(1e-4);
        }
      },
    );

    test.skipIf(!hasReference)("L2's gradient is TensorFlow Python's", async () => {
      const after = await dream({});
      // In the first step the picture is its source.
      const [without, held] = [await dream({ iterations: 2 }), await dream({ iterations: 2, l2: 0.5 })];
      const found = without.map((each, at) => (each - (held[at] as number)) / (0.5 * STEP));
      const { distance } = await referencePictureTerms(after, picture, { ...SIZE, wraps: false });
      const apart = meanDifference(found, distance) / meanMagnitude(distance);
      console.info(`${way}, L2: ${apart.toExponential(1)}`);
      expect(apart).toBeLessThan(1e-4);
    });

    test('both together are the sum of both', async () => {
      const [without, one, other, both] = [
        await dream({}),
        await dream({ totalVariation: 0.5 }),
        await dream({ iterations: 1, l2: 0.5 }),
        await dream({ totalVariation: 0.5, l2: 0.5 }),
      ];
      const change = (data: Float32Array): Float32Array => data.map((each, at) => each - (without[at] as number));
      const sum = change(one).map((each, at) => each + (change(other)[at] as number));
      expect(meanDifference(change(both), sum)).toBeLessThan(1e-4);
    });

    test('a limit holds, and a mask of nothing in a place leaves its bits, in one tile and in several', async () => {
      const mask = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => (at % SIZE.width < 20 ? 0 : 128));
      for (const tileSize of [512, 32]) {
        const data = await dream(
          { iterations: 3, limit: 9, mask, totalVariation: 0.5, l2: 1, keepRange: true },
          tileSize,
        );
        const apart = Array.from(data, (each, at) => Math.abs(each - (picture[at] as number)));
        const outside = apart.filter((_, at) => Math.floor(at / 3) % SIZE.width < 20);
        expect(Math.max(...outside)).toBe(0);
        expect(Math.max(...apart)).toBeLessThanOrEqual(9);
        expect(Math.max(...apart)).toBeGreaterThan(5);
      }
    });
  });
}
