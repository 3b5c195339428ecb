import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

const SHORT = { octaves: 1, iterations: 2 };
let dreamer: Dreamer;
let app: FastifyInstance;
let picture: Buffer;

beforeAll(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer);
  picture = await png();
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

const raw = (bytes: Buffer, query = 'octaves=1&iterations=2', headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/v1/dreams?${query}`,
    headers: { 'content-type': 'image/png', ...headers },
    payload: bytes,
  });

test('bytes with options in the address give the very dream of the API', async () => {
  const { statusCode, headers, rawPayload } = await raw(picture, 'octaves=1&iterations=2&jitter=false&seed=7');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('image/png');
  const dream = await dreamer.dream(picture, { ...SHORT, jitter: false, seed: 7 });
  const pixels = await sharp(rawPayload).raw().toBuffer();
  expect(pixels.equals(Buffer.from(dream.data as Uint8Array))).toBe(true);
  const shifted = await raw(picture, 'octaves=1&iterations=2&seed=7');
  expect(shifted.rawPayload.equals(rawPayload)).toBe(false);
});

test('octaves that never become smaller do not hold up the service', async () => {
  expect((await raw(picture, `iterations=1&octaveScale=${1 + Number.EPSILON}`)).statusCode).toBe(200);
});

test('JSON gives the same as bytes do', async () => {
  const options = { ...SHORT, layer: 'mixed3a', channel: 3, seed: '7' };
  const image = `data:image/png;base64,${picture.toString('base64')}`;
  const json = await app.inject({ method: 'POST', url: '/v1/dreams', payload: { image, options } });
  expect(json.statusCode).toBe(200);
  const other = await raw(picture, 'octaves=1&iterations=2&layer=mixed3a&channel=3&seed=7');
  expect(json.rawPayload.equals(other.rawPayload)).toBe(true);
});

test('a list of iterations is one an octave', async () => {
  const before = dreamer.statistics().steps;
  expect((await raw(picture, 'octaves=2&iterations=3,1')).statusCode).toBe(200);
  expect(dreamer.statistics().steps - before).toBe(4);
});

test.each([
  ['image/webp', 'webp'],
  ['text/html, image/jpeg;q=0.9, */*;q=0.1', 'jpeg'],
  ['*/*', 'png'],
])('Accept %s gives %s', async (accept, format) => {
  const { rawPayload, headers } = await raw(picture, 'octaves=1&iterations=1', { accept });
  expect((await sharp(rawPayload).metadata()).format).toBe(format);
  expect(headers['content-type']).toBe(`image/${format}`);
});

test('format counts above Accept, and quality is kept', async () => {
  const good = await raw(picture, 'octaves=1&iterations=1&format=jpg&quality=95&parameters=false', {
    accept: 'image/webp',
  });
  const poor = await raw(picture, 'octaves=1&iterations=1&format=jpg&quality=5&parameters=false');
  expect((await sharp(good.rawPayload).metadata()).format).toBe('jpeg');
  expect(poor.rawPayload.length).toBeLessThan(good.rawPayload.length / 2);
});

test('a client that takes none of the formats hears of it', async () => {
  const { statusCode, json } = await raw(picture, 'octaves=1', { accept: 'text/html' });
  expect(statusCode).toBe(406);
  expect(json().code).toBe('ERR_LIVEDREAM_NOT_ACCEPTABLE');
});

test("the seed's app gets its picture in base64", async () => {
  const payload = { file_data: picture.toString('base64'), ...SHORT };
  const { statusCode, json } = await app.inject({ method: 'POST', url: '/deepdream', payload });
  expect(statusCode).toBe(200);
  const dream = await dreamer.dream(picture, SHORT);
  const pixels = await sharp(Buffer.from(json().file_data, 'base64')).raw().toBuffer();
  expect(pixels.equals(Buffer.from(dream.data as Uint8Array))).toBe(true);
});

test('the model is described, and the service is well and ready', async () => {
  const { models } = (await app.inject('/v1/models')).json();
  expect(models).toHaveLength(1);
  expect(models[0]).toMatchObject({ name: dreamer.model, sha256: dreamer.modelSha256 });
  expect(models[0].layers.map(({ name }: { name: string }) => name)).toContain('mixed3b');
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await app.inject('/readyz')).statusCode).toBe(200);
});

test('answers are no pages, and no other origin may read them', async () => {
  const { headers } = await app.inject({ url: '/v1/models', headers: { origin: 'http://elsewhere.example' } });
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test('a prefix of somebody else’s service holds, and their own routes are left alone', async () => {
  const { fastify } = await import('fastify');
  const { livedream } = await import('../../lib/service/plugin.js');
  const theirs = fastify();
  await theirs.register(livedream, { dreamer, prefix: '/dream' });
  theirs.post('/text', async ({ body }) => body);
  expect((await theirs.inject('/dream/healthz')).statusCode).toBe(200);
  const { headers, body } = await theirs.inject({
    method: 'POST',
    url: '/text',
    headers: { 'content-type': 'text/plain' },
    payload: 'hello',
  });
  expect([body, headers['x-frame-options']]).toEqual(['hello', undefined]);
  await theirs.close();
});
