import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bell } from '../../lib/bell.js';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import { png } from '../service/support.js';
import { CutProxy } from '../support/cut-proxy.js';
import { hasRedis, TestRedis } from '../support/redis.js';

describe.skipIf(!hasRedis)('a farm whose network is cut (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const options = { octaves: 2, iterations: 60 };
  let redis: TestRedis;
  let dreamer: Dreamer;
  let other: Dreamer;

  beforeAll(async () => {
    redis = await TestRedis.start();
    dreamer = await Dreamer.load({ device: 'cpu' });
    other = await Dreamer.load({ device: 'cpu' });
  });
  afterAll(async () => {
    await dreamer?.dispose();
    await other?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const results = (store: string): string[] =>
    (readdirSync(path.join(store, 'results'), { recursive: true }) as string[]).filter((name) =>
      /\.(png|json)$/.test(name),
    );

  it('does the job of a worker that was cut off for longer than its lock, once and to the same bytes', async () => {
    const store = path.join(folder, 'worker');
    const picture = await png(128, 128);
    const wanted = await (await dreamer.dream(picture, options)).toBuffer('png');
    await using line = await CutProxy.to(redis.port);
    await using farm = await Farm.open({ queue: redis.url, store });
    await using _cutOff = await workOnFarm(dreamer, { queue: line.url, store, lockTime: 1 });
    const progress = new Bell();
    const begun = progress.heard();
    const dream = farm.dream(picture, { ...options, onProgress: () => progress.ring() });
    await begun;
    line.cut();
    await using _there = await workOnFarm(other, { queue: redis.url, store, lockTime: 1 });
    await sleep(3000);
    line.mend();
    expect((await dream).picture.equals(wanted)).toBe(true);
    // The first is a worker like others again, and what both did lies there once.
    expect((await farm.dream(await png(64, 64), { octaves: 1, iterations: 1 })).dream.width).toBe(64);
    expect(results(store)).toHaveLength(4);
  });

  it('gives a client that was cut off what was done meanwhile', async () => {
    const store = path.join(folder, 'client');
    await using line = await CutProxy.to(redis.port);
    await using farm = await Farm.open({ queue: line.url, store });
    await using _worker = await workOnFarm(dreamer, { queue: redis.url, store });
    const progress = new Bell();
    const begun = progress.heard();
    const dream = farm.dream(await png(96, 128), { ...options, onProgress: () => progress.ring() });
    await begun;
    line.cut();
    await using beside = await Farm.open({ queue: redis.url, store });
    while ((await beside.jobs()).active > 0) await sleep(50);
    line.mend();
    expect((await dream).dream.width).toBe(96);
  });

  it('ends what waits where the caller does not wait for the network', async () => {
    const store = path.join(folder, 'abort');
    await using line = await CutProxy.to(redis.port);
    await using farm = await Farm.open({ queue: line.url, store });
    line.cut();
    const late = farm.dream(await png(), { octaves: 1, iterations: 1, signal: AbortSignal.timeout(300) });
    expect(await late.catch((error: unknown) => error)).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    line.mend();
  });

  it('can be left while its Redis is away, by clients and workers', async () => {
    const place = { queue: '', store: path.join(folder, 'away') };
    await using line = await CutProxy.to(redis.port);
    place.queue = line.url;
    const farm = await Farm.open(place);
    const worker = await workOnFarm(dreamer, place);
    line.cut();
    const dream = farm.dream(await png(40, 40), { octaves: 1, iterations: 1 }).catch((error: unknown) => error);
    await Promise.all([farm.close(), worker.close(true)]);
    expect(await dream).toMatchObject({ code: 'ERR_LIVEDREAM_DISPOSED' });
  });
});
