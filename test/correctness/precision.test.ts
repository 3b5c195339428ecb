// In less than float32 a network gives nearly the same first gradient, and a dream climbs as high.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine, NativePrecision } from '../../lib/binding/native.js';
import { engineWith, modeOf, notCancelled, type PlanSettings, planFor } from '../support/engine.js';
import { inceptionV3Model, smallModel, squeezenetModel, type TestModel } from '../support/models.js';
import { hasShared, samplePicture } from '../support/pictures.js';

interface Case {
  readonly name: string;
  readonly model: () => TestModel;
  readonly shared: boolean;
  readonly width: number;
  readonly height: number;
  readonly tileSize?: number;
  readonly xla?: true;
  readonly precision?: NativePrecision;
}

const CASES: readonly Case[] = [
  { name: 'the small generated network', model: smallModel, shared: false, width: 160, height: 120 },
  { name: 'the small network in tiles', model: smallModel, shared: false, width: 160, height: 120, tileSize: 64 },
  { name: 'the small network with XLA', model: smallModel, shared: false, width: 96, height: 80, xla: true },
  {
    name: 'the small network in float16',
    model: smallModel,
    shared: false,
    width: 160,
    height: 120,
    precision: 'float16',
  },
  { name: 'SqueezeNet (../shared)', model: squeezenetModel, shared: true, width: 320, height: 240 },
  {
    name: 'Inception v3 (../shared)',
    model: () => inceptionV3Model('mixed_3/join', []),
    shared: true,
    width: 320,
    height: 240,
  },
];

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = b[i] as number;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

for (const { name, model, shared, width, height, tileSize = 512, xla = false, precision = 'bfloat16' } of CASES) {
  describe.skipIf(shared && !hasShared)(name, () => {
    let full: NativeEngine;
    let reduced: NativeEngine;
    const settings = (of: NativePrecision): PlanSettings => ({ mode: modeOf(xla, of) });
    beforeAll(async () => {
      full = await engineWith(model());
      reduced = await engineWith(model(), undefined, precision);
    });
    afterAll(async () => {
      await full?.dispose();
      await reduced?.dispose();
    });

    test(`has a first gradient like float32's in ${precision}`, async () => {
      const picture = await samplePicture(width, height);
      const shape = { width, height, octaves: 1, tileSize };
      const expected = await full.gradient(planFor(model(), shape, settings('float32')), picture, notCancelled());
      const found = await reduced.gradient(planFor(model(), shape, settings(precision)), picture, notCancelled());
      const like = cosine(expected.data, found.data);
      console.info(
        `${name}, ${precision}: cosine ${like.toFixed(4)}, objective ${expected.objective} ${found.objective}`,
      );
      expect(like).toBeGreaterThanOrEqual(0.95);
    });

    test(`dreams as high in ${precision}, with half of the weights' memory`, async () => {
      const picture = await samplePicture(width, height);
      const shape = { width, height, octaves: 3, octaveScale: 1.4, tileSize };
      const { objective } = model();
      // Of a whole layer without its spots: the plain mean of squares ends 20 % apart for another seed, in float32 too.
      const kind = objective.kind === 'layer' ? 'evenPositions' : objective.kind;
      const end = async (engine: NativeEngine, of: NativePrecision): Promise<number> => {
        let sum = 0;
        for (const seed of [1n, 2n, 3n]) {
          const plan = planFor(model(), shape, {
            ...settings(of),
            ...{ iterations: 10, jitter: true, seed, objective: [{ ...objective, kind }] },
          });
          sum += (await engine.dream(plan, picture, notCancelled())).objectives.at(-1) as number;
        }
        return sum / 3;
      };
      const [expected, found] = [await end(full, 'float32'), await end(reduced, precision)];
      console.info(`${name}, ${precision}: ${found} for ${expected}`);
      expect(Math.abs(found - expected) / Math.abs(expected)).toBeLessThan(0.05);
      expect(reduced.statistics().weightBytes).toBeLessThan(full.statistics().weightBytes * 0.6);
    });
  });
}
