import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import type { FarmWorker } from '../../lib/farm/work/farm-worker.js';
import type { RawPicture } from '../../lib/picture-input.js';
import { hasRedis, TestRedis } from '../support/redis.js';

const JOBS = 10_000;
const SIDE = 16;

/** Different ones, as equal jobs are one. */
function* pictures(): Generator<RawPicture> {
  for (let job = 0; job < JOBS; job += 1) {
    const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at * 7) & 255);
    new DataView(data.buffer).setUint32(0, job);
    yield { data, width: SIDE, height: SIDE, channels: 3 };
  }
}

describe.skipIf(!hasRedis)(`${JOBS} small jobs (redis-server)`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const done = new Map<string, number>();
  let redis: TestRedis;
  let dreamer: Dreamer;
  let workers: FarmWorker[] = [];
  let farm: Farm;

  beforeAll(async () => {
    redis = await TestRedis.start();
    dreamer = await Dreamer.load({ device: 'cpu' });
    const place = { queue: redis.url, store: folder };
    const onJob = ({ id, ended }: { id: string; ended: string }): void => {
      if (ended === 'done') done.set(id, (done.get(id) ?? 0) + 1);
    };
    workers = [await workOnFarm(dreamer, { ...place, onJob }), await workOnFarm(dreamer, { ...place, onJob })];
    farm = await Farm.open(place);
  });
  afterAll(async () => {
    await farm?.close();
    for (const worker of workers) await worker.close();
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses none and does none twice', async () => {
    const steps = dreamer.statistics().steps;
    const came = new Uint8Array(JOBS);
    const hashes = new Set<string>();
    const asked = { octaves: 1, iterations: 1, layer: 'conv1' };
    for await (const { index, value, error } of farm.dreamAll(pictures(), asked)) {
      if (error) throw error;
      came[index] = (came[index] as number) + 1;
      hashes.add(value.result);
    }
    expect(came.every((times) => times === 1)).toBe(true);
    expect(hashes.size).toBe(JOBS);
    expect(done.size).toBe(JOBS);
    expect([...done.values()].every((times) => times === 1)).toBe(true);
    expect(dreamer.statistics().steps - steps).toBe(JOBS);
    const results = readdirSync(path.join(folder, 'results'), { recursive: true }) as string[];
    expect(results.filter((name) => name.endsWith('.png'))).toHaveLength(JOBS);
    expect(results.filter((name) => name.includes('unfinished'))).toHaveLength(0);
    // What both workers had at a time was theirs alone.
    expect(new Set(workers.map(({ facts }) => facts.id)).size).toBe(2);
  }, 900_000);

  it('leaves in Redis what is bounded, and no pictures', () => {
    const bytes = Number(/used_memory_dataset:(\d+)/.exec(redis.cli('info', 'memory'))?.[1]);
    // Jobs, their results as JSON, and the events of the last.
    expect(bytes / JOBS).toBeLessThan(8192);
    const completed = Number(redis.cli('zcard', 'livedream:dreams:completed').trim());
    expect(completed).toBe(JOBS);
  });
});
