// npm run bench:farm: what the farm costs beside its dreams, and how many small jobs it does in a second. In turns: the same pictures
// by a Dreamer alone, and by the farm with that Dreamer as its one worker. Needs redis-server on the path.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { median } from 'simple-statistics';
import { Farm, workOnFarm } from '../dist/esm/farm/index.js';
import { Dreamer } from '../dist/esm/index.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    dreams: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '10000' },
    size: { type: 'string', default: '96' },
    iterations: { type: 'string', default: '8' },
  },
});
const [rounds, dreams, jobs, size] = ['rounds', 'dreams', 'jobs', 'size'].map((name) => Number(values[name]));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Pictures that differ, as equal jobs are one. */
let made = 0;
function picture(side) {
  made += 1;
  const data = Buffer.alloc(side * side * 3);
  for (let at = 0; at < data.length; at += 1) data[at] = (at * 31 + made * 7919 + ((at * made) >> 5)) & 255;
  data.writeUInt32LE(made, 0);
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-bench-farm-'));
const port = await freePort();
const redis = spawn('redis-server', ['--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'yes'], {
  stdio: 'ignore',
});
await new Promise((resolve) => setTimeout(resolve, 500));
const place = { queue: `redis://127.0.0.1:${port}`, store: path.join(folder, 'store') };
const dreamer = await Dreamer.load({ device: 'cpu' });
const worker = await workOnFarm(dreamer, place);
const farm = await Farm.open(place);
const options = { octaves: 2, iterations: Number(values.iterations) };

async function alone(pictures) {
  const began = performance.now();
  for await (const { dream, error } of dreamer.dreamAll(pictures, { ...options, batch: 1 })) {
    if (error) throw error;
    await dream.toBuffer('png');
  }
  return performance.now() - began;
}

async function onFarm(pictures, given = options) {
  const began = performance.now();
  for await (const { error } of farm.dreamAll(pictures, given)) if (error) throw error;
  return performance.now() - began;
}

const set = (count, side) => Promise.all(Array.from({ length: count }, () => picture(side)));
await alone(await set(2, size));
await onFarm(await set(2, size));
const [ratios, singles] = [[], []];
for (let round = 0; round < rounds; round += 1) {
  const pictures = await set(dreams, size);
  const first = round % 2 === 0 ? await alone(pictures) : await onFarm(pictures);
  const second = round % 2 === 0 ? await onFarm(pictures) : await alone(pictures);
  const [mine, farms] = round % 2 === 0 ? [first, second] : [second, first];
  ratios.push(farms / mine);
  singles.push(mine / dreams);
}
console.log(
  `a dream alone:      ${median(singles).toFixed(1)} ms (${size} x ${size}, median of ${rounds} rounds of ${dreams})`,
);
console.log(
  `the farm takes:     ${median(ratios).toFixed(3)} times as long (${ratios.map((each) => each.toFixed(3)).join(' ')})`,
);
if (jobs > 0) {
  const began = performance.now();
  // Of the first convolution, whose dream takes 2 ms: what is measured is the farm.
  const small = { octaves: 1, iterations: 1, layer: 'conv1' };
  async function* endless() {
    for (let job = 0; job < jobs; job += 1) yield await picture(16);
  }
  await onFarm(endless(), small);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${jobs} small jobs:  ${seconds.toFixed(1)} s, ${(jobs / seconds).toFixed(0)} a second, with 16 x 16 pixels and one step`,
  );
}
await farm.close();
await worker.close();
await dreamer.dispose();
redis.kill();
rmSync(folder, { recursive: true, force: true });
