// Classes of a head of two axes, behind a global pool: against TensorFlow Python's gradients, alone and in sums, and tiled.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeEngine, NativeTerm } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { NATIVE_DEVICE } from '../support/device.js';
import { modeOf, notCancelled, planFor, WAYS } from '../support/engine.js';
import { CLASSES, WITH_HEAD as model, networkWithHead } from '../support/network-with-head.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference } from '../support/reference.js';
import { expectAgreement, type ReferenceObjective, referenceObjectives } from '../support/reference-objectives.js';

const graph = networkWithHead();
const picture = { width: 45, height: 38, data: madePicture(45, 38) };
const guide = { width: 33, height: 26, data: madePicture(33, 26).map((value) => 255 - value) };

const logit: NativeTerm = { ...model.objective, weight: 1.5 };
const several: NativeTerm = {
  ...{ layer: 'logits', kind: 'channels', weight: 1 },
  channels: [
    { channel: 0, weight: 0.8 },
    { channel: 4, weight: -0.6 },
  ],
};
const whole = (kind: NativeTerm['kind'], layer: string, weight = 1): NativeTerm => ({
  ...{ layer, kind, weight, channels: [] },
});
const balanced = (...terms: readonly NativeTerm[]): NativeTerm[] => terms.map((term) => ({ ...term, balanced: true }));

const OBJECTIVES: Readonly<Record<string, readonly NativeTerm[]>> = {
  'a logit': [logit],
  'a logit, balanced': balanced(logit),
  'several logits': [several],
  'a probability': [{ ...logit, layer: 'probabilities' }],
  'a mean of the global pool': [{ ...logit, layer: 'pooled' }],
  'the whole head': [whole('layer', 'logits', 0.7)],
  'the whole head evenly': [whole('evenChannels', 'logits')],
  'the head as a guide has it': [whole('guideStatistics', 'logits')],
  'a logit and a layer': [logit, whole('layer', 'near', -0.01)],
  'a logit and a layer, balanced': balanced(logit, whole('layer', 'far', -0.5)),
  'two logits less a layer, evenly': balanced(several, whole('evenPositions', 'near', -2)),
};

async function engineOf(bytes: Uint8Array): Promise<NativeEngine> {
  await openRuntime();
  const addon = loadAddon();
  const settings = { programCacheBytes: 2 ** 28, queueLimit: 4, threads: 0, precision: 'float32' } as const;
  const engine = new addon.Engine({ device: NATIVE_DEVICE, ...settings });
  await engine.load(await addon.importModel({ graph: bytes, ...model.spec }, notCancelled()));
  return engine;
}

let engine: NativeEngine;
beforeAll(async () => {
  engine = await engineOf(graph);
});
afterAll(() => engine?.dispose());

async function guided(terms: readonly NativeTerm[], xla: boolean): Promise<NativeTerm[]> {
  return Promise.all(
    terms.map(async (term) => {
      if (!term.kind.startsWith('guide')) return term;
      const plan = planFor(model, { ...guide, octaves: 1 }, { objective: [term], mode: modeOf(xla) });
      const values = await engine.features(plan, guide.data, notCancelled());
      expect(values).toHaveLength(CLASSES ** 2);
      return { ...term, guide: { key: term.layer, rows: CLASSES, values } };
    }),
  );
}

const relative = (found: ArrayLike<number>, expected: ArrayLike<number>): number =>
  meanDifference(found, expected) / meanMagnitude(expected);

describe.skipIf(!hasReference)("gradients of a head's classes agree with those of TensorFlow Python", () => {
  let expected: ReferenceObjective[];
  beforeAll(async () => {
    const objectives = Object.values(OBJECTIVES);
    expected = await referenceObjectives({ graph, spec: model.spec, picture, guide, objectives });
  });

  for (const xla of [false, true]) {
    test.each(
      Object.keys(OBJECTIVES).map((name, index) => [name, index] as const),
    )(`%s, ${xla ? 'with' : 'without'} XLA`, async (name, index) => {
      const objective = await guided(OBJECTIVES[name] as NativeTerm[], xla);
      const plan = planFor(model, { ...picture, octaves: 1 }, { objective, mode: modeOf(xla) });
      const found = await engine.gradient(plan, picture.data, notCancelled());
      expectAgreement(found, expected[index] as ReferenceObjective);
    });
  }
});

test.each(WAYS)('each tile of a picture is answered for by itself, %s', async (_way, mode) => {
  const [width, height] = [96, 48];
  const wide = madePicture(width, height);
  const half = (pixels: Float32Array, side: number): Float32Array =>
    pixels.filter((_, index) => Math.floor(((index / 3) % width) / height) === side);
  const tiled = planFor(model, { width, height, octaves: 1, tileSize: height }, { mode: mode() });
  const { data } = await engine.gradient(tiled, wide, notCancelled());
  const alone = planFor(model, { width: height, height, octaves: 1 }, { mode: mode() });
  for (const side of [0, 1]) {
    const own = await engine.gradient(alone, half(wide, side), notCancelled());
    expect(relative(half(data, side), own.data)).toBeLessThan(1e-5);
  }
});

test('a network that takes several pictures at once has the same classes', async () => {
  const several = await engineOf(networkWithHead({ batch: 3 }));
  try {
    const plan = planFor(model, { ...picture, octaves: 1 }, {});
    const one = await engine.gradient(plan, picture.data, notCancelled());
    const three = await several.gradient(plan, picture.data, notCancelled());
    expect(relative(three.data, one.data)).toBeLessThan(1e-5);
    expect(three.objective).toBeCloseTo(one.objective, 5);
  } finally {
    await several.dispose();
  }
});
