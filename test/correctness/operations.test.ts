import { beforeAll, describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { NATIVE_DEVICE } from '../support/device.js';
import { modeOf, notCancelled, planFor } from '../support/engine.js';
import { OPERATIONS } from '../support/operations/all.js';
import { layers } from '../support/operations/layers.js';
import { passes } from '../support/operations/passes.js';
import { graphOf, type Operation } from '../support/operations/scene.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { hasReference } from '../support/reference.js';
import { type ReferenceGradient, referenceGradients } from '../support/reference-gradients.js';

// The gradient of every operation that a model may run and a picture can flow through, against TensorFlow Python's.

const SIZE = { width: 18, height: 12 };
const PICTURE = madePicture(SIZE.width, SIZE.height);
const SPEC = { input: 'input', channelOrder: 'bgr', mean: [110, 120, 130], scale: 1 / 64 } as const;
const MODEL = { file: '', spec: SPEC, objective: { layer: 'out', kind: 'layer', weight: 1, channels: [] } } as const;

/** Compiling takes its time, so not all: what XLA has kernels of its own for, and what livedream has rules for. */
const RULES = /^(Atan2|Cumprod|Erfc|FloorMod|GatherV2|LogSoftmax|MulNoNan|RGBToHSV|Reverse|TopKV2|Xdivy|Xlogy)$/;
const COMPILED = OPERATIONS.filter(
  ([name, { withoutXla }]) => !withoutXla && (name in layers || name in passes || RULES.test(name)),
);

const references = new Map<string, ReferenceGradient>();
beforeAll(async () => {
  await openRuntime();
  if (!hasReference) return;
  const requests = OPERATIONS.map(([, { build, reference = build }]) => ({
    graph: graphOf(reference),
    picture: PICTURE,
    ...SIZE,
  }));
  const found = await referenceGradients(SPEC, requests);
  for (const [i, [name]] of OPERATIONS.entries()) references.set(name, found[i] as ReferenceGradient);
});

async function gradientOf(operation: Operation, xla: boolean): Promise<{ data: Float32Array; objective: number }> {
  const addon = loadAddon();
  const engine = new addon.Engine({
    device: NATIVE_DEVICE,
    programCacheBytes: 2 ** 28,
    queueLimit: 4,
    threads: 0,
    precision: 'float32',
  });
  try {
    await engine.load(await addon.importModel({ graph: graphOf(operation.build), ...SPEC }, notCancelled()));
    return await engine.gradient(
      planFor(MODEL, { ...SIZE, octaves: 1 }, { mode: modeOf(xla) }),
      PICTURE,
      notCancelled(),
    );
  } finally {
    await engine.dispose();
  }
}

async function compare(name: string, operation: Operation, [xla, within]: readonly [boolean, number]): Promise<void> {
  const reference = references.get(name) as ReferenceGradient;
  const made = gradientOf(operation, xla);
  if ('error' in reference) {
    const op = name.replace(/ alone$/, '');
    await expect(made, reference.error).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_NOT_DIFFERENTIABLE' });
    await expect(made).rejects.toThrow(
      new RegExp(`^'(${op}|Cast)_\\d+', a (${op}|Cast) between the picture and the layer`),
    );
    return;
  }
  const { data, objective } = await made;
  expect(Math.abs(objective - reference.objective)).toBeLessThanOrEqual(within * Math.abs(reference.objective));
  // Some gradients are nothing but zeros.
  expect(meanDifference(data, reference.gradient)).toBeLessThanOrEqual(within * meanMagnitude(reference.gradient));
}

describe.skipIf(!hasReference)('the gradient agrees with TensorFlow Python', () => {
  test.each(OPERATIONS)('%s', (name, operation) => compare(name, operation, [false, 1e-5]));
});

describe.skipIf(!hasReference)('the gradient agrees with TensorFlow Python, compiled by XLA', () => {
  test.each(COMPILED)('%s', (name, operation) => compare(name, operation, [true, 1e-3]));
});
