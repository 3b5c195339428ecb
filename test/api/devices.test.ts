// One Dreamer on several devices, which are virtual ones of the processor: pictures are spread over them, and what one device fails
// at another takes.
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { loadAddon } from '../../lib/binding/addon.js';
import type { NativeEngine, NativeEngineSettings } from '../../lib/binding/native.js';
import type { PictureResult } from '../../lib/dream-all.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { PictureInput, RawPicture } from '../../lib/image/source.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { encodedPicture } from '../support/encoded.js';
import { madePicture } from '../support/pictures.js';

/** What engines do instead of dreaming, by device and by how many dreams they were asked for. */
const faults = vi.hoisted(() => ({
  of: new Map<string, (asked: number) => Error | undefined>(),
  asked: [] as string[],
}));

vi.mock(import('../../lib/binding/addon.js'), async (original) => {
  const real = await original();
  const addon = real.loadAddon();
  class Engine {
    constructor(settings: NativeEngineSettings) {
      const engine = new addon.Engine(settings);
      const { device } = settings;
      const dream = (...args: Parameters<NativeEngine['dream']>): ReturnType<NativeEngine['dream']> => {
        faults.asked.push(device);
        const fault = faults.of.get(device)?.(faults.asked.filter((each) => each === device).length);
        return fault ? Promise.reject(fault) : engine.dream(...args);
      };
      const bound = (name: string | symbol): unknown => {
        const value = engine[name as keyof NativeEngine] as unknown;
        return typeof value === 'function' ? value.bind(engine) : value;
      };
      // biome-ignore lint/correctness/noConstructorReturn: an engine is native, and only stood in for
      return new Proxy(engine, {
        get: (_engine, name) => (name === 'dream' ? dream : bound(name)),
      }) as unknown as Engine;
    }
  }
  const mocked = { ...addon, Engine } as unknown as ReturnType<typeof loadAddon>;
  return { ...real, loadAddon: () => mocked };
});

afterEach(() => {
  faults.of.clear();
  faults.asked.length = 0;
});

const broken = (code = 'ERR_LIVEDREAM_TENSORFLOW'): Error =>
  Object.assign(new Error('TensorFlow failed while computing a step.'), { code, detail: 'CUDA_ERROR_LAUNCH_FAILED' });
const OPTIONS = { layer: 'mixed3b', octaves: 2, iterations: 2, seed: 5 } as const;
const THREE = ['cpu', 'cpu:1', 'cpu:2'] as const;
// Of different sizes, so that each is a batch of its own.
const PICTURES = Array.from({ length: 9 }, (_, index): RawPicture => {
  const [width, height] = [48 + 2 * index, 40];
  return { data: Uint8Array.from(madePicture(width, height, index)), width, height, channels: 3 };
});

async function all<P extends PictureInput>(results: AsyncIterable<PictureResult<P>>): Promise<PictureResult<P>[]> {
  const found: PictureResult<P>[] = [];
  for await (const each of results) found.push(each);
  return found;
}

const devicesOf = (results: readonly PictureResult[]): Set<string | undefined> =>
  new Set(results.map(({ dream }) => dream?.device));
const bytesOf = (results: readonly PictureResult[]): string[] =>
  [...results]
    .sort((one, other) => one.index - other.index)
    .map(({ dream }) => Buffer.from(dream?.data ?? []).toString('base64'));

async function expected(): Promise<string[]> {
  await using one = await smallDreamer();
  return bytesOf(await all(one.dreamAll(PICTURES, OPTIONS)));
}

async function three(): Promise<Dreamer> {
  return smallDreamer({ device: THREE });
}

describe('a Dreamer on several devices', () => {
  test('takes them as a list or with commas between, and has the network on each', async () => {
    await using dreamer = await three();
    expect(dreamer.device).toBe('CPU:0,CPU:1,CPU:2');
    expect(dreamer.statistics().graphImports).toBe(3);
    await using same = await smallDreamer({ device: THREE.join() });
    expect(same.device).toBe(dreamer.device);
  });

  test.each([
    ['ordinary kernels', { xla: false }],
    ['XLA', { xla: true }],
    ['XLA and a compiled loop', { xla: true, loop: 'compiled' }],
  ] as const)('dreams the same on each: %s', async (_name, mode) => {
    await using dreamer = await smallDreamer({ device: THREE, ...mode });
    const dreams = await Promise.all(THREE.map(() => dreamer.dream(rawPicture(64, 48), { ...OPTIONS, octaves: 1 })));
    expect(new Set(dreams.map(({ device }) => device)).size).toBe(3);
    const bytes = dreams.map(({ data }) => Buffer.from(data).toString('base64'));
    expect(new Set(bytes).size).toBe(1);
  });

  test('spreads many pictures over them, each as it is alone, in their order where that is asked for', async () => {
    await using dreamer = await three();
    const found = await all(dreamer.dreamAll(PICTURES, { ...OPTIONS, inOrder: true }));
    expect(found.map(({ index }) => index)).toEqual(PICTURES.map((_, index) => index));
    for (const { index, source } of found) expect(source).toBe(PICTURES[index]);
    expect(devicesOf(found)).toEqual(new Set(['CPU:0', 'CPU:1', 'CPU:2']));
    expect(bytesOf(found)).toEqual(await expected());
  });

  test('leaves none of them idle where all pictures would be one batch', async () => {
    await using dreamer = await three();
    const alike = PICTURES.slice(0, 6).map(() => rawPicture(48, 40));
    const found = await all(dreamer.dreamAll(alike, OPTIONS));
    expect(devicesOf(found)).toEqual(new Set(['CPU:0', 'CPU:1', 'CPU:2']));
    expect(new Set(found.map(({ dream }) => dream?.parameters.batch))).toEqual(new Set([2]));
  });

  test('keeps the order also around pictures that have none', async () => {
    await using dreamer = await three();
    const pictures = PICTURES.map((picture, index) => (index % 3 === 1 ? `nowhere${index}.jpg` : picture));
    const found = await all(dreamer.dreamAll(pictures, { ...OPTIONS, inOrder: true }));
    expect(found.map(({ index }) => index)).toEqual(pictures.map((_, index) => index));
    expect(found.map(({ error }) => error !== undefined)).toEqual(pictures.map((_, index) => index % 3 === 1));
    expect(() => dreamer.dreamAll(PICTURES, { inOrder: 1 as unknown as boolean })).toThrow(/'inOrder'/);
  });
});

