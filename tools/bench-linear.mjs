// npm run bench:linear: whether a dream costs what its pixels cost. Milliseconds of a default dream from 0.05 to 8 megapixels with
// what a straight line misses, the whole dream over the sum of its steps, and the memory of a pixel of a tile batch. Prints JSON.
// node tools/bench-linear.mjs [--model inception5h|FILE|NAME] [--megapixels 0.05,0.1,...] [--rounds 3] [--only time|memory]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Dreamer } from '../dist/esm/index.js';
import { cutInTiles } from '../dist/esm/plan/tiles.js';
import { randomNetwork } from './graphs/random-network.mjs';
import { relativeLine } from './line.mjs';

const root = path.resolve(import.meta.dirname, '..');
const structure = path.resolve(root, '../shared/models/inception5h-structure.json');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: existsSync(structure) ? 'inception5h' : 'dream' },
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

function model() {
  if (values.model !== 'inception5h') return values.model;
  const graph = path.join(root, '.cache/graphs/inception5h-bench.pb');
  mkdirSync(path.dirname(graph), { recursive: true });
  if (!existsSync(graph)) writeFileSync(graph, randomNetwork(JSON.parse(readFileSync(structure, 'utf8'))));
  const preprocessing = { channelOrder: 'rgb', mean: 117, scale: 1 };
  return { graph, input: 'input', preprocessing, defaultLayer: 'mixed4d_3x3_bottleneck_pre_relu' };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
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

async function times(sizes) {
  const dreamer = await Dreamer.load({ model: model(), device: 'cpu', memoryLimit: 2 ** 34 });
  const found = sizes.map(() => ({ step: [], transfer: [] }));
  // What is compiled first is not timed; sizes take turns, so that the machine's moods hit all alike.
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, size] of sizes.entries()) {
      // A step costs the same in every iteration; large pictures take few.
      const iterations =
        round < 0 ? 1 : Math.max(1, Math.min(ITERATIONS, Math.round(4e5 / (size.width * size.height))));
      const { timings } = await dreamer.dream(pictureOf(size), { ...options, iterations });
      console.error(
        `round ${round + 1}: ${size.width} x ${size.height}, ${iterations} x 4 steps, ${timings.total.toFixed(0)} ms`,
      );
      if (round < 0) continue;
      found[index].step.push(timings.steps / iterations);
      found[index].transfer.push(timings.total - timings.steps - timings.compile);
    }
  }
  await dreamer.dispose();
  return sizes.map(({ width, height }, index) => {
    const steps = ITERATIONS * median(found[index].step);
    const whole = steps + median(found[index].transfer);
    return {
      width,
      height,
      megapixels: rounded((width * height) / 1e6, 3),
      dreamMs: rounded(whole, 1),
      wholeOverSteps: rounded(whole / steps, 4),
    };
  });
}

function highWater() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kibibytes) * 1024;
}

/** Of one dream, above what the process had after one of a small picture. */
async function peak({ width, height }) {
  const dreamer = await Dreamer.load({ model: model(), device: 'cpu', memoryLimit: 2 ** 34 });
  const picture = pictureOf({ width, height });
  await dreamer.dream(pictureOf({ width: 96, height: 96 }), { ...options, octaves: 1, iterations: 1 });
  const before = process.memoryUsage.rss();
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
  await dreamer.dream(picture, { ...options, iterations: 2 });
  await dreamer.dispose();
  return highWater() - before;
}

function memory(sizes) {
  return sizes.map(({ width, height }) => {
    const given = [import.meta.filename, '--model', values.model, '--peak', `${width}x${height}`];
    const bytes = Number(
      execFileSync(process.execPath, given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    const { tileWidth, tileHeight, batch } = cutInTiles({ width, height }, { tileSize: TILE_SIZE });
    const tilePixels = batch * tileWidth * tileHeight;
    console.error(
      `${width} x ${height}: ${(bytes / 2 ** 20).toFixed(0)} MiB, ${(bytes / tilePixels).toFixed(0)} bytes a pixel of the tile batch`,
    );
    return {
      width,
      height,
      tilePixels,
      mebibytes: rounded(bytes / 2 ** 20, 1),
      bytesPerTilePixel: Math.round(bytes / tilePixels),
    };
  });
}

if (values.peak !== undefined) {
  const [width, height] = values.peak.split('x').map(Number);
  console.log(await peak({ width, height }));
} else {
  const sizes = values.megapixels.split(',').map((megapixels) => sizeOf(Number(megapixels)));
  const results = { model: values.model, rounds };
  if (values.only.includes('time')) {
    const points = await times(sizes);
    const line = relativeLine(points.map(({ megapixels, dreamMs }) => [megapixels, dreamMs]));
    results.fit = {
      msPerMegapixel: rounded(line.slope, 1),
      constantMs: rounded(line.offset, 1),
      worstResidual: rounded(Math.max(...line.residuals.map(Math.abs)), 4),
    };
    results.time = points.map((point, index) => ({ ...point, residual: rounded(line.residuals[index], 4) }));
  }
  if (values.only.includes('memory')) results.memory = memory(sizes);
  console.log(JSON.stringify(results, undefined, 2));
}
