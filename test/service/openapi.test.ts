import { Ajv2020 } from 'ajv/dist/2020.js';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { EXAMPLE_PICTURE } from '../../lib/service/example-picture.js';
import { livedream } from '../../lib/service/plugin.js';
import { TEST_DEVICE } from '../support/device.js';
import { smallModel } from '../support/models.js';
import { serviceOf } from './support.js';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object; readonly example?: object }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
  readonly security?: readonly object[];
}

interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly components: { readonly schemas: Record<string, object>; readonly securitySchemes?: Record<string, object> };
  readonly paths: Record<string, Record<string, Operation>>;
}

let dreamer: Dreamer;
let app: FastifyInstance;
let document: Document;

beforeAll(async () => {
  const filters = { waves: { layer: 'mixed3b', options: { octaves: 1, iterations: 1 } } };
  const model = { name: 'small', graph: smallModel().file, defaultLayer: 'mixed3b', filters };
  dreamer = await Dreamer.load({ model, device: TEST_DEVICE });
  app = await serviceOf(dreamer, { octaveLimit: 3 });
  document = (await app.inject('/openapi.json')).json();
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

const THUMBNAIL = '/v1/models/{model}/filters/{filter}/thumbnail';

test('every route that is meant for clients stands in it, of version 3.1', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers).toEqual([{ url: '/' }]);
  const routes = ['/deepdream', '/healthz', '/metrics', '/readyz', '/v1/dreams', '/v1/models', THUMBNAIL];
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(routes));
  for (const path of routes)
    for (const { responses } of Object.values(document.paths[path] ?? {}))
      for (const [status, { content }] of Object.entries(responses)) {
        if (Number(status) < 400) continue;
        expect(content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Fault' });
      }
  expect(Object.keys(document.components.schemas)).toEqual(['Fault']);
});

test('a picture may come in four ways, with the options of the API', () => {
  const { parameters = [], requestBody } = document.paths['/v1/dreams']?.['post'] as Operation;
  expect(Object.keys(requestBody?.content ?? {}).sort()).toEqual([
    'application/json',
    'application/octet-stream',
    'image/*',
    'multipart/form-data',
  ]);
  const form = requestBody?.content['multipart/form-data']?.schema;
  expect(form).toMatchObject({ properties: { image: { type: 'string', format: 'binary' } } });
  expect(form).toMatchObject({ oneOf: [{ required: ['image'] }, { required: ['start'] }] });
  const octaves = parameters.find(({ name }) => name === 'octaves');
  expect(octaves).toMatchObject({ in: 'query', schema: { type: 'integer', minimum: 1 }, explode: false });
});

test('its examples are requests that are answered', async () => {
  for (const url of ['/v1/dreams', '/deepdream']) {
    const { requestBody } = document.paths[url]?.['post'] as Operation;
    const payload = requestBody?.content['application/json']?.example as object;
    expect((await app.inject({ method: 'POST', url, payload })).statusCode).toBe(200);
  }
});

const image = EXAMPLE_PICTURE;
test.each<[string, string, string, object]>([
  ['/v1/models', 'get', '/v1/models', {}],
  ['/healthz', 'get', '/healthz', {}],
  ['/readyz', 'get', '/readyz', {}],
  ['/metrics', 'get', '/metrics', {}],
  ['/deepdream', 'post', '/deepdream', { payload: { file_data: image, octaves: 1, iterations: 1 } }],
  ['/deepdream', 'post', '/deepdream', { payload: { file_data: '?' } }],
  ['/deepdream', 'post', '/deepdream', { payload: { file_data: image, octaves: 1e9 } }],
  ['/v1/dreams', 'post', '/v1/dreams', { payload: { image, options: { octaves: 4 } } }],
  ['/v1/dreams', 'post', '/v1/dreams', { payload: { image, options: { filter: 'wave' } } }],
  ['/v1/dreams', 'post', '/v1/dreams', { payload: { image }, headers: { accept: 'text/html' } }],
  ['/v1/dreams', 'post', '/v1/dreams', { payload: 'hello', headers: { 'content-type': 'text/plain' } }],
  [
    '/v1/dreams',
    'post',
    '/v1/dreams?octaves=1&iterations=1',
    { payload: Buffer.from(image, 'base64'), headers: { 'content-type': 'image/png' } },
  ],
  [THUMBNAIL, 'get', '/v1/models/small/filters/waves/thumbnail', {}],
  [THUMBNAIL, 'get', '/v1/models/small/filters/wave/thumbnail', {}],
  [THUMBNAIL, 'get', '/v1/models/small/filters/waves/thumbnail', { headers: { 'if-none-match': '*' } }],
])('what %s answers to %s %s is what the document says', async (path, method, url, request) => {
  const { statusCode, headers, rawPayload } = await app.inject({ method: method as 'GET', url, ...request });
  const { content } =
    document.paths[path]?.[method]?.responses[statusCode] ?? expect.fail(`${statusCode} is not there`);
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  expect(Object.keys(content ?? { '': {} })).toContain(type);
  if (type !== 'application/json') return;
  const ajv = new Ajv2020({ strict: false, formats: { byte: true } });
  const schema = JSON.parse(JSON.stringify(content?.[type]?.schema).replaceAll('#/components', '#/$defs/components'));
  const valid = ajv.compile({ ...schema, $defs: { components: document.components } });
  expect(valid(JSON.parse(rawPayload.toString())), JSON.stringify(valid.errors)).toBe(true);
});

test('where there is a token, the document says what wants it, and is given without', async () => {
  expect(document.components.securitySchemes).toBeUndefined();
  const closed = await serviceOf(dreamer, { token: 'correct-horse-battery' });
  const told = (await closed.inject('/openapi.json')).json() as Document;
  expect(told.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
  const secured = Object.entries(told.paths).filter(([, methods]) => Object.values(methods)[0]?.security);
  expect(secured.map(([path]) => path).sort()).toEqual([
    '/deepdream',
    '/metrics',
    '/v1/dreams',
    '/v1/models',
    THUMBNAIL,
  ]);
  await closed.close();
});

test('a service of somebody’s own has its own document, and its prefix stands in ours', async () => {
  const { default: swagger } = await import('@fastify/swagger');
  const theirs = fastify();
  await theirs.register(swagger, { openapi: { info: { title: 'theirs', version: '1' } } });
  theirs.addSchema({ $id: 'LivedreamThing', type: 'object' });
  theirs.get('/theirs', async () => 'hello');
  await theirs.register(livedream, { dreamer, prefix: '/dream' });
  const told = (await theirs.inject('/dream/openapi.json')).json() as Document;
  expect(told.servers).toEqual([{ url: '/dream' }]);
  expect(Object.keys(told.paths)).toContain('/v1/dreams');
  expect(Object.keys(told.components.schemas)).toContain('Fault');
  expect(Object.keys(told.paths)).not.toContain('/theirs');
  await theirs.ready();
  expect(Object.keys(theirs.swagger().paths ?? {})).toContain('/theirs');
  await theirs.close();
});
