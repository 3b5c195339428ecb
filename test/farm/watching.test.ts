import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusText } from '../../lib/cli/farm-status.js';
import { Dreamer } from '../../lib/dreamer.js';
import { Farm, workOnFarm } from '../../lib/farm/farm.js';
import { type FarmMonitor, monitorFarm } from '../../lib/farm/monitor/monitor.js';
import type { FarmWorker } from '../../lib/farm/work/farm-worker.js';
import { png } from '../service/support.js';
import { livedreamIn } from '../support/cli.js';
import { hasRedis, TestRedis } from '../support/redis.js';

const TOKEN = 'a-token-of-the-test';

describe.skipIf(!hasRedis)('watching a farm (redis-server)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-farm-'));
  const few = { octaves: 1, iterations: 1 };
  let redis: TestRedis;
  let dreamer: Dreamer;
  let worker: FarmWorker;
  let farm: Farm;
  let monitor: FarmMonitor;

  beforeAll(async () => {
    redis = await TestRedis.start();
    dreamer = await Dreamer.load({ device: 'cpu' });
    const place = { queue: redis.url, store: folder };
    worker = await workOnFarm(dreamer, place);
    farm = await Farm.open(place);
    monitor = await monitorFarm(place, { port: 0, token: TOKEN, board: true });
    await farm.dream(await png(), few);
    await farm.dream(Buffer.from('nothing')).catch(() => undefined);
  });
  afterAll(async () => {
    await monitor?.close();
    await farm?.close();
    await worker?.close();
    await dreamer?.dispose();
    await redis?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const get = (url: string, authorization = `Bearer ${TOKEN}`): Promise<Response> =>
    fetch(monitor.address + url, { headers: { authorization } });

  it('tells jobs, workers and why jobs failed', async () => {
    const status = await farm.status();
    expect(status.load).toBe(0);
    expect(status.jobs).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 1, done: 1, films: 0 });
    expect(status.workers).toMatchObject([
      { id: worker.facts.id, model: 'dream', concurrency: worker.facts.concurrency },
    ]);
    expect(status.failed).toMatchObject([{ kind: 'picture', failure: expect.stringMatching(/IMAGE_UNREADABLE/) }]);
    const text = statusText(status);
    expect(text).toMatch(/^Jobs: 0 waiting, 0 active, 0 delayed, 1 failed, 1 done lately$/m);
    expect(text).toMatch(new RegExp(`^${worker.facts.id.slice(0, 8)} .*CPU:0 +dream `, 'm'));
    expect(text).toMatch(/^picture [0-9a-f]{12} .*ERR_LIVEDREAM_IMAGE_UNREADABLE/m);
  });

  it('shows them once on the command line, and as JSON', async () => {
    const place = ['--queue', redis.url, '--store', folder];
    const shown = await livedreamIn({ cwd: folder }, 'farm', 'status', ...place);
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout.toString('utf8')).toMatch(/^Jobs: 0 waiting.*\n\nWORKER +WHERE/);
    const { stdout } = await livedreamIn({ cwd: folder }, 'farm', 'status', '--json', ...place);
    expect(JSON.parse(stdout.toString('utf8'))).toMatchObject({ jobs: { failed: 1 }, workers: [{ model: 'dream' }] });
  });

  it('gives Prometheus what it can scale by', async () => {
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    for (const line of [
      /^livedream_farm_jobs\{state="waiting"\} 0$/m,
      /^livedream_farm_jobs\{state="failed"\} 1$/m,
      /^livedream_farm_oldest_seconds 0/m,
      /^livedream_farm_workers 1$/m,
      new RegExp(`^livedream_farm_places ${worker.facts.concurrency}$`, 'm'),
      /^livedream_farm_worker_(done|active|failed)\{worker="[0-9a-f]{8}",host=".+",device="CPU:0",model="dream"\} \d/m,
    ])
      expect(text).toMatch(line);
  });

  it('wants its token for all but the probe, from browsers as a password', async () => {
    for (const url of ['/metrics', '/status', '/board', '/board/api/queues']) {
      const refused = await get(url, 'Bearer wrong');
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm="livedream farm"/);
    }
    expect((await get('/healthz', '')).status).toBe(200);
    const basic = `Basic ${Buffer.from(`anyone:${TOKEN}`).toString('base64')}`;
    expect((await get('/status', basic)).status).toBe(200);
  });

  it("shows Bull Board with the farm's queue", async () => {
    const page = await get('/board');
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/livedream farm/);
    const queues = await get('/board/api/queues');
    expect(await queues.json()).toMatchObject({ queues: [{ name: 'dreams', counts: { failed: 1 } }] });
  });
});
