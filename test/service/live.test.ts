import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { jpeg, LiveService } from './live-support.js';

const OPTIONS = { layer: 'mixed3b', octaves: 1, iterations: 1 } as const;

let dreamer: Dreamer;
let service: LiveService;
let picture: Buffer;

beforeAll(async () => {
  dreamer = await smallDreamer();
  picture = await jpeg();
});
afterEach(() => service.close());
afterAll(() => dreamer.dispose());

test('frames come back dreamed, each with its words, at the options in force', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  const [ready] = talk.words;
  expect(talk.socket.protocol).toBe('livedream.v1');
  expect(ready).toMatchObject({ model: dreamer.model, format: 'jpeg', quality: 80, size: 320 });
  expect(ready).toMatchObject({ options: { octaves: 2, iterations: 2, strength: 4, blend: 0.9, coherence: true } });
  expect(ready).toMatchObject({ limits: { size: 480, octaves: 10, iterations: 100, messages: 120 } });
  talk.say({ type: 'options', options: { ...OPTIONS, step: 2 }, format: 'png' });
  expect(await talk.word('options')).toMatchObject({ options: { ...OPTIONS, step: 2, strength: 4 }, format: 'png' });
  talk.socket.send(picture);
  const { head, picture: dreamed } = await talk.frame(1);
  expect(head).toMatchObject({ type: 'frame', number: 1, received: 1, width: 96, height: 72, dropped: 0 });
  expect(head).toMatchObject({ format: 'png', latencyMs: expect.any(Number) });
  expect(Object.keys(head['stages'] as object)).toEqual(expect.arrayContaining(['wait', 'decode', 'steps', 'encode']));
  const alone = await dreamer.dream(picture, { ...OPTIONS, step: 2 });
  const pixels = await sharp(dreamed).raw().toBuffer();
  const difference = pixels.reduce((sum, value, at) => sum + Math.abs(value - (alone.data[at] as number)), 0);
  expect(difference / pixels.length).toBeLessThan(0.01);
});

test('options stay until others are said, and null takes them back', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.say({ type: 'options', options: { ...OPTIONS, octaveScale: 1.53 }, format: 'webp', quality: 30 });
  talk.socket.send(picture);
  const first = await talk.frame(1);
  expect((await sharp(first.picture).metadata()).format).toBe('webp');
  talk.say({ type: 'options', options: { blend: 0.5, targetFps: 20 } });
  expect(await talk.word('options', 1)).toMatchObject({
    options: { ...OPTIONS, octaveScale: 1.5, blend: 0.5, targetFps: 20 },
    ...{ format: 'webp', quality: 30 },
  });
  talk.socket.send(picture);
  await talk.frame(2);
  talk.say({ type: 'options', options: { blend: null, targetFps: null, channel: 3, layer: 'mixed3a' } });
  const { options } = (await talk.word('options', 2)) as { options: object };
  expect(options).toMatchObject({ blend: 0.9, channel: 3, layer: 'mixed3a', octaves: 1 });
  expect(options).not.toHaveProperty('targetFps');
  talk.socket.send(picture);
  expect((await talk.frame(3)).head).toMatchObject({ received: 3, number: 3, dropped: 0 });
  expect(talk.words.filter(({ type }) => type === 'error')).toEqual([]);
});

test('the newest frame wins, and all are counted', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.say({ type: 'options', options: OPTIONS });
  await talk.word('options');
  for (let sent = 0; sent < 40; sent += 1) talk.socket.send(picture);
  await talk.until(() => talk.frames.some(({ head }) => head['received'] === 40));
  const last = talk.frames.at(-1)?.head as { number: number; dropped: number };
  expect(last.number).toBeLessThan(40);
  expect(last.number + last.dropped).toBe(40);
});

test('a ping has its pong', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.say({ type: 'ping', id: 7 });
  expect(await talk.word('pong')).toEqual({ type: 'pong', id: 7 });
});

