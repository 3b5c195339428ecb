import { once } from 'node:events';
import { connect } from 'node:net';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { jpeg, LiveService, type Talk } from './live-support.js';

const OPTIONS = { layer: 'mixed3b', octaves: 1, iterations: 1 } as const;
const TOKEN = 'correct-horse-battery';

let dreamer: Dreamer;
let service: LiveService;
let picture: Buffer;

beforeAll(async () => {
  dreamer = await smallDreamer();
  picture = await jpeg();
});
afterEach(() => service.close());
afterAll(() => dreamer.dispose());

const bearer = (token: string): string => `bearer.${Buffer.from(token).toString('base64url')}`;

test('who is not to come in is told by the status of the handshake', async () => {
  service = await LiveService.of(dreamer, { token: TOKEN, origins: 'https://camera.example' });
  const right = ['livedream.v1', bearer(TOKEN)];
  expect(await service.refused()).toEqual([401, 'ERR_LIVEDREAM_UNAUTHORIZED']);
  expect(await service.refused({}, ['livedream.v1', bearer(`${TOKEN}x`)])).toEqual([401, 'ERR_LIVEDREAM_UNAUTHORIZED']);
  const wrong = { headers: { authorization: 'Bearer nonsense' } };
  expect(await service.refused(wrong, right)).toEqual([401, 'ERR_LIVEDREAM_UNAUTHORIZED']);
  expect(await service.refused({}, ['livedream.v2', bearer(TOKEN)])).toEqual([400, 'ERR_LIVEDREAM_MESSAGE_UNREADABLE']);
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', 'https://camera.example.evil'])
    expect(await service.refused({ origin }, right)).toEqual([403, 'ERR_LIVEDREAM_ORIGIN_REFUSED']);
  const plain = await fetch(service.url.replace('ws:', 'http:'));
  expect([plain.status, ((await plain.json()) as { code: string }).code]).toEqual([
    426,
    'ERR_LIVEDREAM_UPGRADE_REQUIRED',
  ]);
  const log = service.lines.join('');
  expect(log).toContain('/v1/live');
  for (const secret of [TOKEN, bearer(TOKEN), 'nonsense']) expect(log).not.toContain(secret);
});

test('who is let in comes by header or subprotocol, and from the host’s own pages or allowed ones', async () => {
  service = await LiveService.of(dreamer, { token: TOKEN, origins: 'https://camera.example' });
  const own = service.url.replace('ws:', 'http:').replace('/v1/live', '');
  const header = { headers: { authorization: `Bearer ${TOKEN}` } };
  for (const origin of [own, 'https://camera.example']) {
    const talk = await service.greeted({ origin }, [bearer(TOKEN), 'livedream.v1']);
    expect(talk.socket.protocol).toBe('livedream.v1');
  }
  await service.greeted(header);
});

