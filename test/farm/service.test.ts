import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { png, serviceOf } from '../service/support.js';
import { hasRedis } from '../support/redis.js';
import { filteredDreamer, ready, TestFarm } from './service-support.js';

const LIMITS = { iterationLimit: 50, pixelLimit: 10_000 } as const;
const QUICK = 'octaves=2&iterations=2';

describe.skipIf(!hasRedis)('a service on a farm answers as one with a Dreamer does (redis-server)', () => {
  let dreamer: Dreamer;
  let testFarm: TestFarm;
  let local: FastifyInstance;
  let farmed: FastifyInstance;
  let picture: Buffer;

  beforeAll(async () => {
    dreamer = await filteredDreamer();
    testFarm = await TestFarm.start();
    await testFarm.worker(dreamer);
    local = await serviceOf(dreamer, LIMITS);
    farmed = await testFarm.service(LIMITS);
    await ready(farmed);
    picture = await png();
  });
  afterAll(async () => {
    await local?.close();
    await testFarm?.[Symbol.asyncDispose]();
    await dreamer?.dispose();
  });

  /** What both say; of headers those that are about the body. */
  async function answers(request: InjectOptions): Promise<[unknown, unknown]> {
    const [mine, theirs] = [await local.inject(request), await farmed.inject(request)];
    const told = ({ statusCode, headers, rawPayload }: typeof mine): object => {
      const { 'content-type': type, vary, etag } = headers;
      return { statusCode, type, vary, etag, retry: headers['retry-after'], body: rawPayload.toString('latin1') };
    };
    return [told(mine), told(theirs)];
  }

  const dreams = (query: string, payload = picture, type = 'image/png'): InjectOptions => ({
    ...{ method: 'POST', url: `/v1/dreams?${query}`, payload },
    headers: { 'content-type': type },
  });
  const json = (body: object): InjectOptions => ({ method: 'POST', url: '/v1/dreams', payload: body });

  it.each([
    ['a PNG', `${QUICK}&seed=7`],
    ['a WebP without parameters', `${QUICK}&format=webp&quality=70&parameters=false`],
    ['a JPEG of a filter', `${QUICK}&format=jpg&filter=waves`],
  ])('%s, byte by byte', async (_what, query) => {
    const [mine, theirs] = await answers(dreams(query));
    expect(mine).toMatchObject({ statusCode: 200 });
    expect(theirs).toEqual(mine);
  });

  it('with masks, terms, recipes and starts in the place of a picture', async () => {
    const image = picture.toString('base64');
    const term = { layer: 'mixed3a', channel: 3, weight: 2 };
    const bodies = [
      { image, mask: (await png(32, 32)).toString('base64'), options: { octaves: 1, iterations: 2 } },
      { image, options: { octaves: 1, iterations: 2, objective: [term, { layer: 'mixed3b', guide: image }] } },
      {
        image,
        recipe: { recipe: 1, model: 'small', options: { octaves: 1, iterations: 2 }, output: { format: 'webp' } },
      },
      { start: { noise: 'pink', width: 64, height: 64, seed: 7 }, options: { octaves: 1, iterations: 2 } },
    ];
    for (const body of bodies) {
      const [mine, theirs] = await answers(json(body));
      expect(mine).toMatchObject({ statusCode: 200 });
      expect(theirs).toEqual(mine);
    }
    const seeds = {
      method: 'POST',
      url: '/deepdream',
      payload: { file_data: image, octaves: 1, iterations: 1 },
    } as const;
    const [mine, theirs] = await answers(seeds);
    expect(mine).toMatchObject({ statusCode: 200 });
    expect(theirs).toEqual(mine);
  });

  it.each([
    ['an option out of its range', `octaves=99`, 400],
    ['more than the service does', `iterations=51`, 400],
    ['an unknown layer', 'layer=none', 400],
    ['an unknown filter', 'filter=none', 400],
    ['a channel that is none', 'layer=mixed3a&channel=100000', 400],
    ['XLA where there is none', 'xla=true', 400],
  ])('%s is refused alike', async (_what, query, status) => {
    const [mine, theirs] = await answers(dreams(query));
    expect(mine).toMatchObject({ statusCode: status });
    expect(theirs).toEqual(mine);
  });

  it('pictures that cannot be dreamed are refused alike', async () => {
    const wrong: [InjectOptions, number][] = [
      [dreams(QUICK, Buffer.from('no picture')), 422],
      [dreams(QUICK, picture.subarray(0, 200)), 422],
      [dreams(QUICK, await png(2, 2)), 422],
      [dreams(QUICK, await png(200, 100)), 413],
      [dreams(QUICK, picture, 'text/plain'), 415],
      [json({ image: picture.toString('base64'), recipe: { recipe: 1, model: 'other', options: {} } }), 404],
    ];
    for (const [request, statusCode] of wrong) {
      const [mine, theirs] = await answers(request);
      expect(mine).toMatchObject({ statusCode });
      expect(theirs).toEqual(mine);
    }
  });

  it.each([
    ['/healthz', 200],
    ['/readyz', 200],
    ['/v1/models', 200],
    ['/openapi.json', 200],
    ['/page/facts.json', 200],
    ['/v1/models/small/filters/waves/thumbnail', 200],
    ['/v1/models/small/filters/coral%20reef/thumbnail', 200],
    ['/v1/models/small/filters/none/thumbnail', 404],
    ['/v1/models/other/filters/waves/thumbnail', 404],
  ])('%s is the same', async (url, statusCode) => {
    const [mine, theirs] = await answers({ method: 'GET', url });
    expect(mine).toMatchObject({ statusCode });
    expect(theirs).toEqual(mine);
  });

  it('counts what the farm has in the place of what engines have', async () => {
    const { body } = await farmed.inject('/metrics');
    expect(body).toMatch(/^livedream_dreams_total\{outcome="done"\} [1-9]/m);
    expect(body).toMatch(/^livedream_dream_seconds_count [1-9]/m);
    expect(body).toMatch(/^livedream_farm_workers 1$/m);
    expect(body).toMatch(/^livedream_farm_places 1$/m);
    expect(body).toMatch(/^livedream_farm_jobs\{state="waiting"\} 0$/m);
    expect(body).toMatch(/^livedream_farm_jobs\{state="failed"\} [1-9]/m);
    expect(body).toMatch(/^livedream_info\{version="[^"]+",model="small",device="CPU:0",xla="false"\} 1$/m);
    expect(body).not.toContain('livedream_steps_total');
  });
});
