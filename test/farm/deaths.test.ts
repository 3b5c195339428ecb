import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Bell } from '../../lib/bell.js';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import type { RawPicture } from '../../lib/picture-input.js';
import { WorkerProcess, workersThere } from '../support/farm.js';
import { madePicture } from '../support/pictures.js';
import { hasRedis, TestRedis } from '../support/redis.js';

/** Different ones, as equal jobs are one. */
function picture(place: number, side = 64): RawPicture {
  const data = Uint8Array.from(madePicture(side, side));
  new DataView(data.buffer).setUint32(0, place);
  return { data, width: side, height: side, channels: 3 };
}

const few = { octaves: 2, iterations: 2 };
const script = path.resolve(import.meta.dirname, '../support/dying-worker.mjs');

describe.skipIf(!hasRedis)('a farm whose parts die (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  let dreamer: Dreamer;
  let redis: TestRedis;
  let place: { queue: string; store: string };
  let test = 0;

  beforeAll(async () => {
    dreamer = await Dreamer.load({ device: 'cpu' });
    redis = await TestRedis.start();
  });
  beforeEach(() => {
    redis.cli('flushall');
    test += 1;
    place = { queue: redis.url, store: path.join(folder, String(test)) };
  });
  afterAll(async () => {
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const dies = async (): Promise<void> => {
    const child = spawn(process.execPath, [script, redis.url, 'livedream', '1000'], { stdio: 'ignore' });
    await once(child, 'exit');
  };

  it('does the job of a worker that was killed, to the same bytes, once', async () => {
    await using farm = await Farm.open(place);
    const wanted = await (await dreamer.dream(picture(1, 128), { octaves: 2, iterations: 60 })).toBuffer('png');
    await using victim = new WorkerProcess(place, '--lock-time', '1');
    await workersThere(farm, 1);
    const progress = new Bell();
    const begun = progress.heard();
    const dream = farm.dream(picture(1, 128), { octaves: 2, iterations: 60, onProgress: () => progress.ring() });
    await begun;
    await victim.kill();
    await using _worker = await workOnFarm(dreamer, { ...place, lockTime: 3 });
    expect((await dream).picture.equals(wanted)).toBe(true);
    const results = readdirSync(path.join(place.store, 'results'), { recursive: true }) as string[];
    expect(results.filter((name) => name.endsWith('.png'))).toHaveLength(1);
  });

  it('fails a job that kills every worker, and goes on with others', async () => {
    await using farm = await Farm.open(place);
    const poison = farm.dream(picture(2), few).catch((error: unknown) => error);
    await dies();
    await using _worker = await workOnFarm(dreamer, { ...place, lockTime: 3, deaths: 0 });
    expect(await poison).toMatchObject({
      code: 'ERR_LIVEDREAM_FARM_JOB',
      message: expect.stringMatching(/Every worker that had the job died at it/),
    });
    expect((await farm.dream(picture(3), few)).dream.width).toBe(64);
    // Asked for again, it is tried again.
    expect((await farm.dream(picture(2), few)).dream.width).toBe(64);
  });

  it('forgives as many deaths as it may', async () => {
    await using farm = await Farm.open(place);
    const dream = farm.dream(picture(4), few);
    await dies();
    await using _worker = await workOnFarm(dreamer, { ...place, lockTime: 3, deaths: 1 });
    expect((await dream).dream.width).toBe(64);
  });

  it('outlives the death of its Redis', async () => {
    await using farm = await Farm.open(place);
    await using _worker = await workOnFarm(dreamer, place);
    const pictures = Array.from({ length: 24 }, (_, index) => picture(100 + index));
    const outcomes: number[] = [];
    for await (const { index, value, error } of farm.dreamAll(pictures, few)) {
      if (error) throw error;
      expect(value.dream.width).toBe(64);
      outcomes.push(index);
      if (outcomes.length === 8) {
        await redis.kill();
        await sleep(500);
        await redis.restart();
      }
    }
    expect(outcomes.sort((a, b) => a - b)).toEqual(pictures.map((_, index) => index));
  });

  it('puts in again what a Redis without a memory has lost', async () => {
    await using farm = await Farm.open(place);
    const dream = farm.dream(picture(5), few);
    await sleep(300);
    redis.cli('flushall');
    await using _worker = await workOnFarm(dreamer, place);
    expect((await dream).dream.width).toBe(64);
  });

  it('gives back what a worker that is closed at once has, for others', async () => {
    await using farm = await Farm.open(place);
    const first = await workOnFarm(dreamer, place);
    const progress = new Bell();
    const begun = progress.heard();
    const dream = farm.dream(picture(6, 128), { octaves: 2, iterations: 60, onProgress: () => progress.ring() });
    await begun;
    await first.close(true);
    await using second = await workOnFarm(dreamer, place);
    expect((await dream).worker).toBe(second.facts.id);
  });

  it('takes back a job that nobody wants any more', async () => {
    await using farm = await Farm.open(place);
    await using worker = await workOnFarm(dreamer, { ...place, concurrency: 1 });
    const control = new AbortController();
    const steps = dreamer.statistics().steps;
    const options = { octaves: 3, iterations: 1000, signal: control.signal, onProgress: () => control.abort() };
    const dream = farm.dream(picture(7, 256), options).catch((error: unknown) => error);
    expect(await dream).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    // The worker is free for the next.
    expect((await farm.dream(picture(8), few)).worker).toBe(worker.facts.id);
    expect(dreamer.statistics().steps - steps).toBeLessThan(1500);
  });
});
