import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { EventStream } from '../../lib/service/event-stream.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

const ACCEPT = 'text/event-stream';
let dreamer: Dreamer;
let app: FastifyInstance;
let picture: Buffer;
let port: number;

beforeAll(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { iterationLimit: 10_000, previewRate: 20, heartbeat: 0.05 });
  picture = await png(128, 128);
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

interface Told {
  readonly event: string;
  readonly data: Record<string, unknown> & { readonly preview?: string };
}

function eventsOf(text: string): Told[] {
  return text
    .split('\n\n')
    .map((block) => /^event: (\w+)\ndata: (.*)$/.exec(block))
    .filter((found) => found !== null)
    .map(([, event = '', data = '']) => ({ event, data: JSON.parse(data) }));
}

const ask = (query: string, headers: Record<string, string> = {}, to = app) =>
  to.inject({
    method: 'POST',
    url: `/v1/dreams?${query}`,
    headers: { 'content-type': 'image/png', accept: ACCEPT, ...headers },
    payload: picture,
  });

test('a dream tells of its progress, shows previews and ends with its result', async () => {
  const { statusCode, headers, body } = await ask('octaves=2&iterations=100&seed=7');
  expect([statusCode, headers['content-type']]).toEqual([200, ACCEPT]);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', vary: 'accept' });
  expect(body.startsWith('retry: 5000\n\n')).toBe(true);
  const events = eventsOf(body);
  const result = events.at(-1);
  expect(events.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true);
  expect(events[0]?.data).toMatchObject({ octave: 0, octaves: 2, iterations: 100 });
  const previews = events.flatMap(({ data }) => data.preview ?? []);
  expect(previews.length).toBeGreaterThan(0);
  expect((await sharp(Buffer.from(previews[0] ?? '', 'base64')).metadata()).format).toBe('jpeg');
  expect(result).toMatchObject({
    event: 'result',
    data: { type: 'image/png', width: 128, height: 128, parameters: { octaves: 2, seed: 7 } },
  });
  const alone = await ask('octaves=2&iterations=100&seed=7', { accept: 'image/png' });
  expect(Buffer.from(String(result?.data['image']), 'base64').equals(alone.rawPayload)).toBe(true);
});

test.each([
  ['image/webp, text/event-stream', '', 'image/webp', false],
  ['text/event-stream, image/webp;q=0.5', '', 'image/webp', true],
  ['text/event-stream', '&format=jpeg', 'image/jpeg', true],
  ['*/*', '', 'image/png', false],
])('Accept %s with%s gives %s', async (accept, query, type, events) => {
  const { headers, body } = await ask(`octaves=1&iterations=1${query}`, { accept });
  expect(headers['content-type']).toBe(events ? ACCEPT : type);
  if (events) expect(eventsOf(body).at(-1)?.data['type']).toBe(type);
});

test('what fails before the dream has a status of its own', async () => {
  const wrong = await ask('octaves=99');
  expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'ERR_LIVEDREAM_OPTION_RANGE']);
  const unknown = await ask('filter=no-such-filter');
  expect([unknown.statusCode, unknown.json().code]).toEqual([400, 'ERR_LIVEDREAM_FILTER_UNKNOWN']);
});

test('a dream that fails later tells of it, and when to try again', async () => {
  const hasty = await serviceOf(dreamer, { iterationLimit: 10_000, timeLimit: 0.8 });
  const { statusCode, body } = await ask('octaves=1&iterations=10000', {}, hasty);
  expect(statusCode).toBe(200);
  expect(eventsOf(body).at(-1)).toMatchObject({
    event: 'error',
    data: { status: 503, code: 'ERR_LIVEDREAM_ABORTED', retryAfter: 5 },
  });
  await hasty.close();
});

test('without previews there is progress alone', async () => {
  const plain = await serviceOf(dreamer, { previewRate: 0 });
  const events = eventsOf((await ask('octaves=1&iterations=50', {}, plain)).body);
  expect(events.length).toBeGreaterThan(1);
  expect(events.some(({ data }) => data.preview)).toBe(false);
  await plain.close();
});

function post(query: string): http.ClientRequest {
  const request = http.request({ host: '127.0.0.1', port, path: `/v1/dreams?${query}`, method: 'POST', agent: false });
  request.setHeader('content-type', 'image/png');
  request.setHeader('accept', ACCEPT);
  request.end(picture);
  return request;
}

test('who leaves in the middle cancels the dream', async () => {
  const spied = vi.spyOn(dreamer, 'dream');
  const request = post('octaves=1&iterations=10000');
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response, 'data');
  response.on('error', () => undefined);
  request.destroy();
  await expect(spied.mock.results[0]?.value).rejects.toMatchObject({ cause: { message: 'the client left' } });
  spied.mockRestore();
});

test('a heart beats while a dream waits', async () => {
  const request = post('octaves=1&iterations=10000');
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.includes(': still here\n\n')) break;
  }
  expect(text).toContain(': still here\n\n');
  request.destroy();
});

test('who does not read loses what is offered, and gets the last event', async () => {
  const events = new EventStream(3600);
  const preview = { preview: 'a'.repeat(30_000) };
  for (let i = 0; i < 1000; i += 1) events.offer('progress', preview);
  expect(events.full).toBe(true);
  expect(events.readableLength).toBeLessThan(200_000);
  events.finish('result', { data: 'b'.repeat(300_000) });
  const chunks: Buffer[] = [];
  for await (const chunk of events) chunks.push(chunk as Buffer);
  const told = eventsOf(Buffer.concat(chunks).toString());
  expect(told.at(-1)?.event).toBe('result');
  expect(told.length).toBeLessThan(8);
});

test('who reads again gets what comes then', async () => {
  const events = new EventStream(3600);
  while (!events.full) events.offer('progress', { preview: 'a'.repeat(30_000) });
  events.read();
  await expect.poll(() => events.full).toBe(false);
  events.destroy();
});
