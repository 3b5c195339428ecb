// npm run bench:streams: frames/s of a live stream with the package's network, and what its frames' own stage times say goes into
// anything but the dream's steps.
// node tools/bench-streams.mjs [--sizes 320x240,480x360] [--frames 60] [--rounds 3] [--preset live]
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { Dreamer } from '../dist/esm/index.js';
import { median } from './bench/engine.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '320x240,480x360' },
    frames: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '3' },
    preset: { type: 'string', default: 'live' },
    image: { type: 'string', default: 'docs/images/sample.jpg' },
  },
});
const [frames, rounds] = [Number(values.frames), Number(values.rounds)];

/** A picture panned by whole pixels, there and back. */
async function panned(width, height) {
  const reach = 24;
  const world = await sharp(values.image)
    .resize(width + 2 * reach, height + reach, { fit: 'cover' })
    .toBuffer();
  const views = await Promise.all(
    Array.from({ length: reach }, (_, i) =>
      sharp(world)
        .extract({ left: 2 * i, top: i >> 1, width, height })
        .removeAlpha()
        .raw()
        .toBuffer(),
    ),
  );
  return function* film() {
    for (let i = 0; i < frames; i += 1)
      yield { data: views[Math.abs((i % (2 * reach - 2)) - (reach - 1))], width, height, channels: 3 };
  };
}

const dreamer = await Dreamer.load();
for (const size of values.sizes.split(',')) {
  const [width, height] = size.split('x').map(Number);
  const film = await panned(width, height);
  await dreamer.warmUpStream({ width, height }, { preset: values.preset });
  const all = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    const stages = [];
    for await (const { stages: stage, timings } of dreamer.stream(film(), { preset: values.preset }))
      stages.push({ ...stage, steps: timings.steps, decode: timings.decode, transfer: timings.transfer });
    const of = (name) => median(stages.slice(5).map((each) => each[name]));
    const whole = (each) => each.dream + each.decode;
    all.push({
      framesPerSecond: (1000 * frames) / (performance.now() - start),
      steps: of('steps'),
      flow: of('flow'),
      settle: of('settle'),
      transfer: of('transfer'),
      decode: of('decode'),
      overhead: median(stages.slice(5).map((each) => (whole(each) - each.steps) / whole(each))),
    });
    console.error(`${size}, round ${round + 1}: ${all.at(-1).framesPerSecond.toFixed(2)} frames/s`);
  }
  const middle = (name) => Number(median(all.map((each) => each[name])).toFixed(3));
  const names = ['framesPerSecond', 'steps', 'flow', 'settle', 'transfer', 'decode', 'overhead'];
  console.log(
    JSON.stringify({ size, preset: values.preset, ...Object.fromEntries(names.map((name) => [name, middle(name)])) }),
  );
}
await dreamer.dispose();
