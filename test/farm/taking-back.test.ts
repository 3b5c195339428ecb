import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import type { FarmPreview } from '../../lib/farm/jobs/preview.js';
import type { FarmWorker, JobTold } from '../../lib/farm/work/farm-worker.js';
import { png } from '../service/support.js';
import { smallDreamer } from '../support/dreamers.js';
import { hasRedis, TestRedis } from '../support/redis.js';

/** The model of `smallDreamer`. */
const needs = { model: 'small-inception' } as const;
/** More than anybody waits for. */
const ENDLESS = { octaves: 1, iterations: 10_000, needs } as const;

describe.skipIf(!hasRedis)('watching jobs and taking them back (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const told: JobTold[] = [];
  let redis: TestRedis;
  let dreamer: Dreamer;
  let worker: FarmWorker;
  let farms: [Farm, Farm];

  beforeAll(async () => {
    redis = await TestRedis.start();
    dreamer = await smallDreamer();
    const place = { queue: redis.url, store: folder };
    worker = await workOnFarm(dreamer, { ...place, concurrency: 1, onJob: (job) => void told.push(job) });
    farms = [await Farm.open(place), await Farm.open(place)];
  });
  afterAll(async () => {
    for (const farm of farms ?? []) await farm.close();
    await worker?.close(true);
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A dream that is looked at until it has been seen, and then left. */
  async function seen(farm: Farm, seed: bigint): Promise<{ readonly preview: FarmPreview; leave(): Promise<unknown> }> {
    const left = new AbortController();
    let dream: Promise<unknown> = Promise.resolve();
    const preview = await new Promise<FarmPreview>((resolve, reject) => {
      const options = { ...ENDLESS, seed, signal: left.signal, previewInterval: 20, onJpegPreview: resolve };
      dream = png().then((picture) => farm.dream(picture, options));
      dream.catch(reject);
    });
    const leave = (): Promise<unknown> => {
      left.abort();
      return dream.catch((error: unknown) => error);
    };
    return { preview, leave };
  }

  it('shows what a dream looks like on its way, and stops it within a step when its client leaves', async () => {
    const { preview, leave } = await seen(farms[0], 1n);
    const { format, width, height } = await sharp(preview.jpeg).metadata();
    expect([format, width, height]).toEqual(['jpeg', 64, 64]);
    expect(preview).toMatchObject({ octave: 0, octaves: 1, iterations: ENDLESS.iterations });
    expect(preview.fraction).toBeGreaterThan(0);
    expect(await leave()).toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED' });
    await expect.poll(() => told.at(-1)?.ended).toBe('failed');
    expect(told.at(-1)?.error).toContain('ERR_LIVEDREAM_ABORTED');
    const { steps } = dreamer.statistics();
    expect(steps).toBeLessThan(ENDLESS.iterations);
    // The worker is free again.
    await farms[0].dream(await png(), { octaves: 1, iterations: 1, needs });
    expect(dreamer.statistics().steps).toBe(steps + 1);
  });

  it('takes a job that waits out of the queue', async () => {
    const first = await seen(farms[0], 2n);
    const left = new AbortController();
    const waits = farms[0].dream(await png(), { ...ENDLESS, seed: 3n, signal: left.signal });
    const key = 'livedream:dreams:prioritized';
    await expect.poll(() => redis.cli('zcard', key).trim()).toBe('1');
    left.abort();
    await expect(waits).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    await expect.poll(() => redis.cli('zcard', key).trim()).toBe('0');
    await first.leave();
  });

  it('dreams on for one client where another of the same dream leaves', async () => {
    const options = { octaves: 1, iterations: 400, seed: 4n } as const;
    const picture = await png();
    const left = new AbortController();
    const begun = new Promise<void>((resolve) => {
      const watch = { signal: left.signal, previewInterval: 20, onJpegPreview: () => resolve() };
      farms[0].dream(picture, { ...options, ...watch, needs }).catch(() => undefined);
    });
    await begun;
    const other = farms[1].dream(picture, { ...options, needs });
    left.abort();
    const mine = await (await dreamer.dream(picture, options)).toBuffer('png');
    expect((await other).picture.equals(mine)).toBe(true);
  });
});