test.each<[string, string | object, string, RegExp]>([
  ['no JSON', '{', 'ERR_LIVEDREAM_MESSAGE_UNREADABLE', /no JSON/],
  ['a list', '[]', 'ERR_LIVEDREAM_MESSAGE_UNREADABLE', /no JSON object/],
  ['null', 'null', 'ERR_LIVEDREAM_MESSAGE_UNREADABLE', /no JSON object/],
  ['no type', {}, 'ERR_LIVEDREAM_MESSAGE_UNREADABLE', /'options' or 'ping'/],
  ['an unknown type', { type: 'shutdown' }, 'ERR_LIVEDREAM_MESSAGE_UNREADABLE', /'options' or 'ping'/],
  ['a ping with an object', { type: 'ping', id: {} }, 'ERR_LIVEDREAM_OPTION_TYPE', /'id'/],
  ['options that are none', { type: 'options', options: [1] }, 'ERR_LIVEDREAM_OPTION_TYPE', /'options'/],
  ['text for a number', { type: 'options', options: { octaves: '2' } }, 'ERR_LIVEDREAM_OPTION_TYPE', /octaves/],
  ['a huge number', { type: 'options', options: { octaves: 1e308 } }, 'ERR_LIVEDREAM_OPTION_RANGE', /octaves/],
  ['more octaves than the limit', { type: 'options', options: { octaves: 11 } }, 'ERR_LIVEDREAM_OPTION_RANGE', /10/],
  [
    'more iterations than the limit',
    { type: 'options', options: { iterations: 101 } },
    'ERR_LIVEDREAM_OPTION_RANGE',
    /100/,
  ],
  ['an option of code', { type: 'options', options: { depth: 'float32' } }, 'ERR_LIVEDREAM_OPTION_RANGE', /depth/],
  ['tiles of its own', { type: 'options', options: { tileSize: 33 } }, 'ERR_LIVEDREAM_OPTION_RANGE', /tileSize/],
  ['a prototype', '{"type":"options","options":{"__proto__":{"x":1}}}', 'ERR_LIVEDREAM_OPTION_RANGE', /__proto__/],
  ['an unknown filter', { type: 'options', options: { filter: 'none' } }, 'ERR_LIVEDREAM_FILTER_UNKNOWN', /none/],
  ['a path for a layer', { type: 'options', options: { layer: '../../etc' } }, 'ERR_LIVEDREAM_LAYER_UNKNOWN', /etc/],
  [
    'a channel too high',
    { type: 'options', options: { layer: 'mixed3a', channel: 99_999 } },
    'ERR_LIVEDREAM_CHANNEL_RANGE',
    /channel/,
  ],
  ['a format of code', { type: 'options', format: 'tiff' }, 'ERR_LIVEDREAM_OPTION_RANGE', /format/],
  ['no quality', { type: 'options', quality: 0 }, 'ERR_LIVEDREAM_OPTION_RANGE', /quality/],
  ['no size', { type: 'options', size: -5 }, 'ERR_LIVEDREAM_OPTION_RANGE', /size/],
])('%s is an error that changes nothing', async (_what, said, code, message) => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.socket.send(typeof said === 'string' ? said : JSON.stringify(said));
  expect(await talk.word('error')).toEqual({ type: 'error', code, message: expect.stringMatching(message) });
  talk.say({ type: 'options', options: OPTIONS });
  const [ready] = talk.words;
  const before = (ready as { options: object }).options;
  expect((await talk.word('options'))['options']).toEqual({ ...before, ...OPTIONS });
});

async function bomb(): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 6000, height: 5000, channels: 3, background: 'black' } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9 })
    .toBuffer();
  expect(bytes.length).toBeLessThan(100_000);
  return bytes;
}

