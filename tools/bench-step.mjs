// npm run bench: one gradient-ascent step of the engine and of TensorFlow Python's session, in turns in one run, so that the
// machine's moods hit both alike. Prints milliseconds and the ratio; needs the Python reference (tools/reference/setup.mjs).
// node tools/bench-step.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 12]
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadAddon } from '../dist/esm/binding/addon.js';
import { rewritesFor } from '../dist/esm/plan/rewrites.js';
import { openRuntime } from '../dist/esm/runtime/find/open.js';
import { randomNetwork } from './graphs/random-network.mjs';
import { smallInception } from './graphs/small-inception.mjs';

const root = path.resolve(import.meta.dirname, '..');
const shared = path.resolve(root, '../shared/models');
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: existsSync(shared) ? 'inception5h' : 'small' },
    size: { type: 'string', default: '480x360' },
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '12' },
  },
});
const [width, height] = values.size.split('x').map(Number);
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];

function made(name, bytes) {
  const file = path.join(root, '.cache/graphs', `${name}.pb`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const rgb = { input: 'input', channelOrder: 'rgb' };
const MODELS = {
  inception5h: () => ({
    file: made(
      'inception5h-bench',
      randomNetwork(JSON.parse(readFileSync(path.join(shared, 'inception5h-structure.json'), 'utf8'))),
    ),
    spec: { ...rgb, mean: [117, 117, 117], scale: 1 },
    objective: {
      layer: 'mixed4d_3x3_bottleneck_pre_relu',
      kind: 'channels',
      weight: 1,
      channels: [{ channel: 139, weight: 1 }],
    },
  }),
  inception_v3: () => ({
    file: path.join(shared, 'inception_v3_2015.pb'),
    spec: { ...rgb, mean: [127.5, 127.5, 127.5], scale: 2 / 255 },
    objective: { layer: 'mixed_3/join', kind: 'layer', weight: 1, channels: [] },
  }),
  small: () => ({
    file: made('small-inception', smallInception()),
    spec: { ...rgb, mean: [117, 117, 117], scale: 1 },
    objective: { layer: 'mixed3b_3x3_pre_relu', kind: 'channels', weight: 1, channels: [{ channel: 5, weight: 1 }] },
  }),
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The Python side: prints the milliseconds of `steps` steps for every line it gets. */
function startPython({ file, spec, objective }) {
  const python = path.join(root, '.cache/reference-python/bin/python');
  if (!existsSync(python)) {
    console.error('The Python reference is not set up: node tools/reference/setup.mjs');
    process.exit(1);
  }
  const channels = objective.kind === 'layer' ? null : objective.channels;
  const request = { model: file, ...spec, layer: objective.layer, channels, width, height, steps, step: 1.5 };
  const child = spawn(python, [path.join(import.meta.dirname, 'reference/bench_step.py'), JSON.stringify(request)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    round: async () => {
      child.stdin.write('go\n');
      return JSON.parse((await lines.next()).value);
    },
    stop: () => child.stdin.end(),
  };
}

async function startEngine({ file, spec, objective }) {
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({ device: 'CPU:0', programCacheBytes: 2 ** 29, queueLimit: 4, threads: 0 });
  await engine.load(await addon.importModel({ graph: readFileSync(file), ...spec }, new addon.Cancellation()));
  const octave = { pictures: 1, width, height, rows: 1, columns: 1, tileWidth: width, tileHeight: height, batch: 1 };
  const plan = {
    objectives: [[objective]],
    octaves: [octave],
    iterations: [steps],
    step: [1.5],
    jitter: true,
    seed: 1n,
    // What the reference does, no more.
    ...{ normalize: 'none', sigma: 1, keepRange: false },
    mode: { xla: false, rewrites: rewritesFor({ device: 'CPU:0', xla: false }) },
    output: 'float32',
  };
  const picture = Float32Array.from({ length: width * height * 3 }, (_, i) => ((i * 2654435761) >>> 8) % 256);
  return {
    round: async () => {
      const { timings } = await engine.dream(plan, picture, new addon.Cancellation());
      return [(timings.steps + timings.compile) / steps];
    },
    stop: () => engine.dispose(),
  };
}

const model = MODELS[values.model]();
const python = startPython(model);
const engine = await startEngine(model);
await python.round();
await engine.round();
const results = { python: [], engine: [] };
for (let round = 0; round < rounds; round += 1) {
  results.python.push(median(await python.round()));
  results.engine.push(median(await engine.round()));
  const [p, e] = [results.python.at(-1), results.engine.at(-1)];
  console.error(
    `round ${round + 1}: Python session ${p.toFixed(1)} ms, engine ${e.toFixed(1)} ms, ratio ${(e / p).toFixed(3)}`,
  );
}
const ratios = results.engine.map((time, round) => time / results.python[round]);
console.log(
  JSON.stringify({
    model: values.model,
    size: values.size,
    pythonSessionMs: Number(median(results.python).toFixed(2)),
    engineMs: Number(median(results.engine).toFixed(2)),
    medianRatio: Number(median(ratios).toFixed(3)),
  }),
);
python.stop();
await engine.stop();
