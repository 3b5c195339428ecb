// Terms that are climbed each in a place of its own, against TensorFlow Python's gradients of what is weighted so: a step is
// that gradient times the mask, brought to its length.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeEngine, NativeTerm } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { NATIVE_DEVICE } from '../support/device.js';
import { notCancelled, type PlanSettings, planFor, WAYS } from '../support/engine.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference } from '../support/reference.js';
import { type ReferenceObjective, referenceObjectives } from '../support/reference-objectives.js';
import { TWO_LAYERS as model, twoLayers } from '../support/two-layers.js';

const SIZE = { width: 45, height: 38 } as const;
const STEP = 12;
/** What a step adds to the gradient's mean, as Google's tutorial does; sums of two terms have gradients that are not much larger. */
const EPSILON = 1e-7;

const graph = twoLayers();
const picture = { ...SIZE, data: madePicture(SIZE.width, SIZE.height) };

function region(strength: (x: number, y: number) => number): Uint8Array {
  const { width, height } = SIZE;
  return Uint8Array.from({ length: width * height }, (_, at) => strength(at % width, Math.floor(at / width)));
}
/** With a soft edge, and with a hard one that lies in the middle of positions. */
const REGIONS = [
  region((x) => Math.max(0, Math.min(255, 255 - 24 * (x - 14)))),
  region((x, y) => (x >= 29 && y < 31 ? 255 : 0)),
];

const one: NativeTerm = {
  ...{ layer: 'near', kind: 'channels', weight: 1.5 },
  channels: [
    { channel: 2, weight: 0.8 },
    { channel: 7, weight: -0.6 },
  ],
};
const other: NativeTerm = { layer: 'far', kind: 'layer', weight: 1, channels: [] };
const OBJECTIVES: Readonly<Record<string, readonly NativeTerm[]>> = {
  'channels in a place': [{ ...one, region: 0 }],
  'a whole layer in a place': [{ ...other, region: 1 }],
  'each in a place of its own': [
    { ...one, region: 0 },
    { ...other, region: 1, weight: 0.001 },
  ],
  'the same, balanced': [
    { ...one, region: 0, balanced: true },
    { ...other, region: 1, balanced: true },
  ],
  'even positions in one, taken away everywhere': [
    { ...other, kind: 'evenPositions', region: 0, balanced: true },
    { ...one, weight: -0.5, balanced: true },
  ],
};

/** All of a sum's regions together; everywhere, where a term is. */
function union(terms: readonly NativeTerm[]): Uint8Array {
  const all = terms.map((term) => (term.region === undefined ? undefined : (REGIONS[term.region] as Uint8Array)));
  return region((x, y) => Math.max(...all.map((each) => (each ? (each[y * SIZE.width + x] as number) : 255))));
}

let engine: NativeEngine;
let expected: ReferenceObjective[];

describe.skipIf(!hasReference)('a step goes along the gradient of TensorFlow Python', () => {
  beforeAll(async () => {
    await openRuntime();
    const addon = loadAddon();
    const settings = { programCacheBytes: 2 ** 28, queueLimit: 4, threads: 0, precision: 'float32' } as const;
    engine = new addon.Engine({ device: NATIVE_DEVICE, ...settings });
    await engine.load(await addon.importModel({ graph, ...model.spec }, notCancelled()));
    const regions = REGIONS.map((bytes) => ({ ...SIZE, data: Float32Array.from(bytes, (byte) => byte / 255) }));
    const objectives = Object.values(OBJECTIVES);
    expected = await referenceObjectives({ graph, spec: model.spec, picture, guide: picture, regions, objectives });
  });
  afterAll(() => engine?.dispose());

  for (const [way, mode] of WAYS) {
    test.each(
      Object.keys(OBJECTIVES).map((name, index) => [name, index] as const),
    )(`%s, ${way}`, async (name, index) => {
      const objective = OBJECTIVES[name] as readonly NativeTerm[];
      const mask = union(objective);
      const settings: PlanSettings = { objective, mask, regions: REGIONS, mode: mode(), iterations: 1, step: STEP };
      const plan = planFor(model, { ...SIZE, octaves: 1 }, settings);
      const { data } = await engine.dream(plan, picture.data, notCancelled());
      const moved = Float64Array.from(data, (value, at) => value - (picture.data[at] as number));
      const { gradient } = expected[index] as ReferenceObjective;
      const within = Float64Array.from(gradient, (value, at) => (value * (mask[Math.floor(at / 3)] as number)) / 255);
      const inside = mask.reduce((sum, each) => sum + each / 255, 0) / mask.length;
      const mean = meanMagnitude(within) / inside;
      const wanted = within.map((value) => (STEP * value) / (mean + EPSILON));
      expect(meanMagnitude(wanted)).toBeGreaterThan(0);
      expect(meanDifference(moved, wanted) / meanMagnitude(wanted)).toBeLessThan(1e-4);
      expect(moved.every((each, at) => mask[Math.floor(at / 3)] !== 0 || each === 0)).toBe(true);
    });
  }
});
