import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import { png } from '../service/support.js';
import { hasRedis, TestRedis } from '../support/redis.js';

describe.skipIf(!hasRedis)('whose turn it is on a farm (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const few = { octaves: 1, iterations: 1 };
  let redis: TestRedis;
  let dreamer: Dreamer;
  let place: { queue: string; store: string };

  beforeAll(async () => {
    redis = await TestRedis.start();
    dreamer = await Dreamer.load({ device: 'cpu' });
    place = { queue: redis.url, store: folder };
  });
  afterAll(async () => {
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('does the smaller priority first, whoever came first', async () => {
    await using farm = await Farm.open(place);
    const order: number[] = [];
    const dreams: Promise<unknown>[] = [];
    for (const [index, priority] of [100, 10, 50, 1].entries()) {
      const dream = farm.dream(await png(32 + index, 32), { ...few, job: { priority } });
      dreams.push(dream.then(() => order.push(priority)));
      while ((await farm.jobs()).waiting <= index) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await using _worker = await workOnFarm(dreamer, { ...place, concurrency: 1 });
    await Promise.all(dreams);
    expect(order).toEqual([1, 10, 50, 100]);
  });

  it('begins no more jobs in a second than it may, of all workers together', async () => {
    await using farm = await Farm.open(place);
    const limits = { ...place, rateLimit: 4 };
    await using _one = await workOnFarm(dreamer, limits);
    await using _other = await workOnFarm(dreamer, limits);
    const pictures = await Promise.all(Array.from({ length: 9 }, (_, index) => png(48 + index, 40)));
    const began = performance.now();
    for await (const { error } of farm.dreamAll(pictures, few)) if (error) throw error;
    // Four at once, four a second later, and the last after another.
    expect(performance.now() - began).toBeGreaterThan(1900);
  });
});
