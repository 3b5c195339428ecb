// npm run bench:linear: whether a dream costs what its pixels cost. Milliseconds of a default dream from 0.05 to 8 megapixels with
// what a straight line misses, the whole dream over the sum of its steps, and the memory of a pixel of a tile batch. Prints JSON.
// node tools/bench-linear.mjs [--model inception5h|FILE|NAME] [--megapixels 0.05,0.1,...] [--rounds 3] [--only time|memory]
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Dreamer } from '../dist/esm/index.js';
import { cutInTiles } from '../dist/esm/plan/tiles.js';
import { median } from './bench/engine.mjs';
import { hasInception5h, inception5h } from './bench-network.mjs';
import { relativeLine } from './line.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: hasInception5h ? 'inception5h' : 'dream' },
    megapixels: { type: 'string', default: '0.05,0.1,0.2,0.4,0.8,1.5,3,8' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'time,memory' },
    // A process of its own for each measurement of memory: a high-water mark never falls.
    peak: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const ITERATIONS = 10; // a default dream's
const TILE_SIZE = 512;

const model = () => (values.model === 'inception5h' ? inception5h() : values.model);
const rounded = (value, digits = 2) => Number(value.toFixed(digits));

/** 4:3, as photographs are. */
function sizeOf(megapixels) {
  const side = Math.sqrt((megapixels * 1e6) / 12);
  return { width: Math.round(4 * side), height: Math.round(3 * side) };
}

function pictureOf({ width, height }) {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => ((i * 2654435761) >>> 8) % 256);
  return { data, width, height, channels: 3 };
}

const options = { octaves: 4, tileSize: TILE_SIZE, normalize: 'none' };

/** One tile, and quick: what is timed is told in times of it, as it is before and after, so that a busy machine counts less. */
const YARDSTICK = { width: 400, height: 300 };

async function times(sizes) {
  const dreamer = await Dreamer.load({ model: model(), device: 'cpu', memoryLimit: 2 ** 34 });
  const timed = async (size, iterations, octaves = options.octaves) => {
    const cpu = process.cpuUsage();
    const { timings } = await dreamer.dream(pictureOf(size), { ...options, octaves, iterations });
    const { user, system } = process.cpuUsage(cpu);
    const { steps, total, compile } = timings;
    return { step: steps / iterations, transfer: total - steps - compile, cpu: (user + system) / 1000 / iterations };
  };
  const yardstick = async () => timed(YARDSTICK, 4, 1);
  await yardstick();
  const found = sizes.map(() => ({ step: [], cpu: [], ratio: [] }));
  const yards = [];
  // What is compiled first is not timed; sizes take turns.
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, size] of sizes.entries()) {
      // A step costs the same in every iteration; large pictures take few.
      const iterations =
        round < 0 ? 1 : Math.max(1, Math.min(ITERATIONS, Math.round(1e6 / (size.width * size.height))));
      const before = await yardstick();
      const { step, transfer, cpu } = await timed(size, iterations);
      const after = await yardstick();
      if (round < 0) continue;
      const yard = (before.step + after.step) / 2;
      yards.push(yard);
      found[index].step.push(step / yard);
      found[index].cpu.push((2 * cpu) / (before.cpu + after.cpu));
      found[index].ratio.push((ITERATIONS * step + transfer) / (ITERATIONS * step));
      console.error(
        `round ${round + 1}: ${size.width} x ${size.height}, ${iterations} x 4 steps, ${step.toFixed(0)} ms`,
      );
    }
  }
  await dreamer.dispose();
  const yard = median(yards);
  return sizes.map(({ width, height }, index) => {
    const wholeOverSteps = median(found[index].ratio);
    const dream = (of) => ITERATIONS * wholeOverSteps * yard * median(found[index][of]);
    const megapixels = rounded((width * height) / 1e6, 3);
    return {
      width,
      height,
      megapixels,
      dreamMs: rounded(dream('step'), 0),
      byCpuMs: rounded(dream('cpu'), 0),
      wholeOverSteps: rounded(wholeOverSteps, 4),
    };
  });
}

function fitted(points, of) {
  const line = relativeLine(points.map((point) => [point.megapixels, point[of]]));
  const residuals = line.residuals.map((each) => rounded(each, 4));
  const worst = Math.max(...residuals.map(Math.abs));
  return { msPerMegapixel: rounded(line.slope, 0), constantMs: rounded(line.offset, 0), worst, residuals };
}

function highWater() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kibibytes) * 1024;
}

/** Of one dream in one octave, above what the process had after one of a small picture. */
async function peak({ width, height, tileSize, batch }) {
  const dreamer = await Dreamer.load({ model: model(), device: 'cpu', memoryLimit: 2 ** 34 });
  const picture = pictureOf({ width, height });
  await dreamer.dream(pictureOf({ width: 96, height: 96 }), { ...options, octaves: 1, iterations: 1 });
  const before = process.memoryUsage.rss();
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
  await dreamer.dream(picture, { ...options, octaves: 1, iterations: 3, tileSize, batch });
  await dreamer.dispose();
  return highWater() - before;
}

/**
 * One picture in batches of one tile and of several, and pictures of several sizes in single tiles. Where the tiles are small, the
 * picture's own copies need more than they do, and nothing is learnt of them.
 */
const CUTS = [
  ...[1, 3, 9].map((batch) => ({ width: 1536, height: 1536, tileSize: 512, batch })),
  ...[1024, 2048, 2816].map((side) => ({ width: side, height: side, tileSize: 512, batch: 1 })),
];

function memory() {
  const points = CUTS.map((cut) => {
    const given = [import.meta.filename, '--model', values.model, '--peak', JSON.stringify(cut)];
    const bytes = Number(
      execFileSync(process.execPath, given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    const { tileWidth, tileHeight, batch } = cutInTiles(cut, cut);
    const point = { ...cut, batchPixels: batch * tileWidth * tileHeight, mebibytes: rounded(bytes / 2 ** 20, 1) };
    console.error(JSON.stringify(point));
    return point;
  });
  const slope = (of, chosen) =>
    Math.round(2 ** 20 * relativeLine(chosen.map((point) => [of(point), point.mebibytes])).slope);
  const onePicture = points.filter(({ width }) => width === 1536);
  const oneTile = points.filter(({ batch }) => batch === 1);
  return {
    bytesPerPixelOfTileBatch: slope(({ batchPixels }) => batchPixels, onePicture),
    bytesPerPixelOfPicture: slope(({ width, height }) => width * height, oneTile),
    points,
  };
}

if (values.peak !== undefined) {
  console.log(await peak(JSON.parse(values.peak)));
} else {
  const results = { model: values.model, rounds };
  if (values.only.includes('time')) {
    const points = await times(values.megapixels.split(',').map((megapixels) => sizeOf(Number(megapixels))));
    results.wall = fitted(points, 'dreamMs');
    results.processor = fitted(points, 'byCpuMs');
    results.worstWholeOverSteps = Math.max(...points.map(({ wholeOverSteps }) => wholeOverSteps));
    results.time = points;
  }
  if (values.only.includes('memory')) results.memory = memory();
  console.log(JSON.stringify(results, undefined, 2));
}