test('frames of many sizes are dreamed at few, and go back in their own proportions', async () => {
  service = await LiveService.of(dreamer, { liveSize: 96 });
  const talk = await service.greeted();
  talk.say({ type: 'options', options: OPTIONS, size: 100 });
  await talk.word('options');
  talk.socket.send(await jpeg(96, 72));
  await talk.frame(1);
  const { programsBuilt } = dreamer.statistics();
  let frame = 1;
  for (const [width, height] of [
    [97, 73],
    [120, 90],
    [200, 149],
    [300, 230],
  ] as const) {
    talk.socket.send(await jpeg(width, height));
    frame += 1;
    const { head } = await talk.frame(frame);
    expect(head['width']).toBe(96);
    expect(Math.abs((head['height'] as number) - (96 * height) / width)).toBeLessThanOrEqual(1);
  }
  expect(dreamer.statistics().programsBuilt).toBe(programsBuilt);
});

test('several clients are served in turn, whoever sends most', async () => {
  service = await LiveService.of(dreamer);
  const [busy, calm] = [await service.greeted(), await service.greeted()];
  for (const talk of [busy, calm]) {
    talk.say({ type: 'options', options: OPTIONS });
    await talk.word('options');
  }
  // Two for each that comes back: one always waits.
  busy.socket.on('message', (_, binary) => {
    if (binary) for (const each of [picture, picture]) busy.socket.send(each);
  });
  busy.socket.send(picture);
  await busy.frame(2);
  for (let frame = 1; frame <= 5; frame += 1) {
    const before = busy.frames.length;
    calm.socket.send(picture);
    await calm.frame(frame);
    expect(busy.frames.length - before).toBeLessThanOrEqual(6);
  }
  expect(busy.frames.length).toBeGreaterThan(5);
});

/** Resolves when the next stream has been given a frame to dream. */
function begun(): Promise<void> {
  const stream = dreamer.stream.bind(dreamer);
  return new Promise((resolve) => {
    dreamer.stream = (frames, options) => {
      dreamer.stream = stream;
      async function* watched(): AsyncGenerator {
        for await (const frame of frames) {
          setImmediate(resolve);
          yield frame;
        }
      }
      return stream(watched() as typeof frames, options);
    };
  });
}

test('clients of one size and layer are dreamed side by side', async () => {
  service = await LiveService.of(dreamer);
  const talks = await Promise.all([1, 2, 3, 4].map(() => service.greeted()));
  for (const [channel, talk] of talks.entries()) {
    talk.say({ type: 'options', options: { layer: 'mixed3a', channel, octaves: 1, iterations: 3 } });
    await talk.word('options');
  }
  // The second is carried, which takes programs of its own.
  for (const number of [1, 2]) {
    talks[0]?.socket.send(picture);
    await talks[0]?.frame(number);
  }
  const { programsBuilt } = dreamer.statistics();
  for (const { socket } of talks) {
    socket.on('message', (_, binary) => {
      if (binary) socket.send(picture);
    });
    for (const each of [picture, picture]) socket.send(each);
  }
  // One client's programs are there; more are those of batches.
  await expect.poll(() => dreamer.statistics().programsBuilt, { timeout: 20_000 }).toBeGreaterThan(programsBuilt);
  for (const talk of talks) await talk.frame(5);
  expect(talks.flatMap(({ words }) => words.filter(({ type }) => type === 'error'))).toEqual([]);
});

test('a client that leaves in the middle of a dream frees its place and the device at once', async () => {
  service = await LiveService.of(dreamer, { iterationLimit: 10_000, liveLimit: 1 });
  const leaving = await service.greeted();
  leaving.say({ type: 'options', options: { ...OPTIONS, iterations: 10_000 } });
  const dreaming = begun();
  leaving.socket.send(picture);
  await dreaming;
  const { steps } = dreamer.statistics();
  leaving.socket.terminate();
  let next = service.talk();
  while (!(await next.word('ready').catch(() => undefined))) next = service.talk();
  next.say({ type: 'options', options: OPTIONS });
  next.socket.send(picture);
  await next.frame(1);
  expect(dreamer.statistics().steps - steps).toBeLessThan(9000);
});

test('a service that stops says so', async () => {
  service = await LiveService.of(dreamer);
  const talk = await service.greeted();
  talk.say({ type: 'options', options: OPTIONS });
  talk.socket.send(picture);
  await talk.frame(1);
  const [end] = await Promise.all([talk.end(), service.app.close()]);
  expect(end).toEqual({ code: 1001, reason: 'The service stops.' });
});
