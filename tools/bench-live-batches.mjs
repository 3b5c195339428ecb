// Whether frames of several streams at a time are faster side by side or one after another: what the live socket rests on.
// node tools/bench-live-batches.mjs [--sizes 160x120,320x240] [--clients 2,4] [--frames 16] [--rounds 5]
// Streams of the preset 'live', each of a panned picture, with and without `together`, in turns.
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { Dreamer } from '../dist/esm/index.js';
import { median } from './bench/engine.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '160x120,240x180,320x240,480x360' },
    clients: { type: 'string', default: '2,4,8' },
    frames: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '5' },
    image: { type: 'string', default: 'docs/images/sample.jpg' },
  },
});
const count = Number(values.frames);

async function film(width, height) {
  const world = sharp(values.image).resize(width + 2 * count, height + 2 * count, { fit: 'fill' });
  const bytes = await world.removeAlpha().png().toBuffer();
  const at = (index) =>
    sharp(bytes)
      .extract({ left: 2 * index, top: index, width, height })
      .raw()
      .toBuffer();
  const views = await Promise.all(Array.from({ length: count }, (_, index) => at(index)));
  return views.map((data) => ({ data, width, height, channels: 3 }));
}

/** Frames a second of all streams, and how long a frame takes in the middle. */
async function timed(dreamer, frames, clients, together) {
  const start = performance.now();
  const taken = [];
  const one = async () => {
    for await (const { stages } of dreamer.stream(frames, { preset: 'live', together })) taken.push(stages.dream);
  };
  await Promise.all(Array.from({ length: clients }, one));
  return { rate: (1000 * clients * frames.length) / (performance.now() - start), latency: median(taken) };
}

const dreamer = await Dreamer.load();
for (const size of values.sizes.split(',')) {
  const frames = await film(...size.split('x').map(Number));
  for (const clients of values.clients.split(',').map(Number)) {
    const found = { false: [], true: [] };
    // The first round builds programs.
    for (let round = -1; round < Number(values.rounds); round += 1)
      for (const together of [false, true]) {
        const each = await timed(dreamer, frames, clients, together);
        if (round >= 0) found[together].push(each);
      }
    const middle = (together, what) => Number(median(found[together].map((each) => each[what])).toFixed(2));
    const ratio = median(found.true.map(({ rate }, round) => rate / found.false[round].rate));
    const of = (together) => ({ framesPerSecond: middle(together, 'rate'), latency: middle(together, 'latency') });
    console.log(
      JSON.stringify({ size, clients, inTurn: of(false), together: of(true), ratio: Number(ratio.toFixed(2)) }),
    );
  }
}
await dreamer.dispose();
