// Whether frames of several live clients are faster as one batch or one after another: what lib/service/turns.ts rests on.
// node tools/bench-live-batches.mjs [--sizes 160x120,320x240] [--clients 2,4] [--rounds 7]
// Frames as the preset 'live' dreams them (2 octaves of 2 iterations), in turns: alone, then side by side. Motion, carrying and settling,
// which are no part of a batch, are left out on both sides.
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { Dreamer } from '../dist/esm/index.js';
import { median } from './bench/engine.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '160x120,240x180,320x240,480x360' },
    clients: { type: 'string', default: '2,4,8' },
    rounds: { type: 'string', default: '7' },
    image: { type: 'string', default: 'docs/images/sample.jpg' },
  },
});

async function frame(width, height) {
  const data = await sharp(values.image).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  return { data, width, height, channels: 3 };
}

const OPTIONS = { octaves: 2, iterations: 2 };

/** One after another, with the next always at hand. */
const inTurn = (dreamer, frames) => Promise.all(frames.map((each) => dreamer.dream(each, OPTIONS)));

async function sideBySide(dreamer, frames) {
  for await (const { error } of dreamer.dreamAll(frames, { ...OPTIONS, batch: frames.length })) if (error) throw error;
}

/** Milliseconds a frame. */
async function timed(way, dreamer, frames) {
  const start = performance.now();
  await way(dreamer, frames);
  return (performance.now() - start) / frames.length;
}

const dreamer = await Dreamer.load();
for (const size of values.sizes.split(',')) {
  const [width, height] = size.split('x').map(Number);
  for (const clients of values.clients.split(',').map(Number)) {
    const frames = Array(clients).fill(await frame(width, height));
    const times = { turns: [], batch: [] };
    // The first round compiles.
    for (let round = -1; round < Number(values.rounds); round += 1) {
      const each = { turns: await timed(inTurn, dreamer, frames), batch: await timed(sideBySide, dreamer, frames) };
      if (round >= 0) for (const way of Object.keys(each)) times[way].push(each[way]);
    }
    const of = (pick) => ({ turns: pick(times.turns), batch: pick(times.batch) });
    console.log(JSON.stringify({ size, clients, median: of(median), least: of((all) => Math.min(...all)) }));
  }
}
await dreamer.dispose();
