// Every kind of term, alone and in sums of two layers, plain and balanced, against TensorFlow Python's gradients.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeEngine, NativeTerm } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { NATIVE_DEVICE } from '../support/device.js';
import { modeOf, notCancelled, planFor } from '../support/engine.js';
import { madePicture } from '../support/pictures.js';
import { hasReference } from '../support/reference.js';
import { expectAgreement, type ReferenceObjective, referenceObjectives } from '../support/reference-objectives.js';
import { TWO_LAYERS as model, twoLayers } from '../support/two-layers.js';

const graph = twoLayers();
const picture = { width: 45, height: 38, data: madePicture(45, 38) };
const guide = { width: 33, height: 26, data: madePicture(33, 26).map((value) => 255 - value) };

const channels: NativeTerm = {
  ...{ layer: 'near', kind: 'channels', weight: 1.5 },
  channels: [
    { channel: 2, weight: 0.8 },
    { channel: 7, weight: -0.6 },
  ],
};
const whole = (kind: NativeTerm['kind'], layer = 'far', weight = 1): NativeTerm => ({
  layer,
  kind,
  weight,
  channels: [],
});
const KINDS = ['layer', 'evenPositions', 'evenChannels', 'guideDot', 'guideStatistics'] as const;

/** Each alone, each alone and balanced, and sums of terms on both layers. */
const OBJECTIVES: Readonly<Record<string, readonly NativeTerm[]>> = {
  channels: [channels],
  ...Object.fromEntries(KINDS.map((kind) => [kind, [whole(kind, 'far', 0.7)]])),
  ...Object.fromEntries(KINDS.map((kind) => [`${kind}, of the nearer layer, negative`, [whole(kind, 'near', -2)]])),
  'channels, balanced': [{ ...channels, balanced: true }],
  ...Object.fromEntries(KINDS.map((kind) => [`${kind}, balanced`, [{ ...whole(kind, 'far', -2), balanced: true }]])),
  'a sum of plain terms': [channels, whole('layer', 'far', -0.01)],
  'a sum of two layers': [channels, whole('layer', 'far', 2)].map((term) => ({ ...term, balanced: true })),
  'a sum with itself taken away': [whole('layer', 'far', 2), whole('layer', 'far', -1)].map((term) => ({
    ...term,
    balanced: true,
  })),
  'a sum of all kinds': [channels, ...KINDS.map((kind, i) => whole(kind, i % 2 ? 'near' : 'far', 1 - 0.4 * i))].map(
    (term) => ({ ...term, balanced: true }),
  ),
};

let engine: NativeEngine;
let expected: ReferenceObjective[];

/** With what the layers answer to the guide, as the engine has it. */
async function guided(terms: readonly NativeTerm[], xla: boolean): Promise<NativeTerm[]> {
  const all: NativeTerm[] = [];
  for (const term of terms) {
    if (!term.kind.startsWith('guide')) {
      all.push(term);
      continue;
    }
    const plan = planFor(model, { ...guide, octaves: 1 }, { objective: [term], mode: modeOf(xla) });
    const values = await engine.features(plan, guide.data, notCancelled());
    const rows = values.length / (term.layer === 'near' ? 12 : 8);
    all.push({ ...term, guide: { key: `${term.kind} ${term.layer}`, rows, values } });
  }
  return all;
}

describe.skipIf(!hasReference)('gradients of objectives agree with those of TensorFlow Python', () => {
  beforeAll(async () => {
    await openRuntime();
    const addon = loadAddon();
    const settings = { programCacheBytes: 2 ** 28, queueLimit: 4, threads: 0, precision: 'float32' } as const;
    engine = new addon.Engine({ device: NATIVE_DEVICE, ...settings });
    await engine.load(await addon.importModel({ graph, ...model.spec }, notCancelled()));
    expected = await referenceObjectives({
      graph,
      spec: model.spec,
      picture,
      guide,
      objectives: Object.values(OBJECTIVES),
    });
  });
  afterAll(() => engine?.dispose());

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
