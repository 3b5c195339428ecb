// What the cache of compiled programs saves: the first dream with XLA, each in a process of its own, without a cache, with an
// empty one and with one that a process before has filled. Prints medians and the ratio of compile times, warm to cold.
// npm run bench:cache -- [--model inception5h|small] [--size 480x360] [--octaves 1] [--iterations 10] [--rounds 3] [--device cpu]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './bench/engine.mjs';
import { randomNetwork } from './graphs/random-network.mjs';
import { smallInception } from './graphs/small-inception.mjs';

const root = path.resolve(import.meta.dirname, '..');
const structure = path.resolve(root, '../shared/models/inception5h-structure.json');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: existsSync(structure) ? 'inception5h' : 'small' },
    size: { type: 'string', default: '480x360' },
    octaves: { type: 'string', default: '1' },
    iterations: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    device: { type: 'string', default: 'cpu' },
  },
});

const MODELS = {
  inception5h: () => ({
    graph: randomNetwork(JSON.parse(readFileSync(structure, 'utf8'))),
    layer: 'mixed4d_3x3_bottleneck_pre_relu',
  }),
  small: () => ({ graph: smallInception(), layer: 'mixed3b_3x3_pre_relu' }),
};
const model = MODELS[values.model]();
const graph = path.join(root, '.cache/graphs', `${values.model}-cache-bench.pb`);
mkdirSync(path.dirname(graph), { recursive: true });
writeFileSync(graph, model.graph);

const [width, height] = values.size.split('x').map(Number);
const options = { octaves: Number(values.octaves), iterations: Number(values.iterations), seed: 1, channel: 13 };
const script = `
  import { Dreamer } from ${JSON.stringify(path.join(root, 'dist/esm/index.js'))};
  const dreamer = await Dreamer.load({
    model: { graph: ${JSON.stringify(graph)}, defaultLayer: ${JSON.stringify(model.layer)} },
    device: ${JSON.stringify(values.device)}, xla: true,
  });
  const data = Uint8Array.from({ length: ${width * height * 3} }, (_, i) => ((i * 2654435761) >>> 8) % 256);
  const { timings } = await dreamer.dream({ data, width: ${width}, height: ${height}, channels: 3 }, ${JSON.stringify(options)});
  await dreamer.dispose();
  console.log(JSON.stringify(timings));`;

function dream(cache) {
  const env = { ...process.env, LIVEDREAM_COMPILE_CACHE: cache };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const results = { off: [], cold: [], warm: [] };
for (let round = 0; round < Number(values.rounds); round += 1) {
  const folder = mkdtempSync(path.join(tmpdir(), 'livedream-bench-cache-'));
  try {
    results.off.push(dream('off'));
    results.cold.push(dream(folder));
    results.warm.push(dream(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const told = Object.entries(results).map(([name, all]) => `${name} ${(all.at(-1).compile / 1000).toFixed(2)} s`);
  console.error(`round ${round + 1}: compile time ${told.join(', ')}`);
}
const seconds = (all, name) => Number((median(all.map((timings) => timings[name])) / 1000).toFixed(3));
const ratios = results.warm.map(({ compile }, round) => compile / results.cold[round].compile);
console.log(
  JSON.stringify({
    model: values.model,
    size: values.size,
    ...options,
    compileSeconds: Object.fromEntries(Object.entries(results).map(([name, all]) => [name, seconds(all, 'compile')])),
    dreamSeconds: Object.fromEntries(Object.entries(results).map(([name, all]) => [name, seconds(all, 'total')])),
    fromCache: results.warm.map(({ compilationsFromCache }) => compilationsFromCache),
    warmOfCold: Number(median(ratios).toFixed(3)),
  }),
);
