import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanFarm } from '../../lib/farm/client/clean.js';
import { FarmConnection } from '../../lib/farm/client/farm-connection.js';
import { Farm } from '../../lib/farm/farm.js';
import { planKey } from '../../lib/farm/jobs/film-job.js';
import { idOf } from '../../lib/farm/jobs/picture-job.js';
import { keyOf } from '../../lib/farm/store/keys.js';
import { livedreamIn } from '../support/cli.js';
import { hasRedis, TestRedis } from '../support/redis.js';
import { hasS3, TestS3 } from '../support/s3.js';

const HOUR = 3_600_000;
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const keep = { attempts: 1, removeOnFail: false };

async function keysOf(farm: FarmConnection): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of farm.store.list()) keys.push(key);
  return keys.sort();
}

const named = (kind: 'inputs' | 'frames' | 'results' | 'states' | 'facts', text: string): string =>
  keyOf(kind, hash(text));

/** Fills a farm with what is needed and what is not, and gives the names of what must stay. */
async function fill(farm: FarmConnection): Promise<string[]> {
  const picture = {
    kind: 'picture',
    picture: { stored: named('inputs', 'waits') },
    options: { mask: { stored: named('inputs', 'mask') } },
  };
  await farm.queue.add('picture', picture, { ...keep, jobId: idOf(picture) });
  const film = { kind: 'film', needs: {}, input: { kind: 'film', keys: [`${named('inputs', 'film')}.mp4`] } };
  const id = idOf(film);
  await farm.queue.add('film', film, { ...keep, jobId: id, delay: 1000 * HOUR });
  const needs = { livedream: '1' };
  const segment = idOf({ kind: 'segment', needs, film: id, index: 0 });
  const plan = Buffer.from(JSON.stringify({ segments: [{ index: 0 }], needs }));
  const stay = [
    ...[named('inputs', 'waits'), named('inputs', 'mask'), `${named('inputs', 'film')}.mp4`],
    ...[keyOf('frames', segment), keyOf('states', segment), keyOf('results', `${segment}.json`)],
  ];
  const go = [
    ...[
      named('inputs', 'old'),
      `${named('results', 'old')}.json`,
      `${named('results', 'old')}.png`,
      named('facts', 'old'),
    ],
    ...[named('frames', 'old'), named('states', 'old')],
  ];
  await farm.store.put(planKey(id), plan);
  for (const key of [...stay, ...go]) await farm.store.put(key, Buffer.from('0123456789'));
  return [...stay, planKey(id)].sort();
}