describe('a device that fails', () => {
  test('loses no picture: another takes it, and the failed one gets no more for a while', async () => {
    faults.of.set('CPU:1', (asked) => (asked >= 2 ? broken() : undefined));
    await using dreamer = await three();
    const found = await all(dreamer.dreamAll(PICTURES, { ...OPTIONS, inOrder: true }));
    expect(found.map(({ index }) => index)).toEqual(PICTURES.map((_, index) => index));
    expect(bytesOf(found)).toEqual(await expected());
    const warnings = found.flatMap(({ dream }) => dream?.warnings ?? []);
    expect(warnings).toEqual([
      expect.stringMatching(/^CPU:1 failed at this picture, and CPU:[02] dreamed it: CUDA_ERROR_LAUNCH_FAILED$/),
    ]);
    expect(faults.asked.filter((device) => device === 'CPU:1')).toHaveLength(2);
    // Also of what comes later.
    await Promise.all([0, 1].map(() => dreamer.dream(rawPicture(48, 40), OPTIONS)));
    expect(faults.asked.filter((device) => device === 'CPU:1')).toHaveLength(2);
  });

  test('is one among those that dream single pictures, a stream too, which can be read once', async () => {
    faults.of.set('CPU:0', () => broken('ERR_LIVEDREAM_OUT_OF_MEMORY'));
    await using dreamer = await smallDreamer({ device: ['cpu', 'cpu:1'] });
    const dream = await dreamer.dream(Readable.from([await encodedPicture(48, 40)]), OPTIONS);
    expect(dream.device).toBe('CPU:1');
    expect(dream.warnings).toHaveLength(1);
    // What had no room for one picture may have it for the next, so it is asked again.
    await dreamer.dream(rawPicture(48, 40), OPTIONS);
    expect(faults.asked).toEqual(['CPU:0', 'CPU:1', 'CPU:0', 'CPU:1']);
  });

  test('in the midst of variations leaves each of them made once', async () => {
    faults.of.set('CPU:0', (asked) => (asked >= 3 ? broken() : undefined));
    await using dreamer = await smallDreamer({ device: ['cpu', 'cpu:1'] });
    const variations = [1, 2, 3, 4, 5].map((iterations) => ({ ...OPTIONS, iterations }));
    const indices: number[] = [];
    for await (const { index, dream } of dreamer.variations(rawPicture(48, 40), variations)) {
      indices.push(index);
      expect(dream.device).toBe(index < 2 ? 'CPU:0' : 'CPU:1');
    }
    expect(indices.sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test('and others that fail too give the first error', async () => {
    faults.of.set('CPU:0', () => broken());
    faults.of.set('CPU:1', () => broken('ERR_LIVEDREAM_XLA_UNAVAILABLE'));
    await using dreamer = await smallDreamer({ device: ['cpu', 'cpu:1'] });
    const error = { code: 'ERR_LIVEDREAM_TENSORFLOW', cause: new Error('CUDA_ERROR_LAUNCH_FAILED') };
    await expect(dreamer.dream(rawPicture(48, 40), OPTIONS)).rejects.toMatchObject(error);
    await expect(all(dreamer.dreamAll(PICTURES, OPTIONS))).rejects.toMatchObject(error);
  });

  test('is not tried again where it is the only one, nor others for what is no fault of a device', async () => {
    faults.of.set('CPU:0', () => broken());
    await using one = await smallDreamer();
    await expect(one.dream(rawPicture(48, 40), OPTIONS)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_TENSORFLOW' });
    expect(faults.asked).toHaveLength(1);
    faults.of.set('CPU:0', () => broken('ERR_LIVEDREAM_NOT_FINITE'));
    await using two = await smallDreamer({ device: ['cpu', 'cpu:1'] });
    await expect(two.dream(rawPicture(48, 40), OPTIONS)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_NOT_FINITE' });
    expect(faults.asked).toHaveLength(2);
  });
});
