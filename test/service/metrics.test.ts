import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { png, serviceOf } from './support.js';

let dreamer: Dreamer;
let app: FastifyInstance;
let picture: Buffer;

beforeEach(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { iterationLimit: 10_000 });
  picture = await png();
});
afterEach(async () => {
  await app.close();
  await dreamer.dispose();
});

/** Values by name and labels, as Prometheus would read them. */
async function metrics(from = app): Promise<Map<string, number>> {
  const { statusCode, body, headers } = await from.inject('/metrics');
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const samples = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const read = samples.map((line): [string, number] => {
    const [, name = '', value] = /^(\S+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    return [name, Number(value)];
  });
  expect(read.some(([name]) => name === '')).toBe(false);
  expect(new Set(read.map(([name]) => name)).size).toBe(read.length);
  return new Map(read);
}

const dream = (query: string, from = app) =>
  from.inject({
    method: 'POST',
    url: `/v1/dreams?${query}`,
    headers: { 'content-type': 'image/png' },
    payload: picture,
  });

test('requests, dreams and what the engine did are counted', async () => {
  expect((await dream('octaves=1&iterations=3')).statusCode).toBe(200);
  expect((await dream('octaves=99')).statusCode).toBe(400);
  const found = await metrics();
  const request = 'livedream_http_request_seconds_count{method="POST",route="/v1/dreams"';
  expect(found.get(`${request},status="200"}`)).toBe(1);
  expect(found.get(`${request},status="400"}`)).toBe(1);
  expect(found.get('livedream_dreams_total{outcome="done"}')).toBe(1);
  expect(found.get('livedream_rejected_total{code="ERR_LIVEDREAM_OPTION_RANGE"}')).toBe(1);
  expect(found.get('livedream_dream_seconds_count')).toBe(1);
  expect(found.get('livedream_dream_seconds_sum')).toBeGreaterThan(0);
  const { steps, programsBuilt, weightBytes } = dreamer.statistics();
  expect(found.get('livedream_steps_total')).toBe(steps);
  expect(found.get('livedream_programs_built_total')).toBe(programsBuilt);
  expect(found.get('livedream_weight_bytes')).toBe(weightBytes);
  expect(found.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect([...found.keys()].some((name) => name.startsWith('livedream_info{') && name.includes(dreamer.model))).toBe(
    true,
  );
});

test('dreams under way and waiting are told, and how they ended', async () => {
  const hasty = await serviceOf(dreamer, { iterationLimit: 10_000, timeLimit: 0.5 });
  const all = [0, 1, 2, 3].map(() => dream('octaves=1&iterations=10000', hasty));
  await expect.poll(async () => (await metrics(hasty)).get('livedream_dreams_waiting')).toBe(2);
  expect((await metrics(hasty)).get('livedream_dreams_running')).toBe(2);
  await Promise.all(all);
  const found = await metrics(hasty);
  expect(found.get('livedream_dreams_total{outcome="timeout"}')).toBe(4);
  expect(found.get('livedream_rejected_total{code="ERR_LIVEDREAM_ABORTED"}')).toBe(4);
  expect([found.get('livedream_dreams_running'), found.get('livedream_dreams_waiting')]).toEqual([0, 0]);
  await hasty.close();
});

test('errors that events tell of are counted too', async () => {
  const hasty = await serviceOf(dreamer, { iterationLimit: 10_000, timeLimit: 0.8 });
  await hasty.inject({
    method: 'POST',
    url: '/v1/dreams?octaves=1&iterations=10000',
    headers: { 'content-type': 'image/png', accept: 'text/event-stream' },
    payload: picture,
  });
  expect((await metrics(hasty)).get('livedream_rejected_total{code="ERR_LIVEDREAM_ABORTED"}')).toBe(1);
  await hasty.close();
});

test('two services of one process count for themselves', async () => {
  const other = await serviceOf(dreamer);
  await dream('octaves=1&iterations=1');
  expect((await metrics(other)).has('livedream_dreams_total{outcome="done"}')).toBe(false);
  expect((await metrics(other)).get('livedream_steps_total')).toBe(dreamer.statistics().steps);
  await other.close();
});

test('metrics want the token as dreams do, unless they are open', async () => {
  const token = 'correct-horse-battery';
  const closed = await serviceOf(dreamer, { token });
  expect((await closed.inject('/metrics')).statusCode).toBe(401);
  const headers = { authorization: `Bearer ${token}` };
  expect((await closed.inject({ url: '/metrics', headers })).statusCode).toBe(200);
  const open = await serviceOf(dreamer, { token, openMetrics: true });
  expect((await open.inject('/metrics')).statusCode).toBe(200);
  expect((await open.inject('/v1/models')).statusCode).toBe(401);
  await closed.close();
  await open.close();
});

test('they are told of a Dreamer that was disposed of, too', async () => {
  await dreamer.dispose();
  expect((await metrics()).get('livedream_dreams_running')).toBe(0);
});

test('the live socket has its own', async () => {
  const found = await metrics();
  for (const name of ['clients', 'frames_received_total', 'frames_dropped_total', 'frames_dreamed_total'])
    expect(found.get(`livedream_live_${name}`)).toBe(0);
});
