// Each rewrite computes what the graph without it does: on a network of each kind of node that rewrites know, alone and all
// together. That the gradients are right at all, with the rewrites in force, gradients.test.ts shows by numerical derivatives.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine, NativeMode, NativeRewrite } from '../../lib/binding/native.js';
import { rewritesFor } from '../../lib/plan/rewrites.js';
import { engineWith, notCancelled, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';

const SIZE = { width: 75, height: 53, octaves: 1 };
const picture = madePicture(SIZE.width, SIZE.height);
let engine: NativeEngine;

beforeAll(async () => {
  engine = await engineWith(smallModel());
});
afterAll(() => engine.dispose());

describe.each([false, true])('with XLA %s', (xla) => {
  const inForce = rewritesFor({ device: 'CPU:0', xla });
  const gradient = async (rewrites: readonly NativeRewrite[]): Promise<Float32Array> => {
    const mode: NativeMode = { xla, precision: 'float32', rewrites };
    return (await engine.gradient(planFor(smallModel(), SIZE, { mode }), picture, notCancelled())).data;
  };

  const sets = inForce.length > 1 ? [...inForce.map((name) => [name]), inForce] : [inForce];
  test.each(sets)('%s changes nothing but the program', async (...names) => {
    const plain = await gradient([]);
    const { programsBuilt } = engine.statistics();
    const rewritten = await gradient(names);
    expect(engine.statistics().programsBuilt).toBeGreaterThan(programsBuilt);
    expect(meanDifference(plain, rewritten) / meanMagnitude(plain)).toBeLessThan(1e-5);
  });
});
