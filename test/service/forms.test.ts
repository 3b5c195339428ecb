import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

const OPTIONS = { octaves: 1, iterations: 2, seed: '7' };
const BODY_LIMIT = 100_000;
const lines: string[] = [];
let dreamer: Dreamer;
let app: FastifyInstance;
let picture: Buffer;

beforeAll(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { bodyLimit: BODY_LIMIT }, lines);
  picture = await png();
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

type Field = readonly [name: string, value: string | Buffer, type?: string];

function formOf(fields: readonly Field[]): FormData {
  const form = new FormData();
  for (const [name, value, type] of fields) {
    if (typeof value === 'string' && type === undefined) form.append(name, value);
    else form.append(name, new Blob([new Uint8Array(Buffer.from(value))], { type: type ?? 'image/png' }), 'a.png');
  }
  return form;
}

async function send(fields: readonly Field[], url = '/v1/dreams', to = app) {
  const encoded = new Response(formOf(fields));
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  return to.inject({ method: 'POST', url, headers, payload: Buffer.from(await encoded.arrayBuffer()) });
}

const sendRaw = (payload: string, type = 'multipart/form-data; boundary=x', headers = {}) =>
  app.inject({ method: 'POST', url: '/v1/dreams', headers: { 'content-type': type, ...headers }, payload });

test.each<[string, (image: Field) => readonly Field[]]>([
  ['before', (image) => [['options', JSON.stringify(OPTIONS)], ['format', 'webp'], ['quality', '80'], image]],
  ['behind', (image) => [image, ['format', 'webp'], ['quality', '80'], ['options', JSON.stringify(OPTIONS)]]],
])('a form gives the dream of the same JSON, its fields %s its picture', async (_where, fields) => {
  const { statusCode, headers, rawPayload } = await send(fields(['image', picture]));
  expect([statusCode, headers['content-type']]).toEqual([200, 'image/webp']);
  const payload = { image: picture.toString('base64'), options: OPTIONS, format: 'webp', quality: 80 };
  const json = await app.inject({ method: 'POST', url: '/v1/dreams', payload });
  expect(rawPayload.equals(json.rawPayload)).toBe(true);
});

test('a picture alone will do, of whatever type it says it is', async () => {
  const { statusCode, rawPayload } = await send([['image', picture, 'application/x-unknown']]);
  expect(statusCode).toBe(200);
  expect(await sharp(rawPayload).metadata()).toMatchObject({ format: 'png', width: 64 });
});

