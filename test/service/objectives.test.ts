// Sums of terms and guides as clients ask for them: as JSON, in forms, in the document, and what they must not.
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { readOptions } from '../../lib/options/read.js';
import { SERVICE_OPTIONS } from '../../lib/options/serve-options.js';
import { TERM_KINDS } from '../../lib/options/term-fields.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { LIVE_DEFAULTS, readLive } from '../../lib/service/live-options.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

let dreamer: Dreamer;
let app: FastifyInstance;
let picture: Buffer;
let guide: string;

beforeAll(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { pixelLimit: 10_000 });
  picture = await png();
  guide = (await sharp(picture).negate().png().toBuffer()).toString('base64');
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

const STEPS = { octaves: 1, iterations: 2 } as const;
const send = (objective: unknown, more: object = {}) =>
  app.inject({
    ...{ method: 'POST', url: '/v1/dreams' },
    payload: { image: picture.toString('base64'), options: { objective, ...STEPS, ...more } },
  });

test('a sum with a guide is dreamed as the API dreams it, from JSON and from a form', async () => {
  const objective = [
    { layer: 'mixed3a', weight: 0.5 },
    { guide, layer: 'mixed3b', match: 'statistics' },
  ];
  const { statusCode, rawPayload } = await send(objective);
  expect(statusCode).toBe(200);
  const own = await dreamer.dream(picture, {
    objective: [
      { layer: 'mixed3a', weight: 0.5 },
      { guide: Buffer.from(guide, 'base64'), layer: 'mixed3b', match: 'statistics' },
    ],
    ...STEPS,
  });
  expect(rawPayload.equals(await own.toBuffer('png'))).toBe(true);
  expect(await readParameters(rawPayload)).toMatchObject({ objective: [{ weight: 0.5 }, { match: 'statistics' }] });
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(picture)]), 'a.png');
  form.append('options', JSON.stringify({ objective, ...STEPS }));
  const encoded = new Response(form);
  const sent = await app.inject({
    ...{ method: 'POST', url: '/v1/dreams', headers: { 'content-type': encoded.headers.get('content-type') ?? '' } },
    payload: Buffer.from(await encoded.arrayBuffer()),
  });
  expect(sent.rawPayload.equals(rawPayload)).toBe(true);
});

test("terms' masks are shapes or pictures in base64", async () => {
  const grey = sharp(picture).greyscale().png();
  const mask = await grey.toBuffer();
  const ellipse = { ellipse: { x: '50%', y: '50%', radiusX: '30%', radiusY: '30%' }, feather: 4 } as const;
  const { statusCode, rawPayload } = await send([
    { layer: 'mixed3a', mask: ellipse },
    { layer: 'mixed3b', mask: mask.toString('base64') },
    { layer: 'mixed3b', channel: 3, mask: { picture: mask.toString('base64'), invert: true } },
  ]);
  expect(statusCode).toBe(200);
  const own = await dreamer.dream(picture, {
    objective: [
      { layer: 'mixed3a', mask: ellipse },
      { layer: 'mixed3b', mask },
      { layer: 'mixed3b', channel: 3, mask: { picture: mask, invert: true } },
    ],
    ...STEPS,
  });
  expect(rawPayload.equals(await own.toBuffer('png'))).toBe(true);
});

test.each<[string, unknown, string]>([
  ["a mask from a file of the service's own", [{ layer: 'mixed3b', mask: '/etc/hostname.png' }], 'objective[0].mask'],
  ['one in an object', [{ layer: 'mixed3b', mask: { picture: '/etc/hostname.png' } }], 'objective[0].mask.picture'],
  ['a mask that is no picture', [{ layer: 'mixed3b', mask: 'AAAA' }], 'picture'],
  [
    'a mask that lets nothing be dreamed',
    [{ layer: 'mixed3a' }, { layer: 'mixed3b', mask: { rectangle: { left: 500, top: 0, width: 9, height: 9 } } }],
    'objective[1].mask',
  ],
  ["a file of the service's own", [{ guide: '/etc/hostname.png', layer: 'mixed3b' }], 'objective[0].guide'],
  ['a guide that is no picture', [{ guide: 'AAAA', layer: 'mixed3b' }], 'picture'],
  ['a layer that is not there', [{ layer: 'mixed3b' }, { layer: 'mixed3c' }], 'objective[1].layer'],
  ['two ways to say it', [{ layer: 'mixed3b', filter: 'eyes' }], 'objective'],
  ['no terms', [], 'objective'],
  ['a direction as the path of a file', [{ layer: 'mixed3b', direction: 'a.npy' }], 'objective'],
])('%s is refused', async (_what, objective, field) => {
  const { statusCode, json } = await send(objective);
  expect(statusCode).toBeGreaterThanOrEqual(400);
  expect(statusCode).toBeLessThan(500);
  expect(JSON.stringify(json())).toContain(field);
});

test("a guide and a term's mask have no more pixels than the service's limit", async () => {
  const large = (await png(200, 100)).toString('base64');
  const { statusCode, json } = await send([{ guide: large, layer: 'mixed3b' }]);
  expect(statusCode).toBe(413);
  expect(json()).toMatchObject({
    code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
    message: expect.stringContaining('The guide has 200 x 100'),
  });
  const masked = await send([{ mask: large, layer: 'mixed3b' }]);
  expect(masked.statusCode).toBe(413);
  expect(masked.json()).toMatchObject({ message: expect.stringContaining('The mask has 200 x 100') });
});

test('the document has every kind of term', async () => {
  const document = JSON.stringify((await app.inject('/openapi.json')).json());
  for (const { about } of Object.values(TERM_KINDS)) expect(document).toContain(JSON.stringify(about).slice(1, -1));
});

test('a live client may say a sum, but no guide and no mask', () => {
  const limits = readOptions(SERVICE_OPTIONS, {});
  const { given } = readLive(
    LIVE_DEFAULTS,
    { options: { objective: [{ layer: 'mixed3b' }, { layer: 'mixed3a' }] } },
    limits,
  );
  expect(given).toEqual({ objective: [{ layer: 'mixed3b' }, { layer: 'mixed3a' }] });
  expect(() => readLive(LIVE_DEFAULTS, { options: { objective: [{ guide, layer: 'mixed3b' }] } }, limits)).toThrow(
    /'objective\[0\]\.guide' must be left out of a live stream/,
  );
  const mask = { ellipse: { x: 9, y: 9, radiusX: 9, radiusY: 9 } };
  expect(() => readLive(LIVE_DEFAULTS, { options: { objective: [{ mask, layer: 'mixed3b' }] } }, limits)).toThrow(
    /'objective\[0\]\.mask' must be left out of a stream/,
  );
});
