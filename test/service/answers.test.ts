import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { embeddedParameters } from '../../lib/image/parameters.js';
import { packageVersion } from '../../lib/version.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

let dreamer: Dreamer;
let other: Dreamer | undefined;
let loaded = 0;
let app: FastifyInstance;
let picture: Buffer;

beforeAll(async () => {
  dreamer = await smallDreamer({ xla: false });
  const otherXla = async (): Promise<Dreamer> => {
    loaded += 1;
    other = await smallDreamer({ xla: true });
    return other;
  };
  app = await serviceOf(dreamer, { otherXla });
  picture = await png();
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
  await other?.dispose();
});

const dream = (query: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/v1/dreams?octaves=1&iterations=2&${query}`,
    headers: { 'content-type': 'image/png', ...headers },
    payload: picture,
  });

test.each(['png', 'jpeg', 'webp'])('%s has in it what makes the dream again', async (format) => {
  const { rawPayload } = await dream(`format=${format}&layer=mixed3a&channel=3&seed=18446744073709551615`);
  const parameters = (await embeddedParameters(rawPayload)) as Record<string, unknown>;
  expect(parameters).toMatchObject({
    livedream: packageVersion(),
    modelSha256: dreamer.modelSha256,
    seed: '18446744073709551615',
    iterations: 2,
  });
  const { livedream: _version, ...again } = parameters;
  const { data } = await dreamer.dream(picture, again as unknown as Parameters<Dreamer['dream']>[1]);
  const first = await dreamer.dream(picture, {
    octaves: 1,
    iterations: 2,
    layer: 'mixed3a',
    channel: 3,
    seed: 2n ** 64n - 1n,
  });
  expect(Buffer.from(data).equals(Buffer.from(first.data))).toBe(true);
});

test('a client may want it without', async () => {
  expect(await embeddedParameters((await dream('parameters=false')).rawPayload)).toBeUndefined();
  const image = picture.toString('base64');
  const options = { octaves: 1, iterations: 1 };
  const json = { image, options, parameters: false };
  const { rawPayload } = await app.inject({ method: 'POST', url: '/v1/dreams', payload: json });
  expect(await embeddedParameters(rawPayload)).toBeUndefined();
});

test('a client chooses XLA or not, and the other is loaded once', async () => {
  const made = async (xla: boolean): Promise<unknown> => {
    const { body } = await dream(`xla=${xla}`, { accept: 'text/event-stream' });
    return JSON.parse(/event: result\ndata: (.*)/.exec(body)?.[1] ?? '{}').xla;
  };
  const { xlaChoices } = (await app.inject('/v1/models')).json().models[0];
  expect([...xlaChoices].sort()).toEqual([false, true]);
  expect(await Promise.all([made(false), made(true), made(true)])).toEqual([false, true, true]);
  expect(loaded).toBe(1);
});

test('where there is no other, the one is all that may be asked for', async () => {
  const alone = await serviceOf(dreamer);
  const ask = (xla: boolean) =>
    alone.inject({
      method: 'POST',
      url: `/v1/dreams?octaves=1&iterations=1&xla=${xla}`,
      headers: { 'content-type': 'image/png' },
      payload: picture,
    });
  expect((await alone.inject('/v1/models')).json().models[0].xlaChoices).toEqual([false]);
  expect((await ask(false)).statusCode).toBe(200);
  const refused = await ask(true);
  expect([refused.statusCode, refused.json().code]).toEqual([400, 'ERR_LIVEDREAM_OPTION_RANGE']);
  expect(refused.json().message).toMatch(/xla.*false on this service/);
  await alone.close();
});

test('another that cannot be loaded is tried again', async () => {
  let tries = 0;
  const otherXla = async (): Promise<Dreamer> => {
    tries += 1;
    throw new Error('not now');
  };
  const service = await serviceOf(dreamer, { otherXla });
  const ask = () =>
    service.inject({
      method: 'POST',
      url: '/v1/dreams?octaves=1&iterations=1&xla=true',
      headers: { 'content-type': 'image/png' },
      payload: picture,
    });
  expect([(await ask()).statusCode, (await ask()).statusCode, tries]).toEqual([500, 500, 2]);
  await service.close();
});
