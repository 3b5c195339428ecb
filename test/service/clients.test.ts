import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

/** Seconds of work, were it not cancelled. */
const LONG = '/v1/dreams?octaves=1&iterations=10000';
const SHORT = '/v1/dreams?octaves=1&iterations=1';
const TOKEN = 'correct-horse-battery';

let picture: Buffer;
let dreamer: Dreamer;
let app: FastifyInstance;

beforeAll(async () => {
  picture = await png(128, 128);
});
afterEach(async () => {
  await dreamer.dispose();
  await app.close();
});

async function listen(options: Parameters<typeof serviceOf>[1] = {}): Promise<number> {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { iterationLimit: 10_000, ...options });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

function post(port: number, path: string, headers: Record<string, string> = {}): http.ClientRequest {
  const request = http.request({ host: '127.0.0.1', port, path, method: 'POST', agent: false });
  request.setHeader('content-type', 'image/png');
  for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
  request.end(picture);
  return request;
}

async function answer(request: http.ClientRequest): Promise<{ status: number; headers: object; body: Buffer }> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Watches the next dream of the Dreamer: when it has made steps, and how it ends. */
function watched(): { readonly begun: Promise<void>; readonly ended: Promise<unknown> } {
  const dream = dreamer.dream.bind(dreamer);
  let end: (outcome: unknown) => void;
  const ended = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    dreamer.dream = (input, options) => {
      dreamer.dream = dream;
      const made = dream(input, { ...options, onProgress: () => resolve() });
      made.then(end, end);
      return made;
    };
  });
  return { begun, ended };
}

test('a client that leaves cancels its dream, and the next is served', async () => {
  const port = await listen();
  const { begun, ended } = watched();
  const leaving = post(port, LONG);
  leaving.on('error', () => undefined);
  await begun;
  leaving.destroy();
  expect(await ended).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', cause: { message: 'the client left' } });
  expect((await answer(post(port, SHORT))).status).toBe(200);
});

test('a full queue is a 503 that says when to come again; health answers meanwhile', async () => {
  const port = await listen({ waitLimit: 1 });
  const { begun } = watched();
  const long = post(port, LONG);
  long.on('error', () => undefined);
  await begun;
  const others = Array.from({ length: 4 }, () => post(port, SHORT));
  for (const other of others) other.on('error', () => undefined);
  const refused = await Promise.any(others.map(answer));
  expect([refused.status, JSON.parse(refused.body.toString()).code]).toEqual([503, 'ERR_LIVEDREAM_QUEUE_FULL']);
  expect(refused.headers).toMatchObject({ 'retry-after': '5' });
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  for (const request of [long, ...others]) request.destroy();
});

test('a dream that takes too long is cancelled', async () => {
  const port = await listen({ timeLimit: 0.3 });
  const { ended } = watched();
  const { status, body, headers } = await answer(post(port, LONG));
  expect([status, JSON.parse(body.toString()).code]).toEqual([503, 'ERR_LIVEDREAM_ABORTED']);
  expect(headers).toHaveProperty('retry-after');
  expect(await ended).toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
});

test('with a token nobody dreams without it, and health needs none', async () => {
  const port = await listen({ token: TOKEN });
  for (const headers of [
    {},
    { authorization: `Bearer ${TOKEN}x` },
    { authorization: TOKEN },
    { authorization: 'Bearer ' },
  ]) {
    const { status, headers: back, body } = await answer(post(port, SHORT, headers as Record<string, string>));
    expect([status, JSON.parse(body.toString()).code]).toEqual([401, 'ERR_LIVEDREAM_UNAUTHORIZED']);
    expect(back).toMatchObject({ 'www-authenticate': 'Bearer' });
  }
  expect((await fetch(`http://127.0.0.1:${port}/v1/models`)).status).toBe(401);
  expect((await answer(post(port, SHORT, { authorization: `Bearer ${TOKEN}` }))).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

test('without its Dreamer the service is well and not ready', async () => {
  const port = await listen();
  await dreamer.dispose();
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  expect((await answer(post(port, SHORT))).status).toBe(503);
});

test('wrong options of the plugin are refused when it is registered', async () => {
  await listen();
  await expect(serviceOf(dreamer, { octaveLimit: 0 })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
  await expect(serviceOf(dreamer, { token: 'short' })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
  await expect(serviceOf({} as Dreamer)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_TYPE' });
});
