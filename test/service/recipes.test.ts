import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

let dreamer: Dreamer;
let app: FastifyInstance;
let picture: Buffer;

beforeAll(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { iterationLimit: 50 });
  picture = await png();
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

const post = (body: object) =>
  app.inject({ method: 'POST', url: '/v1/dreams', payload: { image: picture.toString('base64'), ...body } });
const OPTIONS = { layer: 'mixed3a', channel: 3, octaves: 2, iterations: [2, 1], seed: '7' };

test('a recipe dreams as its options would, and is written as it says', async () => {
  const recipe = {
    recipe: 1,
    name: 'one',
    model: dreamer.model,
    options: OPTIONS,
    output: { format: 'webp', quality: 80 },
  };
  const { statusCode, headers, rawPayload } = await post({ recipe });
  expect([statusCode, headers['content-type']]).toEqual([200, 'image/webp']);
  const plain = await post({ options: OPTIONS, format: 'webp', quality: 80 });
  expect(rawPayload.equals(plain.rawPayload)).toBe(true);
});

test('what the request says of the output counts above the recipe', async () => {
  const recipe = { recipe: 1, options: OPTIONS, output: { format: 'webp', parameters: false } };
  const { rawPayload } = await post({ recipe, format: 'jpeg', parameters: true });
  expect((await sharp(rawPayload).metadata()).format).toBe('jpeg');
  expect(await readParameters(rawPayload)).toMatchObject({ octaves: 2, iterations: [2, 1], seed: 7 });
});

test('a recipe may come in a form', async () => {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'a.png');
  form.append('recipe', JSON.stringify({ recipe: 1, options: OPTIONS, output: { format: 'png' } }));
  const encoded = new Response(form);
  const { statusCode, rawPayload } = await app.inject({
    ...{ method: 'POST', url: '/v1/dreams' },
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
    payload: Buffer.from(await encoded.arrayBuffer()),
  });
  expect(statusCode).toBe(200);
  expect(await readParameters(rawPayload)).toMatchObject({ octaves: 2, seed: 7 });
});

const RANGE = 'ERR_LIVEDREAM_OPTION_RANGE';

test.each<[string, object, number, string, RegExp]>([
  [
    'options beside it',
    { recipe: { recipe: 1 }, options: {} },
    400,
    RANGE,
    /'options' must be left out where 'recipe'/,
  ],
  [
    'another model',
    { recipe: { recipe: 1, model: 'other' } },
    404,
    'ERR_LIVEDREAM_MODEL_UNKNOWN',
    /for the model 'other', and this service dreams with 'small-/,
  ],
  [
    'a later version',
    { recipe: { recipe: 2, dreams: 1 } },
    400,
    'ERR_LIVEDREAM_RECIPE_NEWER',
    /of version 2; .* Update/,
  ],
  ['no version', { recipe: {} }, 400, RANGE, /recipe must have required property 'recipe'/],
  ['a text', { recipe: 'recipe.json' }, 400, 'ERR_LIVEDREAM_OPTION_TYPE', /body\/recipe must be object/],
  ['a field that there is not', { recipe: { recipe: 1, dream: 1 } }, 400, RANGE, /body\/recipe .*'dream'/],
  [
    'a wrong option',
    { recipe: { recipe: 1, options: { octaves: 99 } } },
    400,
    RANGE,
    /recipe\/options\/octaves must be <= 20/,
  ],
  [
    'two things to dream of',
    { recipe: { recipe: 1, options: { filter: 'a', layer: 'b' } } },
    400,
    RANGE,
    /'layer' must be left out where 'filter'/,
  ],
  [
    'more work than is allowed',
    { recipe: { recipe: 1, options: { iterations: 51 } } },
    400,
    RANGE,
    /'iterations' must be .* to 50 on this service/,
  ],
  [
    'a format that is not answered with',
    { recipe: { recipe: 1, output: { format: 'tiff' } } },
    400,
    RANGE,
    /recipe\/output\/format/,
  ],
  [
    'a file as a direction',
    { recipe: { recipe: 1, options: { objective: [{ layer: 'mixed3a', direction: '/etc/a.json' }] } } },
    400,
    RANGE,
    /objective/,
  ],
  [
    'a file as a guide',
    { recipe: { recipe: 1, options: { objective: [{ guide: '/etc/a.png' }] } } },
    422,
    'ERR_LIVEDREAM_IMAGE_UNREADABLE',
    /'objective\[0\]\.guide' is not a picture in base64/,
  ],
])('%s is refused', async (_what, body, status, code, message) => {
  const { statusCode, json } = await post(body);
  const told = json() as { code: string; message: string };
  expect([statusCode, told.code], told.message).toEqual([status, code]);
  expect(told.message).toMatch(message);
});
