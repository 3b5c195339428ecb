import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

let dreamer: Dreamer;
let app: FastifyInstance;
let image: string;
const lines: string[] = [];

beforeAll(async () => {
  dreamer = await smallDreamer();
  const limits = { bodyLimit: 100_000, pixelLimit: 10_000, octaveLimit: 3, iterationLimit: 5 };
  app = await serviceOf(dreamer, limits, lines);
  image = (await png()).toString('base64');
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

/** Status, code and message; a dream that began would count steps. */
async function refused(request: object): Promise<[number, string, string]> {
  const before = dreamer.statistics().steps;
  const { statusCode, json } = await app.inject(request);
  expect(dreamer.statistics().steps).toBe(before);
  return [statusCode, json().code, json().message];
}

const dreams = (payload: unknown) =>
  refused({
    method: 'POST',
    url: '/v1/dreams',
    headers: { 'content-type': 'application/json' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
const bytes = (payload: Buffer, query = '', type = 'image/png') =>
  refused({ method: 'POST', url: `/v1/dreams?${query}`, headers: { 'content-type': type }, payload });

const TYPE = 'ERR_LIVEDREAM_OPTION_TYPE';
const RANGE = 'ERR_LIVEDREAM_OPTION_RANGE';

test.each<[string, object, number, string, RegExp]>([
  ['octaves as text', { octaves: '2' }, 400, TYPE, /options\/octaves must be integer/],
  ['octaves beyond all bounds', { octaves: 1e308 }, 400, RANGE, /octaves/],
  ['octaves beyond the limit', { octaves: 4 }, 400, RANGE, /from 1 to 3 on this service/],
  ['iterations beyond the limit', { iterations: [1, 6] }, 400, RANGE, /from 1 to 5 on this service/],
  ['a negative step', { step: -1 }, 400, RANGE, /step/],
  ['an unknown option', { octave: 2 }, 400, RANGE, /additional properties: 'octave'/],
  ['a signal', { signal: {} }, 400, RANGE, /signal/],
  ['an unknown filter', { filter: 'no-such-filter' }, 400, 'ERR_LIVEDREAM_FILTER_UNKNOWN', /no-such-filter/],
  ['an unknown layer', { layer: '../../etc/passwd' }, 400, 'ERR_LIVEDREAM_LAYER_UNKNOWN', /layer/],
  ['a channel too high', { layer: 'mixed3a', channel: 999_999 }, 400, 'ERR_LIVEDREAM_CHANNEL_RANGE', /channel/],
  ['an enlargement', { size: 4096 }, 413, 'ERR_LIVEDREAM_IMAGE_TOO_LARGE', /4096 x 4096 pixels.*at most 10000/],
])('%s', async (_what, options, status, code, message) => {
  expect(await dreams({ image, options })).toEqual([status, code, expect.stringMatching(message)]);
});

test('infinity, as JSON may spell it, is no whole number', async () => {
  const text = `{"image":"${image}","options":{"octaves":1e999}}`;
  expect((await dreams(text)).slice(0, 2)).toEqual([400, TYPE]);
});

test.each<[string, unknown, number, string]>([
  ['broken base64', { image: 'ab$%' }, 422, 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
  ['base64 cut short', { image: 'abcde' }, 422, 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
  ['base64 of no picture', { image: 'aGVsbG8=' }, 422, 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
  ['a path in the place of a picture', { image: '/etc/passwd' }, 422, 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
  ['a picture that is a number', { image: 7 }, 400, TYPE],
  ['no picture', {}, 400, RANGE],
  ['a list', [], 400, TYPE],
  ['null', 'null', 400, TYPE],
  ['no JSON', '{', 400, 'FST_ERR_CTP_INVALID_JSON_BODY'],
  ['nothing', '', 400, 'FST_ERR_CTP_EMPTY_JSON_BODY'],
  ['a body too large', { image: 'A'.repeat(120_000) }, 413, 'FST_ERR_CTP_BODY_TOO_LARGE'],
])('%s', async (_what, payload, status, code) => {
  expect((await dreams(payload)).slice(0, 2)).toEqual([status, code]);
});

test.each([
  ['octaves=many', RANGE],
  ['octaves=', RANGE],
  ['octaves=1e999', RANGE],
  ['octaves=1.5', RANGE],
  ['octaves=1&octaves=2', TYPE],
  ['jitter=perhaps', TYPE],
  ['seed=-1', RANGE],
  ['depth=float32', RANGE],
  ['format=svg', RANGE],
  ['quality=0', RANGE],
])('an address with %s', async (query, code) => {
  expect((await bytes(await png(), query)).slice(0, 2)).toEqual([400, code]);
});

test('bytes that are no picture, too many, or of a type that is none', async () => {
  const whole = await png();
  const unreadable = [422, 'ERR_LIVEDREAM_IMAGE_UNREADABLE'];
  expect((await bytes(Buffer.from('hello'))).slice(0, 2)).toEqual(unreadable);
  expect((await bytes(whole.subarray(0, 20))).slice(0, 2)).toEqual(unreadable);
  expect((await bytes(Buffer.alloc(0))).slice(0, 2)).toEqual(unreadable);
  expect((await bytes(Buffer.alloc(100_001))).slice(0, 2)).toEqual([413, 'FST_ERR_CTP_BODY_TOO_LARGE']);
  expect((await bytes(whole, '', 'text/plain')).slice(0, 2)).toEqual([415, 'FST_ERR_CTP_INVALID_MEDIA_TYPE']);
});

test('a decompression bomb is refused by its header, also where its dream would be small', async () => {
  const bomb = await sharp({ create: { width: 6000, height: 5000, channels: 3, background: 'black' } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9 })
    .toBuffer();
  expect(bomb.length).toBeLessThan(100_000);
  const [status, code, message] = await bytes(bomb, 'size=64');
  expect([status, code]).toEqual([413, 'ERR_LIVEDREAM_IMAGE_TOO_LARGE']);
  expect(message).toContain('6000 x 5000 pixels');
});

test("the seed's route refuses alike", async () => {
  const seed = (payload: object) => refused({ method: 'POST', url: '/deepdream', payload });
  expect((await seed({ file_data: image, filter: 'nothing' })).slice(0, 2)).toEqual([
    400,
    'ERR_LIVEDREAM_FILTER_UNKNOWN',
  ]);
  expect((await seed({ file_data: image, iterations: '3' })).slice(0, 2)).toEqual([400, TYPE]);
  expect((await seed({ file_data: '???' })).slice(0, 2)).toEqual([422, 'ERR_LIVEDREAM_IMAGE_UNREADABLE']);
  expect((await seed({ file_data: image, octaves: 4 })).slice(0, 2)).toEqual([400, RANGE]);
});

test('nothing that was logged holds picture data', () => {
  const log = lines.join('');
  expect(log).toContain('/v1/dreams');
  expect(log).not.toContain(image.slice(0, 40));
  expect(log).not.toContain('AAAAAAAAAA');
});

test.each([
  ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="9" height="9"/></svg>'],
  ['a document', '%PDF-1.4\n1 0 obj<<>>endobj\n'],
  ['a film’s list', '#EXTM3U\nfile:///etc/passwd\n'],
])('%s is no picture, whatever it says it is', async (_what, text) => {
  for (const type of ['image/png', 'image/svg+xml', 'application/octet-stream'])
    expect((await bytes(Buffer.from(text), '', type)).slice(0, 2)).toEqual([422, 'ERR_LIVEDREAM_IMAGE_UNREADABLE']);
});

test('pictures of every type that is said to be read are', async () => {
  const whole = await png();
  for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
    const payload = await sharp(whole).toFormat(format).toBuffer();
    const headers = { 'content-type': 'application/octet-stream' };
    const url = '/v1/dreams?octaves=1&iterations=1';
    expect((await app.inject({ method: 'POST', url, headers, payload })).statusCode, format).toBe(200);
  }
});
