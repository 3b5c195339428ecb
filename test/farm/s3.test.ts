import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import type { FarmWorker } from '../../lib/farm/work/farm-worker.js';
import { png } from '../service/support.js';
import { livedreamIn } from '../support/cli.js';
import { ffmpeg, hasFfmpeg } from '../support/films.js';
import { hasRedis, TestRedis } from '../support/redis.js';
import { hasS3, TestS3 } from '../support/s3.js';

describe.skipIf(!hasRedis || !hasS3)('a farm whose store is on S3 (redis-server, moto)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-s3-'));
  const workers: FarmWorker[] = [];
  let redis: TestRedis;
  let s3: TestS3;
  let dreamer: Dreamer;
  let places: { queue: string; store: string; namespace: string }[];

  beforeAll(async () => {
    [redis, s3, dreamer] = await Promise.all([TestRedis.start(), TestS3.start(), Dreamer.load({ device: 'cpu' })]);
    places = [
      { queue: redis.url, store: path.join(folder, 'store'), namespace: 'folder' },
      { queue: redis.url, store: s3.place('farm'), namespace: 's3' },
    ];
    for (const place of places) workers.push(await workOnFarm(dreamer, place));
  }, 120_000);
  afterAll(async () => {
    for (const worker of workers) await worker.close();
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    await s3?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('dreams a picture with a mask and a guide to the bytes of a folder', async () => {
    const [picture, mask, guide] = await Promise.all([png(), png(80, 48), png(96, 96)]);
    const made: Buffer[] = [];
    for (const place of places) {
      await using farm = await Farm.open(place);
      const dream = await farm.dream(picture, { octaves: 1, iterations: 2, mask, objective: [{ guide }] });
      made.push(dream.picture);
    }
    expect(made[0]?.length).toBeGreaterThan(100);
    expect(made[1]?.equals(made[0] as Buffer)).toBe(true);
  }, 120_000);

  it.skipIf(!hasFfmpeg)(
    'dreams a film to the bytes of a folder (ffmpeg)',
    async () => {
      ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10', '-frames:v', '6', path.join(folder, 'film.mp4'));
      for (const { queue, store, namespace } of places) {
        const place = ['--queue', queue, '--store', store, '--namespace', namespace];
        const how = ['--segment', '3', '--octaves', '1', '--iterations', '1'];
        const made = await livedreamIn(
          { cwd: folder },
          ...['farm', 'video', 'film.mp4', '-o', `${namespace}.mp4`, ...place, ...how],
        );
        expect(made.code, made.stderr).toBe(0);
      }
      const [one, other] = places.map(({ namespace }) => readFileSync(path.join(folder, `${namespace}.mp4`)));
      expect(other?.equals(one as Buffer)).toBe(true);
    },
    300_000,
  );
});
