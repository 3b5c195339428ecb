import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { JobTold } from '../../lib/farm/index.js';
import { png } from '../service/support.js';
import { hasRedis } from '../support/redis.js';
import { filteredDreamer, ready, TestFarm } from './service-support.js';

/** More than anybody waits for. */
const ENDLESS = 'octaves=1&iterations=10000';

describe.skipIf(!hasRedis)('a service whose farm is busy, idle or away (redis-server)', () => {
  let dreamer: Dreamer;
  let testFarm: TestFarm;
  let app: FastifyInstance;
  let picture: Buffer;
  const told: JobTold[] = [];

  beforeAll(async () => {
    dreamer = await filteredDreamer();
    testFarm = await TestFarm.start();
    app = await testFarm.service({ iterationLimit: 10_000, waitLimit: 1, previewRate: 20 });
    await app.listen({ host: '127.0.0.1', port: 0 });
    picture = await png(128, 128);
  });
  afterAll(async () => {
    await testFarm?.[Symbol.asyncDispose]();
    await dreamer?.dispose();
  });

  const ask = (query: string, headers: Record<string, string> = {}) =>
    app.inject({
      ...{ method: 'POST', url: `/v1/dreams?${query}`, payload: picture },
      headers: { 'content-type': 'image/png', ...headers },
    });

  /** A client that can leave; resolves when it has heard something. */
  async function watching(query: string): Promise<{ heard(): string; leave(): void }> {
    const { port } = app.server.address() as AddressInfo;
    const headers = { 'content-type': 'image/png', accept: 'text/event-stream' };
    const request = http.request({ port, method: 'POST', path: `/v1/dreams?${query}`, headers });
    request.on('error', () => undefined);
    request.end(picture);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    let text = '';
    response.on('error', () => undefined);
    response.on('data', (chunk) => {
      text += chunk;
    });
    return { heard: () => text, leave: () => request.destroy() };
  }

  it('says that nobody dreams while no worker lives, and recovers by itself when one comes', async () => {
    for (const url of ['/readyz', '/v1/models']) {
      const { statusCode, headers, body } = await app.inject(url);
      expect([statusCode, JSON.parse(body).code]).toEqual([503, 'ERR_LIVEDREAM_FARM_REFUSED']);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    const refused = await ask('octaves=1&iterations=1');
    expect([refused.statusCode, refused.json().code]).toEqual([503, 'ERR_LIVEDREAM_FARM_REFUSED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/metrics')).body).toMatch(/^livedream_farm_workers 0$/m);
    const worker = await testFarm.worker(dreamer);
    await ready(app);
    expect((await ask('octaves=1&iterations=1')).statusCode).toBe(200);
    await worker.close();
    await expect.poll(async () => (await app.inject('/readyz')).statusCode).toBe(503);
    // What is known of the model stays known.
    expect((await app.inject('/v1/models')).json().models[0].name).toBe('small');
    await testFarm.worker(dreamer, { onJob: (job) => void told.push(job) });
    await ready(app);
  });

  it('tells of progress, shows previews and ends with the result', async () => {
    const query = 'octaves=2&iterations=120&seed=7';
    const { statusCode, body } = await ask(query, { accept: 'text/event-stream' });
    expect(statusCode).toBe(200);
    const events = [...body.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data = '']) => ({
      event,
      data: JSON.parse(data) as Record<string, unknown>,
    }));
    expect(events.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true);
    expect(events[0]?.data).toMatchObject({ octaves: 2, iterations: 120 });
    const shown = events.flatMap(({ data }) => (data['preview'] === undefined ? [] : [String(data['preview'])]));
    expect((await sharp(Buffer.from(shown[0] ?? '', 'base64')).metadata()).format).toBe('jpeg');
    const result = events.at(-1);
    expect(result).toMatchObject({
      event: 'result',
      data: { type: 'image/png', width: 128, height: 128, device: 'CPU:0', parameters: { octaves: 2, seed: 7 } },
    });
    const alone = await (await dreamer.dream(picture, { octaves: 2, iterations: 120, seed: 7n })).toBuffer('png');
    expect(Buffer.from(String(result?.data['image']), 'base64').equals(alone)).toBe(true);
  });

  it('stops the worker within a step when the client leaves', async () => {
    const { heard, leave } = await watching(`${ENDLESS}&seed=8`);
    await expect.poll(heard).toContain('"preview"');
    leave();
    await expect.poll(() => told.at(-1)?.error).toContain('ERR_LIVEDREAM_ABORTED');
    const { steps } = dreamer.statistics();
    expect((await ask('octaves=1&iterations=1&seed=9')).statusCode).toBe(200);
    expect(dreamer.statistics().steps).toBe(steps + 1);
  });

  it('sends away who would wait too long, and says when to come again', async () => {
    const first = await watching(`${ENDLESS}&seed=10`);
    await expect.poll(first.heard).toContain('"preview"');
    const second = await watching(`${ENDLESS}&seed=11`);
    const third = await ask('octaves=1&iterations=1&seed=12');
    expect([third.statusCode, third.json().code]).toEqual([503, 'ERR_LIVEDREAM_QUEUE_FULL']);
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    expect((await app.inject('/metrics')).body).toMatch(/^livedream_dreams_total\{outcome="refused"\} 1$/m);
    first.leave();
    await expect.poll(second.heard).toContain('"preview"');
    second.leave();
    await expect.poll(async () => (await ask('octaves=1&iterations=1&seed=12')).statusCode).toBe(200);
  });

  it('counts what others have put in before its own, and not what comes after', async () => {
    const farm = await testFarm.farm();
    const given = { octaves: 1, iterations: 10_000, needs: { model: 'small' } } as const;
    const left = new AbortController();
    const busy = await watching(`${ENDLESS}&seed=13`);
    await expect.poll(busy.heard).toContain('"preview"');
    const others = [1, 10, 100, 100].map((priority, index) =>
      farm.dream(picture, { ...given, seed: BigInt(100 + index), signal: left.signal, job: { priority } }),
    );
    for (const other of others) other.catch(() => undefined);
    await expect.poll(() => farm.ahead(10)).toBe(2);
    await expect.poll(async () => (await farm.jobs()).waiting).toBe(4);
    // It was told of the job that its worker has.
    await expect.poll(async () => (await farm.workers()).map(({ active }) => active)).toEqual([1]);
    await expect.poll(async () => (await ask('octaves=1&iterations=1&seed=14')).statusCode).toBe(503);
    left.abort();
    await expect.poll(() => farm.ahead(10)).toBe(0);
    busy.leave();
    await expect.poll(async () => (await ask('octaves=1&iterations=1&seed=14')).statusCode).toBe(200);
  });

  it('says that its farm is away, cancels what it cannot finish, and goes on when the farm is back', async () => {
    await testFarm.redis.kill();
    await expect.poll(async () => (await app.inject('/readyz')).json().code).toBe('ERR_LIVEDREAM_FARM_QUEUE');
    const refused = await ask('octaves=1&iterations=1&seed=15');
    expect([refused.statusCode, refused.json().code]).toEqual([503, 'ERR_LIVEDREAM_FARM_QUEUE']);
    expect(refused.json().message).not.toContain(String(testFarm.redis.port));
    await testFarm.redis.restart();
    await ready(app);
    expect((await ask('octaves=1&iterations=1&seed=15')).statusCode).toBe(200);
  });
});
