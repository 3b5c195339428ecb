// On a machine with a GPU: `npm run test:gpu`. Everything here is skipped by name without one.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeEngine, NativeMode, NativePlan } from '../../lib/binding/native.js';
import { devices } from '../../lib/device.js';
import { doctor } from '../../lib/doctor.js';
import { Dreamer } from '../../lib/dreamer.js';
import { rewritesFor } from '../../lib/plan/rewrites.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { notCancelled, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';
import { GPUS } from './support.js';

const SIZE = { width: 96, height: 72, octaves: 1 };
const PICTURE = madePicture(SIZE.width, SIZE.height);

/** How far the first gradient may be from the processor's in float32, as a part of its mean. TF32 is switched off or counted in. */
const WITHIN: Readonly<Record<NativeMode['precision'], number>> = { float32: 5e-3, float16: 3e-2, bfloat16: 2e-1 };
const MODES = (['float32', 'float16', 'bfloat16'] as const).flatMap((precision) => [
  { precision, xla: false, loop: 'native' } as const,
  { precision, xla: true, loop: 'native' } as const,
  { precision, xla: true, loop: 'compiled' } as const,
]);

async function engineOn(device: string, precision: NativeMode['precision']): Promise<NativeEngine> {
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({ device, programCacheBytes: 2 ** 29, queueLimit: 4, threads: 0, precision });
  const { file, spec } = smallModel();
  await engine.load(await addon.importModel({ graph: readFileSync(file), ...spec }, notCancelled()));
  return engine;
}

function planOn(device: string, mode: Omit<NativeMode, 'rewrites'>, iterations = 1): NativePlan {
  const rewrites = rewritesFor({ ...mode, device });
  return planFor(smallModel(), SIZE, { mode: { ...mode, rewrites }, iterations });
}

describe.skipIf(GPUS === 0)('a GPU', () => {
  let cpu: NativeEngine;
  beforeAll(async () => {
    cpu = await engineOn('CPU:0', 'float32');
  });
  afterAll(() => cpu.dispose());

  test('is seen, in order, and what "auto" takes, with XLA and the loop compiled', async () => {
    expect((await devices()).map(({ name }) => name)).toContain('gpu:0');
    expect(await doctor()).toMatchObject({ ok: true, gpu: { available: true }, xla: { available: true } });
    await using dreamer = await Dreamer.load();
    expect(dreamer).toMatchObject({ device: 'GPU:0', xla: true, loop: 'compiled' });
  });

  test.each(MODES)('gives the gradient that the processor gives: $precision, xla $xla, $loop loop', async (mode) => {
    const engine = await engineOn('GPU:0', mode.precision);
    const exact = planOn('CPU:0', { precision: 'float32', xla: false });
    const expected = await cpu.gradient(exact, PICTURE, notCancelled());
    const found = await engine.gradient(planOn('GPU:0', mode), PICTURE, notCancelled());
    const within = WITHIN[mode.precision];
    expect(meanDifference(found.data, expected.data)).toBeLessThanOrEqual(within * meanMagnitude(expected.data));
    expect(Math.abs(found.objective - expected.objective)).toBeLessThanOrEqual(within * Math.abs(expected.objective));
    // One step of a dream, whichever program goes.
    const moved = await cpu.dream(exact, PICTURE, notCancelled());
    const step = await engine.dream(planOn('GPU:0', mode), PICTURE, notCancelled());
    const size = meanDifference(moved.data as Float32Array, PICTURE);
    expect(meanDifference(step.data as Float32Array, moved.data as Float32Array)).toBeLessThanOrEqual(within * size);
    await engine.dispose();
  });

  test('goes the same way in both loops', async () => {
    const engine = await engineOn('GPU:0', 'float32');
    const objectives: (readonly number[])[] = [];
    for (const loop of ['native', 'compiled'] as const) {
      const plan = planOn('GPU:0', { precision: 'float32', xla: true, loop }, 4);
      objectives.push((await engine.dream({ ...plan, step: [0.5] }, PICTURE, notCancelled())).objectives);
    }
    await engine.dispose();
    const [native = [], compiled = []] = objectives;
    for (const [i, each] of native.entries()) {
      expect(Math.abs((compiled[i] as number) - each)).toBeLessThanOrEqual(1e-2 * Math.abs(each));
    }
  });

  test('has a fraction of its memory for the whole process, which another Dreamer cannot change', async () => {
    await using first = await smallDreamer({ device: 'gpu' });
    expect(first.device).toBe('GPU:0');
    await expect(smallDreamer({ device: 'gpu', gpuMemoryFraction: 0.123 })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/already.+0\.123 of each GPU's memory/),
    });
  });

  test('that has no memory for a dream says so, and then dreams a smaller one', async () => {
    const [gpu] = (await devices()).filter(({ type }) => type === 'gpu');
    await using dreamer = await smallDreamer({ device: 'gpu', xla: false, memoryLimit: Number.MAX_SAFE_INTEGER });
    const options = { octaves: 1, iterations: 1, tileSize: 8192, batch: 1 };
    // The first convolution alone takes 64 bytes a pixel.
    const side = Math.min(8192, Math.ceil(Math.sqrt((gpu?.memoryBytes ?? 0) / 64)));
    const large = await dreamer.dream(rawPicture(side, side), options).then(
      () => 'dreamed',
      (error: { code: string }) => error.code,
    );
    // A card with room for it all is not put to the test by this.
    expect(['dreamed', 'ERR_LIVEDREAM_OUT_OF_MEMORY']).toContain(large);
    expect(await dreamer.dream(rawPicture(64, 64), options)).toMatchObject({ width: 64, device: 'GPU:0' });
  });
});

test.skipIf(GPUS < 2)('two GPUs share many pictures, in their order', async () => {
  await using both = await smallDreamer({ device: ['gpu:0', 'gpu:1'], xla: false });
  const pictures = Array.from({ length: 8 }, (_, index) => rawPicture(64 + 2 * index, 48));
  const found: { index: number; device: string | undefined }[] = [];
  for await (const { index, dream } of both.dreamAll(pictures, { octaves: 1, iterations: 2, inOrder: true })) {
    found.push({ index, device: dream?.device });
  }
  expect(found.map(({ index }) => index)).toEqual(pictures.map((_, index) => index));
  expect(new Set(found.map(({ device }) => device))).toEqual(new Set(['GPU:0', 'GPU:1']));
});
