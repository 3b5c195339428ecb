import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

let dreamer: Dreamer;
let app: FastifyInstance;

beforeAll(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { pixelLimit: 10_000 });
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

const OPTIONS = { layer: 'mixed3a', octaves: 1, iterations: 1 } as const;
const NOISE = { noise: 'white', width: 64, height: 48, seed: '18446744073709551615', contrast: 30 } as const;
const post = (payload: object) => app.inject({ method: 'POST', url: '/v1/dreams', payload });

test('noise is dreamed as the API dreams it, in the size that is asked for, and recorded', async () => {
  const { statusCode, rawPayload } = await post({ start: NOISE, options: OPTIONS });
  expect(statusCode).toBe(200);
  const dream = await dreamer.dream(NOISE, OPTIONS);
  const pixels = await sharp(rawPayload).raw().toBuffer();
  expect(pixels.equals(Buffer.from(dream.data as Uint8Array))).toBe(true);
  expect(await readParameters(rawPayload)).toMatchObject({ width: 64, height: 48, source: { start: NOISE } });
  const smaller = await post({ start: NOISE, options: { ...OPTIONS, size: 32 } });
  expect(await sharp(smaller.rawPayload).metadata()).toMatchObject({ width: 32, height: 24 });
});

test('a colour and a recipe may come in a form', async () => {
  const form = new FormData();
  form.append('start', JSON.stringify({ colour: '#336699', width: 40, height: 32 }));
  form.append('recipe', JSON.stringify({ recipe: 1, options: OPTIONS, output: { format: 'webp' } }));
  const encoded = new Response(form);
  const { statusCode, headers, rawPayload } = await app.inject({
    ...{ method: 'POST', url: '/v1/dreams' },
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
    payload: Buffer.from(await encoded.arrayBuffer()),
  });
  expect([statusCode, headers['content-type']]).toEqual([200, 'image/webp']);
  expect(await sharp(rawPayload).metadata()).toMatchObject({ width: 40, height: 32 });
});

const RANGE = 'ERR_LIVEDREAM_OPTION_RANGE';

test.each<[string, object, number, string, RegExp]>([
  ['neither picture nor start', {}, 400, RANGE, /^body must have required property 'image'/],
  [
    'more pixels than the service takes',
    { start: { ...NOISE, height: 300 } },
    413,
    'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
    /64 x 300 pixels, and this service takes at most 10000/,
  ],
  [
    'more pixels by its size',
    { start: NOISE, options: { ...OPTIONS, size: 200 } },
    413,
    'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
    /The dream has 200 x 150 pixels/,
  ],
  [
    'a noise that is none',
    { start: { ...NOISE, noise: 'blue' } },
    400,
    RANGE,
    /^body\/start\/noise must be equal to one of the allowed values/,
  ],
  ['a side of none', { start: { ...NOISE, width: 0 } }, 400, RANGE, /^body\/start\/width must be >= 1/],
  [
    'a side that is no number',
    { start: { ...NOISE, width: '64' } },
    400,
    'ERR_LIVEDREAM_OPTION_TYPE',
    /^body\/start\/width must be integer/,
  ],
  [
    'a seed beyond 64 bits',
    { start: { ...NOISE, seed: '18446744073709551616' } },
    400,
    RANGE,
    /'start\.seed' must be a whole number from 0 to 2\^64 - 1/,
  ],
])('%s is refused', async (_what, body, status, code, message) => {
  const { statusCode, json } = await post({ options: OPTIONS, ...body });
  const fault = json();
  expect([statusCode, fault.code]).toEqual([status, code]);
  expect(fault.message).toMatch(message);
});

test('a picture beside it is refused', async () => {
  const image = (await png()).toString('base64');
  const { statusCode, json } = await post({ image, start: NOISE, options: OPTIONS });
  expect([statusCode, json().code]).toEqual([400, RANGE]);
  expect(json().message).toMatch(/exactly one/);
});