test('frames that cannot be dreamed are errors, and the next one is dreamed', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.say({ type: 'options', options: OPTIONS });
  await talk.word('options');
  const { steps } = dreamer.statistics();
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>');
  const bad: [Buffer, string][] = [
    [Buffer.from('hello'), 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
    [Buffer.alloc(0), 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
    [svg, 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
    [picture.subarray(0, picture.length / 2), 'ERR_LIVEDREAM_IMAGE_UNREADABLE'],
    [await bomb(), 'ERR_LIVEDREAM_IMAGE_TOO_LARGE'],
  ];
  for (const [index, [bytes, code]] of bad.entries()) {
    talk.socket.send(bytes);
    expect((await talk.word('error', index))['code']).toBe(code);
  }
  expect(dreamer.statistics().steps).toBe(steps);
  talk.socket.send(picture);
  expect((await talk.frame(1)).head).toMatchObject({ number: 1, received: bad.length + 1 });
});

test('a frame before any options is dreamed by the preset', async () => {
  service = await LiveService.of(dreamer);
  const talk = service.talk();
  talk.socket.once('open', () => talk.socket.send(picture));
  expect((await talk.frame(1)).head).toMatchObject({ received: 1, format: 'jpeg' });
});

test('a dream that fails for its options is an error, and others follow', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.say({ type: 'options', options: { ...OPTIONS, octaves: 10, octaveScale: 4 } });
  talk.socket.send(picture);
  expect((await talk.word('error'))['code']).toBe('ERR_LIVEDREAM_IMAGE_TOO_SMALL');
  talk.say({ type: 'options', options: { octaves: 1 } });
  talk.socket.send(picture);
  await talk.frame(1);
});

/** Sends until the socket is closed, and says how. */
async function flooded(talk: Talk, send: (socket: WebSocket) => void): Promise<[number, string]> {
  while (!talk.closed) {
    send(talk.socket);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [talk.closed.code, talk.closed.reason];
}

test('floods are shut out with a reason: messages, bytes, pings, faults', async () => {
  service = await LiveService.of(dreamer, { liveMessages: 50, liveBytes: 100_000, liveFrameLimit: 50_000 });
  const ping = JSON.stringify({ type: 'ping' });
  const of = async (send: (socket: WebSocket) => void) => flooded(await service.greeted(), send);
  expect(await of((socket) => socket.send(ping))).toEqual([1008, 'More than 50 messages a second.']);
  expect(await of((socket) => socket.ping())).toEqual([1008, 'More than 50 messages a second.']);
  expect(await of((socket) => socket.send(Buffer.alloc(40_000)))).toEqual([1008, 'More than 100000 bytes a second.']);
  expect(await of((socket) => socket.send('{'))).toEqual([
    1008,
    'Too many faults, the last of them ERR_LIVEDREAM_MESSAGE_UNREADABLE.',
  ]);
});

test('what is too large closes the socket', async () => {
  service = await LiveService.of(dreamer, { liveFrameLimit: 10_000 });
  const sent = async (data: string | Buffer) => {
    const talk = await service.greeted();
    talk.socket.send(data);
    return talk.end();
  };
  expect(await sent(Buffer.alloc(10_001))).toEqual({
    code: 1009,
    reason: 'A frame of 10001 bytes; at most 10000 are taken.',
  });
  expect((await sent(Buffer.alloc(20_001))).code).toBe(1009);
  expect(await sent('x'.repeat(16_385))).toMatchObject({ code: 1009, reason: expect.stringContaining('16384') });
});

test('more clients than there are places are told to come again, and a place that is left can be had', async () => {
  service = await LiveService.of(dreamer, { liveLimit: 1 });
  const first = await service.greeted();
  expect(await service.talk().end()).toEqual({
    code: 1013,
    reason: 'All 1 places are taken. Try again in 10 s.',
  });
  first.socket.close();
  await first.end();
  await service.greeted();
});

test('who is silent, or does not answer pings, loses the place', async () => {
  service = await LiveService.of(dreamer, { liveIdle: 0.1 });
  expect(await (await service.greeted()).end()).toEqual({ code: 1008, reason: 'Nothing came for 0.1 s.' });
  await service.close();
  service = await LiveService.of(dreamer, { livePing: 0.1 });
  const deaf = await service.greeted({ autoPong: false });
  expect(await deaf.end()).toEqual({ code: 1008, reason: 'A ping was not answered within 0.1 s.' });
});

test('a slow reader has frames dropped and not queued, and the newest as soon as it reads', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted({ autoPong: false });
  const pings: Buffer[] = [];
  talk.socket.on('ping', (data) => void pings.push(data));
  talk.say({ type: 'options', options: OPTIONS });
  await talk.word('options');
  let sent = 0;
  const send = () => {
    sent += 1;
    talk.socket.send(picture);
  };
  // What is not answered is as good as not read.
  for (let frame = 1; frame <= 3; frame += 1) {
    send();
    await talk.frame(frame);
  }
  const { steps } = dreamer.statistics();
  for (let more = 0; more < 20; more += 1) send();
  talk.say({ type: 'ping', id: 1 });
  await talk.word('pong');
  expect([talk.frames.length, dreamer.statistics().steps]).toEqual([3, steps]);
  talk.socket.pong(pings.at(-1));
  expect((await talk.frame(4)).head).toMatchObject({ number: 4, received: sent, dropped: 19 });
});

test('a client whose sizes change all the time is held back', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.say({ type: 'options', options: OPTIONS });
  await talk.word('options');
  const wild = (count: number) => ({ ...OPTIONS, octaveScale: 1.1 + count / 10, normalize: 'none' });
  for (let count = 0; !talk.words.some(({ type }) => type === 'error'); count += 1) {
    expect(count).toBeLessThan(40);
    talk.say({ type: 'options', options: wild(count % 29), size: count < 29 ? 64 : 96 });
    const before = talk.frames.length;
    talk.socket.send(picture);
    await talk.until(() => talk.frames.length > before || talk.words.some(({ type }) => type === 'error'));
  }
  expect(await talk.word('error')).toMatchObject({ code: 'ERR_LIVEDREAM_LIVE_CHANGES' });
});

test.each(['/nothing', '/healthz'])('an upgrade of %s is answered, and its connection closed', async (address) => {
  service = await LiveService.of(dreamer);
  const { port, hostname } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  const [answer, closed] = [once(socket, 'data'), once(socket, 'close')];
  socket.write(
    `GET ${address} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  expect(String((await answer)[0])).toMatch(/^HTTP\/1.1 [24]0/);
  await closed;
});

test('nothing that was logged holds picture data', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.socket.send(picture.subarray(0, 300));
  await talk.word('error');
  talk.socket.close();
  await talk.end();
  await expect.poll(() => service.lines.join('')).toContain('a live client left');
  const log = service.lines.join('');
  for (const encoding of ['base64', 'hex', 'latin1'] as const)
    expect(log).not.toContain(picture.subarray(0, 300).toString(encoding).slice(40, 60));
});
