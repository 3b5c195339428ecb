// Streams: with changes of options, left in the middle, cancelled, with frames that are none, as Node's and the web's streams.
import { Readable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { expect } from '../judge.mjs';

const MAY = ['QUEUE_FULL', 'ABORTED'];
const LAYERS = ['mixed3a', 'mixed3b'];
const options = (chance) => ({
  ...{
    octaves: chance.whole(1, 2),
    iterations: chance.whole(1, 2),
    octaveScale: 1.3,
    layer: chance.pick(LAYERS),
    channel: 3,
  },
  ...(chance.happens(0.3) ? { targetFps: chance.whole(2, 60) } : {}),
  ...{ dropLate: chance.happens(0.3), together: chance.happens(0.3), coherence: chance.happens(0.8) },
});
const CHANGES = [
  { blend: 0.5 },
  { iterations: 1 },
  { step: 3 },
  { layer: 'mixed3b', channel: 5 },
  { coherence: false },
  { size: 48 },
];

/** What a camera that is moved over a picture sees, here and there with options of its own. */
async function* frames(chance, { raw }, count, wrong) {
  const [width, height] = [raw.width - 8, raw.height - 8];
  for (let at = 0; at < count; at += 1) {
    if (chance.happens(0.3)) await after(chance.whole(0, 15));
    const [left, top] = [at % 8, (at >> 1) % 8];
    const data = new Uint8Array(3 * width * height);
    for (let row = 0; row < height; row += 1) {
      const from = 3 * ((row + top) * raw.width + left);
      data.set(raw.data.subarray(from, from + 3 * width), 3 * row * width);
    }
    const picture = at === wrong ? chance.bytes(40) : { data, width, height, channels: 3 };
    yield chance.happens(0.15) ? { picture, options: chance.pick(CHANGES), tag: at } : picture;
  }
}

const checkFrame = (frame) => {
  expect(frame.data.length === 3 * frame.width * frame.height, 'a frame that is not of its size');
  expect(frame.confidence >= 0 && frame.confidence <= 1, `a confidence of ${frame.confidence}`);
};

export async function stream({ chance, home }) {
  const place = chance.pick([home.place('small'), home.place('small'), home.place('narrow')]);
  const each = chance.pick(place.cases);
  const count = chance.whole(1, 12);
  const controller = new AbortController();
  if (chance.happens(0.2)) setTimeout(() => controller.abort(), chance.whole(0, 300));
  const wrong = chance.happens(0.15) ? chance.whole(0, count - 1) : -1;
  const leave = chance.happens(0.3) ? chance.whole(0, count - 1) : count;
  return place.use(
    async (dreamer) => {
      let taken = 0;
      let checkpoint;
      const given = options(chance);
      const running = dreamer.stream(frames(chance, each, count, wrong), { ...given, signal: controller.signal });
      for await (const frame of running) {
        checkFrame(frame);
        if (taken === leave) break;
        if (chance.happens(0.2)) running.change(chance.pick(CHANGES));
        if (chance.happens(0.1)) checkpoint = await frame.checkpoint();
        taken += 1;
      }
      if (checkpoint === undefined) return;
      for await (const frame of dreamer.stream(frames(chance, each, 2, -1), { ...given, from: checkpoint }))
        checkFrame(frame);
    },
    { may: [...MAY, ...(wrong >= 0 ? ['IMAGE_UNREADABLE'] : [])] },
  );
}

/** As a Node stream, which may be destroyed before its end. */
export async function nodeStream({ chance, home }) {
  const place = home.place('small');
  const each = chance.pick(place.cases);
  const count = chance.whole(1, 6);
  const leave = chance.happens(0.4) ? chance.whole(0, count - 1) : count;
  return place.use(
    async (dreamer) => {
      const source = Readable.from(frames(chance, each, count, -1));
      const dreaming = dreamer.streamTransform({ layer: 'mixed3a', octaves: 1, iterations: 1 });
      let taken = 0;
      for await (const frame of source.pipe(dreaming)) {
        checkFrame(frame);
        if (taken === leave) break;
        taken += 1;
      }
      source.destroy();
    },
    { may: MAY },
  );
}

/** As web streams, whose reader may cancel. */
export async function webStream({ chance, home }) {
  const place = home.place('small');
  const each = chance.pick(place.cases);
  const count = chance.whole(1, 6);
  const leave = chance.happens(0.4) ? chance.whole(0, count - 1) : count;
  return place.use(
    async (dreamer) => {
      const { readable, writable } = dreamer.webStreamTransform({ layer: 'mixed3a', octaves: 1, iterations: 1 });
      const piped = ReadableStream.from(frames(chance, each, count, -1)).pipeTo(writable);
      // Where the reader leaves, the writer is told so.
      piped.catch(() => undefined);
      let taken = 0;
      for await (const frame of readable) {
        checkFrame(frame);
        if (taken === leave) break;
        taken += 1;
      }
    },
    { may: MAY },
  );
}
