import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Farm } from '../../lib/farm/farm.js';
import { livedreamIn } from '../support/cli.js';
import { WorkerProcess, workersThere } from '../support/farm.js';
import { freePort, hasRedis, TestRedis } from '../support/redis.js';

async function until(what: string, is: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (is()) return;
    await sleep(50);
  }
  throw new Error(`it did not come to be that ${what}`);
}

describe.skipIf(!hasRedis)('livedream farm work (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const place = { queue: '', store: path.join(folder, 'store') };
  let redis: TestRedis;
  let farm: Farm;

  beforeAll(async () => {
    redis = await TestRedis.start();
    place.queue = redis.url;
    farm = await Farm.open(place);
  });
  afterAll(async () => {
    await farm?.close();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts a worker again that dies, and ends all of them when it is told to', async () => {
    await using work = new WorkerProcess(place, '--workers', '2');
    await workersThere(farm, 2);
    const [victim, other] = work.children();
    process.kill(victim as number, 'SIGKILL');
    await until('it says so', () => /worker \d died of SIGKILL; it is started again in 0.5 s/.test(work.log));
    await until(
      'two are there again',
      () => work.children().length === 2 && !work.children().includes(victim as number),
    );
    expect(work.children()).toContain(other);
    await until('the third takes jobs', () => work.log.match(/takes jobs for 'dream' on CPU:0/g)?.length === 3);
    await work.kill('SIGTERM');
    // What was killed could not say so, and is forgotten after a while.
    expect((await farm.workers()).filter(({ pid }) => pid !== victim)).toEqual([]);
  });

  it('lets each of several workers listen for live clients at a port of its own', async () => {
    const port = await freePort();
    await using work = new WorkerProcess(place, '--workers', '2', `--live=127.0.0.1:${port}`);
    await until('both take jobs', () => work.log.match(/takes jobs for/g)?.length === 2);
    const pids = work.children();
    const here = (await farm.workers()).filter(({ pid }) => pids.includes(pid));
    const places = here.map(({ live }) => live).sort();
    expect(places).toEqual([`ws://127.0.0.1:${port}/v1/live`, `ws://127.0.0.1:${port + 1}/v1/live`]);
  });

  it.each([
    ['no Redis', ['--queue', 'redis://127.0.0.1:1'], /cannot be reached.*\[ERR_LIVEDREAM_FARM_QUEUE\]/, 1],
    ['a store that cannot be written', ['--store', '/proc/farm'], /cannot be written.*\[ERR_LIVEDREAM_FARM_STORE\]/, 1],
    ['a wrong address', ['--queue', 'http://127.0.0.1'], /'queue' must be .*\[ERR_LIVEDREAM_OPTION_RANGE\]/, 2],
    ['a wrong number', ['--concurrency', '0'], /'concurrency' must be .*\[ERR_LIVEDREAM_OPTION_RANGE\]/, 2],
  ])('ends at once with %s, with one worker and with two', async (_what, flags, said, code) => {
    for (const workers of ['1', '2']) {
      const given = ['--queue', place.queue, '--store', place.store, '--device', 'cpu', '--workers', workers, ...flags];
      const ended = await livedreamIn({ cwd: folder }, 'farm', 'work', ...given);
      expect(ended.stderr).toMatch(said);
      expect(ended.code).toBe(code);
      expect(ended.stdout).toHaveLength(0);
    }
  });
});
