import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { DreamProgress } from '../../lib/options/dream-options.js';
import { rewritesFor } from '../../lib/plan/rewrites.js';
import { NATIVE_DEVICE } from '../support/device.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { meanDifference, SAMPLE } from '../support/pictures.js';

let dreamer: Dreamer;
let folder: string;
beforeAll(async () => {
  dreamer = await smallDreamer();
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-api-'));
});
afterAll(async () => {
  await dreamer.dispose();
  await rm(folder, { recursive: true });
});

describe('a dream', () => {
  test('of a file changes the picture, keeps its size, and says how it was made', async () => {
    const dream = await dreamer.dream(SAMPLE, { size: 160, octaves: 3, iterations: 4, seed: 7 });
    expect(dream).toMatchObject({
      width: 160,
      height: 107,
      channels: 3,
      device: NATIVE_DEVICE,
      xla: false,
      loop: 'native',
      precision: 'float32',
      rewrites: rewritesFor({ device: NATIVE_DEVICE, xla: false }),
    });
    expect(dream.why).toContain('float32');
    expect(dream.parameters).toMatchObject({ octaves: 3, iterations: 4, step: 1.5, seed: 7n, jitter: true });
    expect(dream.parameters.modelSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(dream.parameters.objective).toEqual({ layer: 'mixed3b', kind: 'layer', channels: [] });
    expect(dream.objectives).toHaveLength(12);
    const original = await sharp(SAMPLE).resize(160, 107, { fit: 'fill' }).raw().toBuffer();
    const change = meanDifference(dream.data, original);
    expect(change).toBeGreaterThan(2);
    expect(change).toBeLessThan(60);
    const file = path.join(folder, 'dream.webp');
    await dream.toFile(file);
    expect(await sharp(file).metadata()).toMatchObject({ format: 'webp', width: 160, height: 107 });
    expect((await sharp(await dream.toBuffer('jpeg')).metadata()).format).toBe('jpeg');
    expect(await readdir(folder)).toEqual(['dream.webp']);
  });

  test('raises its objective', async () => {
    const dream = await dreamer.dream(rawPicture(96, 64), { octaves: 1, iterations: 15, jitter: false });
    expect(dream.objectives[14]).toBeGreaterThan(2 * (dream.objectives[0] as number));
  });

  test('keeps alpha as it was', async () => {
    const rgba = {
      data: new Uint8Array(64 * 64 * 4).map((_, i) => (i % 4 === 3 ? 33 : i % 251)),
      width: 64,
      height: 64,
    };
    const dream = await dreamer.dream({ ...rgba, channels: 4 }, { octaves: 1, iterations: 1 });
    expect(dream.alpha).toHaveLength(64 * 64);
    expect((await dream.toSharp().raw().toBuffer())[3]).toBe(33);
  });

  test('of depth float32 is what uint8 clips and rounds', async () => {
    const options = { octaves: 2, iterations: 5, seed: 3 };
    const floats = await dreamer.dream(rawPicture(80, 60), { ...options, depth: 'float32' });
    const bytes = await dreamer.dream(rawPicture(80, 60), options);
    expect(floats.data).toBeInstanceOf(Float32Array);
    // Ties to even, as TensorFlow rounds.
    const rounded = Array.from(floats.data, (value) => {
      const clipped = Math.min(255, Math.max(0, value));
      const down = Math.floor(clipped);
      const rest = clipped - down;
      return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
    });
    expect(Array.from(bytes.data)).toEqual(rounded);
    expect(() => floats.toSharp()).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' }));
  });

  test('reports progress in order, to the end', async () => {
    const reports: DreamProgress[] = [];
    await dreamer.dream(rawPicture(90, 70), {
      octaves: 3,
      iterations: 3,
      onProgress: (report) => reports.push(report),
    });
    expect(reports.length).toBeGreaterThan(0);
    const fractions = reports.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(reports[reports.length - 1]).toMatchObject({
      octave: 2,
      octaves: 3,
      iteration: 3,
      iterations: 3,
      fraction: 1,
    });
  });

  test('with XLA is near to the one without, and says so', async () => {
    const compiled = await smallDreamer({ xla: true });
    const options = { octaves: 1, iterations: 1, jitter: false, depth: 'float32' } as const;
    const [a, b] = [
      await compiled.dream(rawPicture(96, 64), options),
      await dreamer.dream(rawPicture(96, 64), options),
    ];
    expect([a.xla, b.xla]).toEqual([true, false]);
    expect(a.why).toContain('xla true as asked');
    expect(meanDifference(a.data, b.data)).toBeLessThan(1e-3);
    await compiled.dispose();
  });

  test('has its loop compiled with XLA where that is asked for, and says so', async () => {
    const compiled = await smallDreamer({ xla: true, loop: 'compiled' });
    const dream = await compiled.dream(rawPicture(96, 64), { octaves: 1, iterations: 2 });
    expect([compiled.loop, dream.loop, dreamer.loop]).toEqual(['compiled', 'compiled', 'native']);
    expect(JSON.parse(JSON.stringify(dream))).toMatchObject({ xla: true, loop: 'compiled' });
    await compiled.dispose();
    await expect(smallDreamer({ loop: 'compiled' })).rejects.toThrow(/'loop' must be .* without XLA/);
  });
});

describe('a second dream of the same size', () => {
  test('imports, uploads and builds nothing', async () => {
    const options = { octaves: 3, iterations: 2 };
    const first = await dreamer.dream(rawPicture(100, 75), options);
    const before = dreamer.statistics();
    const second = await dreamer.dream(rawPicture(100, 75), { ...options, seed: 5, step: 2 });
    const after = dreamer.statistics();
    expect(first.timings.programsBuilt).toBeGreaterThan(0);
    expect(second.timings.programsBuilt).toBe(0);
    expect(second.timings.compile).toBe(0);
    expect(after).toEqual({ ...before, steps: before.steps + 6 });
    expect(after.graphImports).toBe(1);
  });

  test('nor does one of another channel of the same layer', async () => {
    const options = { octaves: 2, iterations: 1, layer: 'mixed3a_3x3' };
    await dreamer.dream(rawPicture(100, 75), { ...options, channel: 1 });
    const other = await dreamer.dream(rawPicture(100, 75), { ...options, channels: [2, { channel: 3, weight: -1 }] });
    expect(other.timings.programsBuilt).toBe(0);
  });

  test('nor the first after warmUp', async () => {
    await dreamer.warmUp({ width: 110, height: 70 }, { octaves: 3 });
    const dream = await dreamer.dream(rawPicture(110, 70), { octaves: 3, iterations: 1 });
    expect(dream.timings.programsBuilt).toBe(0);
  });
});

describe('several at once', () => {
  test('dreams on one Dreamer queue, and those on two run side by side', async () => {
    const other = await smallDreamer();
    const options = { octaves: 2, iterations: 3, seed: 1 };
    const dreams = await Promise.all(
      [dreamer, other, dreamer, other].map((each) => each.dream(rawPicture(70, 70), options)),
    );
    for (const dream of dreams)
      expect(Buffer.from(dream.data as Uint8Array)).toEqual(Buffer.from(dreams[0]?.data as Uint8Array));
    await other.dispose();
  });

  test('more than the queue holds are refused', async () => {
    const small = await smallDreamer({ queueLimit: 1 });
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => small.dream(rawPicture(70, 70), { octaves: 1 })),
    );
    const codes = results
      .filter(({ status }) => status === 'rejected')
      .map((result) => 'reason' in result && result.reason.code);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes)).toEqual(new Set(['ERR_LIVEDREAM_QUEUE_FULL']));
    await small.dispose();
  });
});

describe('gradient()', () => {
  test('is the slope of the objective', async () => {
    const options = { layer: 'mixed3a_3x3_pre_relu', channel: 4 };
    const picture = Float32Array.from((rawPicture(64, 48) as { data: Uint8Array }).data);
    const at = async (data: Float32Array): Promise<number> =>
      (await dreamer.gradient({ data, width: 64, height: 48, channels: 3 }, options)).objective;
    const { data, objective } = await dreamer.gradient({ data: picture, width: 64, height: 48, channels: 3 }, options);
    const length = Math.hypot(...data);
    const moved = picture.map((value, index) => value + (0.05 * (data[index] as number)) / length);
    expect(((await at(moved)) - objective) / 0.05 / length).toBeCloseTo(1, 1);
  });
});
