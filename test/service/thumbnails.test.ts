import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { TEST_DEVICE } from '../support/device.js';
import { smallModel } from '../support/models.js';
import { serviceOf } from './support.js';

const SHORT = { octaves: 2, iterations: 2 };
const FILTERS = {
  waves: { layer: 'mixed3b', options: SHORT },
  'coral reef': { layer: 'mixed3a', channel: 3, options: SHORT },
};
let folder: string;
let dreamer: Dreamer;
let app: FastifyInstance;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'livedream-thumbnails-'));
  vi.stubEnv('LIVEDREAM_THUMBNAILS', folder);
  const model = { name: 'small', graph: smallModel().file, defaultLayer: 'mixed3b', filters: FILTERS };
  dreamer = await Dreamer.load({ model, device: TEST_DEVICE });
  app = await serviceOf(dreamer);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await app.close();
  await dreamer.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const WAVES = '/v1/models/small/filters/waves/thumbnail';
const thumbnail = (url = WAVES, headers = {}, from = app) => from.inject({ url, headers });
const files = (): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

test('models list their filters: thumbnail, what it is of, its options; and the limits', async () => {
  const [model] = (await app.inject('/v1/models')).json().models;
  expect(model.filters).toEqual([
    { name: 'waves', thumbnail: WAVES.slice(1), of: { layer: 'mixed3b' }, options: SHORT },
    {
      name: 'coral reef',
      thumbnail: 'v1/models/small/filters/coral%20reef/thumbnail',
      of: { layer: 'mixed3a', channel: 3 },
      options: SHORT,
    },
  ]);
  expect(model.limits).toMatchObject({ octaveLimit: 10, iterationLimit: 100 });
});

test.each([
  ['image/avif,image/webp,*/*;q=0.8', 'webp'],
  ['image/jpeg', 'jpeg'],
  ['*/*', 'jpeg'],
])('Accept %s gives a small %s, which may be kept a while', async (accept, format) => {
  const { statusCode, headers, rawPayload } = await thumbnail(WAVES, { accept });
  expect([statusCode, headers['content-type']]).toEqual([200, `image/${format}`]);
  expect(await sharp(rawPayload).metadata()).toMatchObject({ format, width: 192, height: 144 });
  expect(headers).toMatchObject({ 'cache-control': 'private, max-age=3600', vary: 'accept' });
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('who has it already gets no bytes', async () => {
  const { headers } = await thumbnail();
  const etag = String(headers['etag']);
  for (const known of [etag, `"other", W/${etag}`, '*']) {
    const again = await thumbnail(WAVES, { 'if-none-match': known });
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
  }
  expect((await thumbnail(WAVES, { 'if-none-match': '"other"' })).statusCode).toBe(200);
  const webp = await thumbnail(WAVES, { accept: 'image/webp', 'if-none-match': etag });
  expect(webp.statusCode).toBe(200);
});

test('each is dreamed once, however many ask, and differs from the others', async () => {
  const spied = vi.spyOn(dreamer, 'dream');
  const all = await Promise.all(
    [WAVES, WAVES, '/v1/models/small/filters/coral%20reef/thumbnail'].map((url) => thumbnail(url)),
  );
  expect(spied).toHaveBeenCalledTimes(2);
  expect(all[0]?.rawPayload.equals(all[1]?.rawPayload ?? Buffer.of())).toBe(true);
  expect(all[0]?.rawPayload.equals(all[2]?.rawPayload ?? Buffer.of())).toBe(false);
});

test('they are kept in the cache folder, by model, and what is broken there is made anew', async () => {
  const made = await thumbnail();
  await expect.poll(files).toHaveLength(3);
  const [model, ...both] = files();
  expect(model).toBe(dreamer.modelSha256);
  expect(both.every((name) => /\.(jpeg|webp)$/.test(name))).toBe(true);
  const spied = vi.spyOn(dreamer, 'dream');
  const second = await serviceOf(dreamer);
  expect((await thumbnail(WAVES, {}, second)).rawPayload.equals(made.rawPayload)).toBe(true);
  expect(spied).not.toHaveBeenCalled();
  for (const name of both) writeFileSync(path.join(folder, name), made.rawPayload.subarray(0, 300));
  const third = await serviceOf(dreamer);
  expect((await thumbnail(WAVES, {}, third)).rawPayload.equals(made.rawPayload)).toBe(true);
  expect(spied).toHaveBeenCalledTimes(1);
  await second.close();
  await third.close();
});

test('a cache folder that cannot be written to is no error', async () => {
  writeFileSync(path.join(folder, 'file'), '');
  vi.stubEnv('LIVEDREAM_THUMBNAILS', path.join(folder, 'file'));
  const other = await serviceOf(dreamer);
  expect((await thumbnail(WAVES, {}, other)).statusCode).toBe(200);
  await other.close();
});

test.each([
  ['/v1/models/small/filters/wave/thumbnail', 'ERR_LIVEDREAM_FILTER_UNKNOWN', /near to it: 'waves'/],
  ['/v1/models/small/filters/__proto__/thumbnail', 'ERR_LIVEDREAM_FILTER_UNKNOWN', /__proto__/],
  ['/v1/models/small/filters/..%2f..%2fetc%2fpasswd/thumbnail', 'ERR_LIVEDREAM_FILTER_UNKNOWN', /etc/],
  ['/v1/models/other/filters/waves/thumbnail', 'ERR_LIVEDREAM_MODEL_UNKNOWN', /'small'/],
])('%s is not there', async (url, code, message) => {
  const { statusCode, json } = await thumbnail(url);
  expect([statusCode, json().code, json().message]).toEqual([404, code, expect.stringMatching(message)]);
  expect(files()).toEqual([]);
});

test('a client that takes none of the types hears of it, and so does one without the token', async () => {
  expect((await thumbnail(WAVES, { accept: 'image/avif' })).statusCode).toBe(406);
  const closed = await serviceOf(dreamer, { token: 'correct-horse-battery' });
  expect((await thumbnail(WAVES, {}, closed)).statusCode).toBe(401);
  await closed.close();
});
