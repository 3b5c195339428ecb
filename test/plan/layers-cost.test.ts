import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeLayersCost } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { notCancelled } from '../support/engine.js';
import { smallModel } from '../support/models.js';

const { file, spec } = smallModel();

test('of several layers, what all of them need is kept once, and branches beside each other all', async () => {
  await openRuntime();
  const model = await loadAddon().importModel({ graph: readFileSync(file), ...spec }, notCancelled());
  const cost = async (...layers: string[]): Promise<number> => (await model.cost(layers)).bytesPerPixel;
  const { bytesPerPixel, fixedBytes } = await model.layer('mixed3a_3x3');
  expect(await model.cost(['mixed3a_3x3'])).toEqual({ bytesPerPixel, fixedBytes } satisfies NativeLayersCost);

  const [trunk, wide, narrow] = [await cost('maxpool1'), bytesPerPixel, await cost('mixed3a_5x5')];
  const both = await cost('mixed3a_3x3', 'mixed3a_5x5');
  expect(both).toBeGreaterThan(Math.max(wide, narrow));
  expect(both).toBeCloseTo(wide + narrow - trunk, 6);
  // A layer on the way to another asks for nothing more.
  expect(await cost('mixed3a_3x3', 'maxpool1')).toBe(wide);
  await expect(model.cost(['mixed3a_3x3', 'no'])).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_LAYER_UNKNOWN' });
});