async function half(width = 64, height = 48): Promise<Buffer> {
  const data = Buffer.from(Array.from({ length: width * height }, (_, at) => (at % width < width / 2 ? 255 : 0)));
  return sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

test('a mask is a second file, or base64 in JSON, and its options say how it is taken', async () => {
  const mask = await half();
  const options = { ...OPTIONS, mask: { invert: true } };
  const form = await send([
    ['image', picture],
    ['mask', mask],
    ['options', JSON.stringify(options)],
  ]);
  expect(form.statusCode).toBe(200);
  const payload = { image: picture.toString('base64'), mask: mask.toString('base64'), options };
  const json = await app.inject({ method: 'POST', url: '/v1/dreams', payload });
  expect(json.rawPayload.equals(form.rawPayload)).toBe(true);
  const [before, after] = await Promise.all(
    [picture, form.rawPayload].map((each) => sharp(each).removeAlpha().raw().toBuffer()),
  );
  const other = [...(after ?? [])].flatMap((each, at) => (each === before?.[at] ? [] : [Math.floor(at / 3) % 64]));
  expect(Math.min(...other)).toBe(32);
});

test('a mask may be a shape, and none names a file of the service', async () => {
  const shape = { ...OPTIONS, mask: { ellipse: { x: '50%', y: '50%', radiusX: '20%', radiusY: 9 }, feather: 2 } };
  expect(
    (
      await send([
        ['image', picture],
        ['options', JSON.stringify(shape)],
      ])
    ).statusCode,
  ).toBe(200);
  for (const mask of ['/etc/passwd', { picture: '/etc/passwd' }]) {
    const { statusCode } = await send([
      ['image', picture],
      ['options', JSON.stringify({ ...OPTIONS, mask })],
    ]);
    expect(statusCode).toBe(400);
  }
});

const RANGE = 'ERR_LIVEDREAM_OPTION_RANGE';
const TYPE = 'ERR_LIVEDREAM_OPTION_TYPE';
const UNREADABLE = 'ERR_LIVEDREAM_REQUEST_UNREADABLE';

test.each<[string, (image: Field) => readonly Field[], number, string, RegExp]>([
  ['no picture', () => [['options', '{}']], 400, RANGE, /required property 'image'/],
  ['a picture that is text', () => [['image', 'hello']], 400, TYPE, /'image' must be a file/],
  [
    'a picture that is none',
    () => [['image', Buffer.from('hello')]],
    422,
    'ERR_LIVEDREAM_IMAGE_UNREADABLE',
    /picture/i,
  ],
  ['two pictures', (image) => [image, image], 400, RANGE, /'image' must be given once/],
  [
    'a third file',
    (image) => [image, ['mask', picture], ['photo', picture]],
    400,
    UNREADABLE,
    /more than the files 'image' and 'mask'/,
  ],
  ['a mask that is text', (image) => [image, ['mask', 'hello']], 400, TYPE, /'mask' must be a file/],
  [
    'a mask that is none',
    (image) => [image, ['mask', Buffer.from('hello')]],
    422,
    'ERR_LIVEDREAM_IMAGE_UNREADABLE',
    /picture/i,
  ],
  [
    'a mask and a shape',
    (image) => [image, ['mask', picture], ['options', '{"mask":{"alpha":true}}']],
    400,
    RANGE,
    /'mask.alpha' must be left out where 'picture' is given/,
  ],
  ['options twice', (image) => [['options', '{}'], ['options', '{}'], image], 400, RANGE, /given once/],
  ['options that are no JSON', (image) => [image, ['options', '{octaves']], 400, TYPE, /object in JSON.*octaves/],
  ['options that are a list', (image) => [image, ['options', '[]']], 400, TYPE, /body\/options must be object/],
  ['a wrong option', (image) => [image, ['options', '{"octaves":"2"}']], 400, TYPE, /octaves must be integer/],
  ['a prototype among options', (image) => [image, ['options', '{"__proto__":{"a":1}}']], 400, RANGE, /__proto__/],
  ['a field of no name that is known', (image) => [image, ['colour', 'red']], 400, RANGE, /'colour'/],
  ['a prototype', (image) => [image, ['__proto__', 'red']], 400, UNREADABLE, /prototype/],
  ['a file of another name', (image) => [['photo', picture], image], 400, RANGE, /'photo' must be no file/],
  ['a quality that is no number', (image) => [image, ['quality', 'good']], 400, RANGE, /quality.*good/],
  [
    'too many fields',
    (image) => [image, ...['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((a): Field => [a, a])],
    400,
    UNREADABLE,
    /more/,
  ],
  ['a file too large', () => [['image', Buffer.alloc(BODY_LIMIT + 1)]], 413, 'FST_ERR_CTP_BODY_TOO_LARGE', /large/],
  ['a field too large', () => [['options', ' '.repeat(70_000)]], 413, 'FST_ERR_CTP_BODY_TOO_LARGE', /large/],
])('%s is refused', async (_what, fields, status, code, message) => {
  const before = dreamer.statistics().steps;
  const { statusCode, json, headers } = await send(fields(['image', picture]));
  expect([statusCode, json().code, json().message]).toEqual([status, code, expect.stringMatching(message)]);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(dreamer.statistics().steps).toBe(before);
});

test.each<[string, string, string]>([
  ['without a border', 'hello', 'multipart/form-data'],
  ['that breaks off in its headers', '--x\r\nContent-Disposition: form-data; na', 'multipart/form-data; boundary=x'],
  [
    'that breaks off in its picture',
    '--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\nabc',
    'multipart/form-data; boundary=x',
  ],
])('a form %s is refused', async (_what, payload, type) => {
  const { statusCode, json, headers } = await sendRaw(payload, type);
  expect([statusCode, json().code]).toEqual([400, UNREADABLE]);
  expect(headers.connection).toBe('close');
});

test('an empty form lacks its picture', async () => {
  const { statusCode, json } = await sendRaw('--x--\r\n');
  expect([statusCode, json().message]).toEqual([400, expect.stringContaining("'image'")]);
});

test('what lies before and behind a form is not read without end', async () => {
  const { statusCode, json } = await sendRaw(`${'a'.repeat(BODY_LIMIT * 7)}\r\n--x--\r\n`);
  expect([statusCode, json().code]).toEqual([413, 'FST_ERR_CTP_BODY_TOO_LARGE']);
});

test('options do not come in the address of a form, and the seed takes no forms', async () => {
  const { statusCode, json } = await send([['image', picture]], '/v1/dreams?octaves=1');
  expect([statusCode, json().message]).toEqual([400, expect.stringMatching(/octaves.*body/)]);
  const seed = await send([['image', picture]], '/deepdream');
  expect(seed.statusCode).toBe(415);
});

test('a service of somebody’s own that reads forms already goes on doing so', async () => {
  const { fastify } = await import('fastify');
  const { livedream } = await import('../../lib/service/plugin.js');
  const theirs = fastify();
  await theirs.register(multipart, { limits: { fileSize: 10 } });
  await theirs.register(livedream, { dreamer, prefix: '/dream' });
  const { statusCode } = await send(
    [
      ['image', picture],
      ['options', JSON.stringify(OPTIONS)],
    ],
    '/dream/v1/dreams',
    theirs,
  );
  expect(statusCode).toBe(200);
  await theirs.close();
});

test('nothing of a form is logged', () => {
  const log = lines.join('');
  expect(log).toContain('/v1/dreams');
  expect(log).not.toContain('a.png');
  expect(log).not.toContain('aaaaaaaa');
});