describe.skipIf(!hasRedis)('cleaning a farm (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-clean-'));
  let redis: TestRedis;
  let s3: TestS3 | undefined;
  beforeAll(async () => {
    redis = await TestRedis.start();
    if (hasS3) s3 = await TestS3.start();
  }, 60_000);
  afterAll(async () => {
    await redis?.[Symbol.asyncDispose]();
    await s3?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const connect = (store: string): Promise<FarmConnection> =>
    FarmConnection.open({ queue: redis.url, store, namespace: randomUUID() });

  async function cleans(store: string): Promise<void> {
    const farm = await connect(store);
    try {
      const stay = await fill(farm);
      const all = await keysOf(farm);
      const later = { olderThan: HOUR, now: Date.now() + 2 * HOUR };
      expect(await cleanFarm(farm, { olderThan: HOUR, dryRun: false })).toEqual({ files: 0, bytes: 0, jobs: 0 });
      expect(await cleanFarm(farm, { ...later, dryRun: true })).toEqual({ files: 6, bytes: 60, jobs: 0 });
      expect(await keysOf(farm)).toEqual(all);
      expect(await cleanFarm(farm, { ...later, dryRun: false })).toEqual({ files: 6, bytes: 60, jobs: 0 });
      expect(await keysOf(farm)).toEqual(stay);
      await farm.queue.obliterate();
      expect(await cleanFarm(farm, { ...later, dryRun: false })).toMatchObject({ files: stay.length });
      expect(await keysOf(farm)).toEqual([]);
    } finally {
      await farm.close();
    }
  }

  it('removes what is old from a folder, and nothing that a job needs', () => cleans(path.join(folder, 'cleaned')));
  it.skipIf(!hasS3)('does so on S3 (moto)', () => cleans((s3 as TestS3).place('cleaned')), 60_000);

  it('lets what is put in again stay, however old it is', async () => {
    const farm = await connect(path.join(folder, 'again'));
    const [old, again] = [named('inputs', 'old'), named('inputs', 'again')];
    for (const key of [old, again]) {
      await farm.store.put(key, Buffer.from('old'));
      utimesSync(path.join(folder, 'again', key), new Date(0), new Date(0));
    }
    // As if it were put in when the cleaning had listed it already.
    const list = farm.store.list.bind(farm.store);
    farm.store.list = async function* () {
      const listed = [];
      for await (const each of list()) listed.push(each);
      expect(await farm.store.touch(again)).toBe(true);
      yield* listed;
    };
    expect(await cleanFarm(farm, { olderThan: HOUR, dryRun: false })).toMatchObject({ files: 1 });
    expect(await farm.store.has(again)).toBe(true);
    expect(await farm.store.has(old)).toBe(false);
    await farm.close();
  });

  it('says on a command line how much it is', async () => {
    const store = path.join(folder, 'line');
    const beside = path.join(store, 'inputs/ab');
    mkdirSync(beside, { recursive: true });
    for (const name of [`ab${hash('x').slice(2)}`, '.unfinished-killed']) {
      writeFileSync(path.join(beside, name), 'x'.repeat(1000));
      utimesSync(path.join(beside, name), new Date(0), new Date(0));
    }
    const clean = (...flags: string[]): ReturnType<typeof livedreamIn> =>
      livedreamIn({ cwd: folder }, 'farm', 'clean', '--queue', redis.url, '--store', store, ...flags);
    expect(String((await clean('--older', '12h', '--dry-run')).stdout)).toBe(
      'Would remove 2 files, 2.0 kB, and 0 failed jobs.\n',
    );
    expect(JSON.parse(String((await clean('--json')).stdout))).toEqual({
      files: 2,
      bytes: 2000,
      jobs: 0,
      dryRun: false,
    });
    const wrong = await clean('--older', 'yesterday');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('such as 12h or 7d') });
  }, 60_000);

  it('is never of what is younger than an hour', async () => {
    await using farm = await Farm.open({ queue: redis.url, store: path.join(folder, 'young') });
    await expect(farm.clean({ olderThan: 3599 })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
  });

  it('forgets old failed jobs', async () => {
    const farm = await connect(path.join(folder, 'failed'));
    const { Worker } = await import('bullmq');
    const connection = farm.redis.duplicate();
    const worker = new Worker('dreams', () => Promise.reject(new Error('wrong')), {
      connection,
      prefix: farm.namespace,
    });
    const failed = new Promise((resolve) => worker.once('failed', resolve));
    await farm.queue.add('picture', {}, { ...keep, jobId: hash('failed'), timestamp: Date.now() - 3 * HOUR });
    await failed;
    await worker.close();
    connection.disconnect();
    await farm.redis.hset(farm.queue.toKey(hash('failed')), 'finishedOn', Date.now() - 2 * HOUR);
    await farm.redis.zadd(farm.queue.toKey('failed'), Date.now() - 2 * HOUR, hash('failed'));
    expect(await cleanFarm(farm, { olderThan: 3 * HOUR, dryRun: false })).toMatchObject({ jobs: 0 });
    expect(await cleanFarm(farm, { olderThan: HOUR, dryRun: true })).toMatchObject({ jobs: 1 });
    expect(await cleanFarm(farm, { olderThan: HOUR, dryRun: false })).toMatchObject({ jobs: 1 });
    expect(await farm.queue.getJob(hash('failed'))).toBeUndefined();
    await farm.close();
  });
});
