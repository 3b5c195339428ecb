import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Job, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import { idOf } from '../../lib/farm/jobs/picture-job.js';
import { storeFailed } from '../../lib/farm/store/failed.js';
import { FolderStore } from '../../lib/farm/store/folder-store.js';
import type { FarmWorker, JobTold } from '../../lib/farm/work/farm-worker.js';
import { packageVersion } from '../../lib/version.js';
import { png } from '../service/support.js';
import { hasRedis, TestRedis } from '../support/redis.js';

describe.skipIf(!hasRedis)('jobs that are none, and pictures that are none (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const told: JobTold[] = [];
  let redis: TestRedis;
  let dreamer: Dreamer;
  let worker: FarmWorker;
  let farm: Farm;
  let queue: Queue;
  let connection: Redis;

  beforeAll(async () => {
    redis = await TestRedis.start();
    dreamer = await Dreamer.load({ device: 'cpu' });
    const place = { queue: redis.url, store: path.join(folder, 'store') };
    worker = await workOnFarm(dreamer, { ...place, pixelLimit: 10_000, onJob: (each) => told.push(each) });
    farm = await Farm.open(place);
    connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    queue = new Queue('dreams', { connection, prefix: 'livedream' });
  });
  afterAll(async () => {
    await queue?.close();
    connection?.disconnect();
    await farm?.close();
    await worker?.close();
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Why a job failed that was put in past the client, and how often it was tried. */
  const failure = async (data: unknown, jobId = idOf(Object(data))): Promise<{ reason: string; attempts: number }> => {
    const { id } = (await queue.add('picture', data, { attempts: 5, backoff: 1, jobId })) as Job & { id: string };
    for (;;) {
      if ((await queue.getJobState(id)) === 'failed') {
        const { failedReason: reason, attemptsMade: attempts } = (await queue.getJob(id)) as Job;
        return { reason, attempts };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const job = (parts: object): object => ({
    kind: 'picture',
    needs: { livedream: packageVersion() },
    picture: { width: 64, height: 64, colour: '#336699' },
    options: { octaves: 1, iterations: 1 },
    encoding: { format: 'png', quality: 92, parameters: true },
    ...parts,
  });
  const secret = path.join(folder, 'secret.png');

  it.each([
    ['nothing', null, /none that this worker knows/],
    ['a text', 'dream', /none that this worker knows/],
    ['an unknown kind', job({ kind: 'shell' }), /'kind'/],
    ['more than there is', job({ command: 'rm' }), /'command'/],
    ['a key out of the store', job({ picture: { stored: '../../secret.png' } }), /no key of the farm's store/],
    ['a key in an unknown kind', job({ picture: { stored: 'secrets/ab/abcd' } }), /no key of the farm's store/],
    ['a key of nothing', job({ picture: { stored: `inputs/ab/${'ab'.repeat(32)}` } }), /has no 'inputs/],
    ["a mask that is a file of the worker's", job({ options: { mask: secret } }), /'mask' is no picture of the farm/],
    ["a mask's file", job({ options: { mask: { picture: secret } } }), /'mask\.picture' is no picture of the farm/],
    [
      'a guide that is a file',
      job({ options: { objective: [{ guide: secret }] } }),
      /'objective\[0\]\.guide' is no picture/,
    ],
    ['an unknown option', job({ options: { speed: 3 } }), /speed/],
    ['options out of range', job({ options: { octaves: 1e9 } }), /octaves/],
    ['a signal', job({ options: { signal: {} } }), /options that no job can have/],
    ['a size beyond the limit', job({ picture: { width: 4000, height: 4000, colour: '#336699' } }), /at most 10000/],
    ['a size that the dream would have', job({ options: { size: 3000 } }), /at most 10000/],
  ])('fails %s at once', async (_what, data, said) => {
    writeFileSync(secret, 'secret');
    const { reason, attempts } = await failure(data);
    expect(reason).toMatch(said);
    expect(reason).toMatch(/^ERR_LIVEDREAM_/);
    // What is not in the store may yet come.
    if (!/has no 'inputs/.test(reason)) expect(attempts).toBe(1);
  });

  it('fails a job that would be kept under the name of another', async () => {
    const { reason } = await failure(job({}), 'ab'.repeat(32));
    expect(reason).toMatch(/is not what its name says/);
  });

  it('gives the client the error that a Dreamer gives, with its class', async () => {
    const broken = await farm.dream(Buffer.from('no picture at all')).catch((error: unknown) => error);
    expect(broken).toMatchObject({ name: 'LiveDreamError', code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' });
    const unknown = await farm.dream(await png(), { layer: 'no-such-layer' }).catch((error: unknown) => error);
    expect(unknown).toMatchObject({ code: 'ERR_LIVEDREAM_LAYER_UNKNOWN' });
    const wrong = await farm.dream(await png(), { octaves: 0 }).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(RangeError);
    const large = await farm.dream(await png(128, 128)).catch((error: unknown) => error);
    expect(large).toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE' });
  });

  it('dreams once more what was damaged in the store, or cleaned away', async () => {
    const picture = await png(56, 56);
    const options = { octaves: 1, iterations: 1 };
    const { result, picture: wanted } = await farm.dream(picture, options);
    const file = path.join(folder, 'store', result);
    const bytes = readFileSync(file);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] as number) ^ 1;
    writeFileSync(file, bytes);
    expect((await farm.dream(picture, options)).picture.equals(wanted)).toBe(true);
    expect(readFileSync(file).equals(wanted)).toBe(true);
    rmSync(file);
    expect((await farm.dream(picture, options)).picture.equals(wanted)).toBe(true);
    expect(readFileSync(file).equals(wanted)).toBe(true);
  });

  it('tries again where the store fails, and fails with its error in the end', async () => {
    const before = told.length;
    const options = { octaves: 1, iterations: 1, job: { attempts: 3, backoff: 0 } };
    const put = FolderStore.prototype.put;
    const full = vi.spyOn(FolderStore.prototype, 'put').mockImplementation(function (this: FolderStore, key, bytes) {
      const error = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return key.startsWith('results/')
        ? Promise.reject(storeFailed(this.place, 'is full', error))
        : put.call(this, key, bytes);
    });
    const failed = await farm.dream(await png(60, 60), options).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'ERR_LIVEDREAM_FARM_STORE' });
    full.mockRestore();
    expect(told.slice(before).map(({ ended }) => ended)).toEqual(['failed', 'failed', 'failed']);
    expect((await farm.dream(await png(60, 60), options)).dream.width).toBe(60);
  });
});
