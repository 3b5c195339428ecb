import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Relay } from '../../../lib/service/farm/relay.js';

const KIB = 1024;
const FRAME = Buffer.alloc(64 * KIB, 7);
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Two ends of a socket: who listened, and who came. */
async function pair(options: { readonly autoPong?: boolean } = {}, listener = {}): Promise<[WebSocket, WebSocket]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...listener });
  await once(server, 'listening');
  const met = once(server, 'connection') as Promise<[WebSocket]>;
  const came = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  const [there] = await met;
  if (came.readyState !== came.OPEN) await once(came, 'open');
  ends.push(() => {
    for (const each of [came, there]) each.terminate();
    server.close();
  });
  return [there, came];
}

interface Relayed {
  /** As they are at their own ends. */
  readonly client: WebSocket;
  readonly worker: WebSocket;
  /** As the service has them. */
  readonly inner: { readonly client: WebSocket; readonly worker: WebSocket };
  readonly lost: () => number;
  readonly relay: Relay;
}

async function relayed(patience = 3600, listener = {}): Promise<Relayed> {
  const [clientHere, client] = await pair();
  const [worker, workerHere] = await pair({ autoPong: false }, listener);
  let lost = 0;
  const onLost = (): void => {
    lost += 1;
  };
  const inner = { client: clientHere, worker: workerHere };
  return { client, worker, inner, lost: () => lost, relay: new Relay({ ...inner, patience, onLost }) };
}

const closed = async (socket: WebSocket): Promise<[number, string]> => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
};

test.each([
  'client',
  'worker',
] as const)('who speaks to a %s that does not listen is read from no more', async (slow) => {
  const { client, worker, inner } = await relayed();
  const [from, to] = slow === 'client' ? [worker, client] : [client, worker];
  const [near, far] = slow === 'client' ? [inner.worker, inner.client] : [inner.client, inner.worker];
  to.pause();
  let sent = 0;
  // More than the buffers of the system on the way hold.
  while (!near.isPaused) {
    from.send(Buffer.concat([Buffer.from([sent % 251]), FRAME]));
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (let more = 0; more < 200; more += 1, sent += 1) from.send(Buffer.concat([Buffer.from([sent % 251]), FRAME]));
  expect(near.isPaused).toBe(true);
  expect(far.bufferedAmount).toBeLessThan(256 * KIB + 2 * FRAME.length);
  const heard: number[] = [];
  const all = new Promise<void>((resolve) => {
    to.on('message', (data: Buffer) => {
      heard.push(data[0] as number);
      if (heard.length === sent) resolve();
    });
  });
  to.resume();
  await all;
  expect(heard).toEqual(Array.from({ length: sent }, (_, index) => index % 251));
  expect(near.isPaused).toBe(false);
});

test('a ping of the worker is answered by the client, when it has read so far', async () => {
  const { client, worker } = await relayed();
  const pongs: string[] = [];
  worker.on('pong', (data) => pongs.push(data.toString()));
  client.pause();
  worker.ping('1');
  // Would be answered at once by anybody else on the way; a ping of the client's own comes by in the meantime.
  const other = once(worker, 'ping');
  client.ping('mine');
  expect(String((await other)[0])).toBe('mine');
  expect(pongs).toEqual([]);
  client.resume();
  await expect.poll(() => pongs).toEqual(['1']);
});

test.each([
  [4001, 'mine'],
  [1000, ''],
])('what either says at the end goes to the other: %s %s', async (code, reason) => {
  for (const [from, to] of [
    ['client', 'worker'],
    ['worker', 'client'],
  ] as const) {
    const ends = await relayed();
    const heard = closed(ends[to]);
    ends[from].close(code, reason);
    expect(await heard).toEqual([code, reason]);
    expect(ends.lost()).toBe(0);
  }
});

test('a worker that breaks off makes its client come again, and one that stops does too', async () => {
  const broken = await relayed();
  const heard = closed(broken.client);
  broken.worker.terminate();
  expect(await heard).toEqual([1013, 'The worker that dreamed here is gone. Try again.']);
  expect(broken.lost()).toBe(1);
  const stopped = await relayed();
  const told = closed(stopped.client);
  stopped.worker.close(1001, 'The service stops.');
  expect(await told).toEqual([1013, 'The worker that dreamed here stops. Try again.']);
});

test('a client that breaks off is gone for the worker', async () => {
  const { client, worker, lost } = await relayed();
  const heard = closed(worker);
  client.terminate();
  expect((await heard)[0]).toBe(1006);
  expect(lost()).toBe(0);
});

test('a worker that says nothing any more counts as gone', async () => {
  const { client, lost } = await relayed(0.05, { autoPong: false });
  expect(await closed(client)).toEqual([1013, 'The worker that dreamed here is gone. Try again.']);
  expect(lost()).toBe(1);
});

test('the service says goodbye to both', async () => {
  const { client, worker, relay, lost } = await relayed();
  const heard = [closed(client), closed(worker)];
  relay.close(1001, 'The service stops.');
  expect(await Promise.all(heard)).toEqual([
    [1001, 'The service stops.'],
    [1001, 'The service stops.'],
  ]);
  expect(lost()).toBe(0);
});
