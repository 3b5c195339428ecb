import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { readPlace } from '../../lib/farm/client/farm-connection.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import type { Needs } from '../../lib/farm/jobs/needs.js';
import { openStore } from '../../lib/farm/store/open-store.js';
import { factsOf } from '../../lib/farm/work/facts.js';
import { FarmWorker, type JobTold } from '../../lib/farm/work/farm-worker.js';
import { WORK_OPTIONS } from '../../lib/options/farm-options.js';
import { readOptions } from '../../lib/options/read.js';
import { png } from '../service/support.js';
import { hasRedis, TestRedis } from '../support/redis.js';

describe.skipIf(!hasRedis)('workers that are not what a job needs (redis-server)', () => {
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

  /** A worker that says it is something else. */
  const other = async (facts: Partial<Needs>, told: JobTold[]): Promise<FarmWorker> => {
    const store = await openStore(folder);
    return FarmWorker.begin({
      dreamer,
      store,
      facts: { ...(await factsOf(dreamer, store, 2)), ...facts },
      place: readPlace(place),
      options: readOptions(WORK_OPTIONS, {}),
      onJob: (each) => told.push(each),
    });
  };

  it.each([
    ['another livedream', { livedream: '0.0.1' }, {}, /needs livedream .*, and this worker has 0\.0\.1/],
    ['another model', { model: 'other' }, {}, /needs the model dream, and this worker has other/],
    ['other weights', { modelSha256: 'ab'.repeat(32) }, {}, /needs the model of SHA-256 .*, and this worker has abab/],
    [
      'another TensorFlow',
      { tensorflow: '1.0.0' },
      { tensorflow: '2.0.0' },
      /needs TensorFlow 2\.0\.0, and this worker has 1/,
    ],
    ['another engine', { engine: 'gpu xla' }, { engine: 'cpu' }, /needs an engine cpu, and this worker has gpu xla/],
  ])('refuses a job for %s, and says so', async (_what, facts, needs, said) => {
    const told: JobTold[] = [];
    await using farm = await Farm.open(place);
    await using _worker = await other(facts, told);
    const failed = await farm
      .dream(await png(48, 48), { ...few, needs, job: { attempts: 2, backoff: 0 } })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'ERR_LIVEDREAM_FARM_REFUSED', message: expect.stringMatching(said) });
    expect(told).toEqual([
      expect.objectContaining({ ended: 'refused', error: expect.stringMatching(said) }),
      expect.objectContaining({ ended: 'refused', error: expect.stringMatching(said) }),
    ]);
  });

  it('lays a job aside for the worker that fits', async () => {
    const told: JobTold[] = [];
    await using farm = await Farm.open(place);
    await using _wrong = await other({ livedream: '0.0.1' }, told);
    await using right = await workOnFarm(dreamer, { ...place, concurrency: 1 });
    const pictures = await Promise.all(Array.from({ length: 8 }, (_, index) => png(40 + index, 40)));
    const by = new Set<string>();
    for await (const { value, error } of farm.dreamAll(pictures, { ...few, job: { attempts: 1 } })) {
      if (error) throw error;
      by.add(value.worker);
    }
    expect([...by]).toEqual([right.facts.id]);
    expect(told.every(({ ended }) => ended === 'refused')).toBe(true);
    expect(told.length).toBeGreaterThan(0);
  });

  it('waits for a worker that fits, where one is started in time', async () => {
    await using farm = await Farm.open(place);
    await using _wrong = await other({ model: 'other' }, []);
    const dream = farm.dream(await png(52, 48), { ...few, job: { attempts: 20, backoff: 0.2 } });
    await using right = await workOnFarm(dreamer, place);
    expect((await dream).worker).toBe(right.facts.id);
  });
});
