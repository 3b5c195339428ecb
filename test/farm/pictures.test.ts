import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import type { FarmWorker } from '../../lib/farm/work/farm-worker.js';
import { png } from '../service/support.js';
import { hasRedis, TestRedis } from '../support/redis.js';

describe.skipIf(!hasRedis)('pictures on a farm (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  let redis: TestRedis;
  let dreamer: Dreamer;
  let worker: FarmWorker;
  let farm: Farm;
  const few = { octaves: 2, iterations: 2 };

  beforeAll(async () => {
    redis = await TestRedis.start();
    dreamer = await Dreamer.load({ device: 'cpu' });
    const place = { queue: redis.url, store: folder };
    worker = await workOnFarm(dreamer, place);
    farm = await Farm.open(place);
  });
  afterAll(async () => {
    await farm?.close();
    await worker?.close();
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the bytes that a Dreamer here gives', async () => {
    const picture = await png();
    const options = { ...few, seed: 7n };
    const mine = await (await dreamer.dream(picture, options)).toBuffer('png');
    const theirs = await farm.dream(picture, options);
    expect(theirs.picture.equals(mine)).toBe(true);
    expect(theirs.dream.width).toBe(64);
    expect(theirs.worker).toBe(worker.facts.id);
  });

  it('dreams the same request once', async () => {
    const picture = await png(72, 64);
    const steps = dreamer.statistics().steps;
    const twice = await Promise.all([farm.dream(picture, few), farm.dream(picture, few)]);
    const again = await farm.dream(picture, few);
    expect(new Set([...twice, again].map(({ sha256 }) => sha256)).size).toBe(1);
    expect(dreamer.statistics().steps - steps).toBe(few.octaves * few.iterations);
  });

  it('leaves no picture in Redis', async () => {
    const picture = await sharp({
      create: {
        width: 256,
        height: 256,
        channels: 3,
        background: '#335577',
        noise: { type: 'gaussian', mean: 100, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    await farm.dream(picture, few);
    expect(Number(/used_memory_dataset:(\d+)/.exec(redis.cli('info', 'memory'))?.[1])).toBeGreaterThan(0);
    const keys = redis.cli('keys', '*').split('\n').filter(Boolean);
    const largest = Math.max(...keys.map((key) => Number(/(\d+)/.exec(redis.cli('memory', 'usage', key))?.[1] ?? 0)));
    expect(largest).toBeLessThan(32_768);
    expect(readdirSync(folder).sort()).toEqual(['facts', 'inputs', 'results']);
  });
});
