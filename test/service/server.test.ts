import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { readOptions } from '../../lib/options/read.js';
import { SERVE_OPTIONS } from '../../lib/options/serve-options.js';
import { livedream } from '../../lib/service/plugin.js';
import { serverOf } from '../../lib/service/server.js';
import { dropSlowReaders } from '../../lib/service/slow-readers.js';
import { smallDreamer } from '../support/dreamers.js';
import { png } from './support.js';

let dreamer: Dreamer;
let picture: Buffer;
const apps: FastifyInstance[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  dreamer = await smallDreamer();
  picture = await png();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => dreamer.dispose());

async function listening(app: FastifyInstance): Promise<number> {
  apps.push(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

async function serve(limits: object = {}): Promise<number> {
  const app = serverOf(readOptions(SERVE_OPTIONS, limits), 'silent');
  await app.register(livedream, { dreamer });
  return listening(app);
}

interface Talk {
  readonly socket: Socket;
  readonly heard: () => string;
  readonly closed: Promise<unknown>;
}

/** A connection of somebody who need not keep to HTTP. */
async function talk(port: number, say: string | Buffer = ''): Promise<Talk> {
  const socket = net.connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([once(socket, 'connect'), closed]);
  socket.write(say);
  return { socket, heard: () => heard, closed };
}

/** Each answer's status, in their order. */
function statuses(heard: string): number[] {
  return [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

function fault(heard: string): { readonly code: string; readonly message: string } {
  return JSON.parse(heard.slice(heard.indexOf('\r\n\r\n') + 4));
}

const GET = 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n';
const POST = (length: number): string =>
  `POST /v1/dreams?octaves=1&iterations=1 HTTP/1.1\r\nhost: a\r\ncontent-type: image/png\r\ncontent-length: ${length}\r\n\r\n`;

test.each([
  ['headers that never end', 'GET /healthz HTTP/1.1\r\nhost: a\r\nx-', { headerTimeout: 0.2 }],
  ['a body that never ends', `${POST(5000)}abc`, { headerTimeout: 0.1, requestTimeout: 0.2 }],
])('%s are a 408, and the connection is closed', async (_what, say, limits) => {
  const port = await serve(limits);
  const { heard, closed } = await talk(port, say);
  await closed;
  expect(statuses(heard())).toEqual([408]);
  expect(heard()).toContain('connection: close');
  expect(fault(heard())).toEqual({ code: 'REQUEST_TIMEOUT', message: 'The request came too slowly.' });
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

test('drips do not help a slow request', async () => {
  const port = await serve({ headerTimeout: 0.3 });
  const { socket, heard, closed } = await talk(port, 'GET /healthz HTTP/1.1\r\n');
  const drip = setInterval(() => socket.write('x-a: b\r\n'), 20);
  await closed;
  clearInterval(drip);
  expect(statuses(heard())).toEqual([408]);
});

test('one connection more than the limit is closed, and let in when another has gone', async () => {
  const port = await serve({ connectionLimit: 2, keepAlive: 3600 });
  const [first] = [await talk(port, GET), await talk(port, GET)];
  const third = await talk(port, GET);
  await third.closed;
  expect(third.heard()).toBe('');
  first?.socket.destroy();
  await expect
    .poll(async () => {
      const next = await talk(port, GET);
      await Promise.race([once(next.socket, 'data'), next.closed]);
      next.socket.destroy();
      return statuses(next.heard());
    })
    .toEqual([200]);
});

test('a connection that asks nothing is closed', async () => {
  const port = await serve({ keepAlive: 0.2 });
  const { heard, closed } = await talk(port, GET);
  await closed;
  expect(statuses(heard())).toEqual([200]);
});

test('requests that come in one piece are answered in their order', async () => {
  const port = await serve();
  const dream = Buffer.concat([Buffer.from(POST(picture.length)), picture]);
  const { heard } = await talk(
    port,
    Buffer.concat([Buffer.from(GET), dream, Buffer.from(GET.replace('healthz', 'no'))]),
  );
  await expect.poll(() => statuses(heard())).toEqual([200, 200, 404]);
});

test('who leaves in the middle of a body leaves nothing behind', async () => {
  const port = await serve();
  for (let i = 0; i < 5; i += 1) {
    const { socket, closed } = await talk(
      port,
      Buffer.concat([Buffer.from(POST(picture.length)), picture.subarray(0, 50)]),
    );
    socket.destroy();
    await closed;
  }
  const form = 'content-type: multipart/form-data; boundary=x\r\ncontent-length: 5000\r\n\r\n--x\r\nContent-Dis';
  const { socket, closed } = await talk(port, `POST /v1/dreams HTTP/1.1\r\nhost: a\r\n${form}`);
  socket.destroy();
  await closed;
  const app = apps[0] as FastifyInstance;
  const connections = () => new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)));
  await expect.poll(connections).toBe(0);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
});

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400, 'NO_REQUEST'],
  ['two lengths', `${POST(3).replace('\r\n\r\n', '\r\ncontent-length: 4\r\n\r\n')}abc`, 400, 'NO_REQUEST'],
  [
    'a length beside chunks',
    `${POST(3).replace('\r\n\r\n', '\r\ntransfer-encoding: chunked\r\n\r\n')}0\r\n\r\n`,
    400,
    'NO_REQUEST',
  ],
  ['a length that is none', POST(3).replace('length: 3', 'length: -3'), 400, 'NO_REQUEST'],
  ['headers too large', `GET / HTTP/1.1\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['an address that is none', 'GET /v1/models/%ff HTTP/1.1\r\nhost: a\r\n\r\n', 400, 'FST_ERR_BAD_URL'],
  [
    'a name too long',
    `GET /v1/models/${'a'.repeat(300)}/filters/b/thumbnail HTTP/1.1\r\nhost: a\r\n\r\n`,
    414,
    'FST_ERR_MAX_PARAM_LENGTH',
  ],
])('%s is refused in the shape of all errors', async (_what, say, status, code) => {
  const { heard } = await talk(await serve(), say);
  await expect.poll(() => statuses(heard())).toEqual([status]);
  await expect.poll(() => heard()).toMatch(/\}$/);
  expect(fault(heard())).toEqual({ code, message: expect.stringMatching(/\w/) });
});

test.each([
  '/../../etc/passwd',
  '/v1/../../etc/passwd',
  '/v1/models/../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/v1/models/..%2f..%2fetc%2fpasswd',
  '//v1/models',
  '/v1/models/',
  '/v1\\models',
  '/V1/MODELS',
])('%s is nothing', async (path) => {
  const { heard } = await talk(await serve(), `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
  await expect.poll(() => statuses(heard())).toEqual([404]);
  expect(heard()).toContain('"code":"NOT_FOUND"');
});

test('an answer that nobody reads is dropped, and one that is read is not', async () => {
  const app = fastify();
  dropSlowReaders(app, { limits: { answerTimeout: 0.3 } });
  const large = Buffer.alloc(64 * 2 ** 20, 'a');
  app.get('/large', async () => large);
  const port = await listening(app);
  const ask = 'GET /large HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
  const idle = net.connect(port, '127.0.0.1');
  sockets.push(idle);
  idle.on('error', () => undefined);
  idle.write(ask);
  const connections = () => new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)));
  await expect.poll(connections).toBe(1);
  await expect.poll(connections).toBe(0);
  const reader = net.connect(port, '127.0.0.1');
  sockets.push(reader);
  reader.write(ask);
  let bytes = 0;
  for await (const chunk of reader) bytes += (chunk as Buffer).length;
  expect(bytes).toBeGreaterThan(large.length);
});

// Node's own `maxRequestsPerSocket` answers those beyond it with a 503 that says nothing of when to come again.
test('answers a connection that is kept for thousands of requests', async () => {
  const { socket, heard, closed } = await talk(await serve(), GET.repeat(2500));
  socket.end();
  await closed;
  const found = statuses(heard());
  expect(found).toHaveLength(2500);
  expect(new Set(found)).toEqual(new Set([200]));
});
