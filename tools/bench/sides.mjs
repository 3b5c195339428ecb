// What benchmarks of one gradient-ascent step have in common: the networks, the engine's side and Python's.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadAddon } from '../../dist/esm/binding/addon.js';
import { rewritesFor } from '../../dist/esm/plan/rewrites.js';
import { openRuntime } from '../../dist/esm/runtime/find/open.js';
import { randomNetwork } from '../graphs/random-network.mjs';
import { smallInception } from '../graphs/small-inception.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const shared = path.resolve(root, '../shared/models');

/** What every such benchmark is asked: --model inception5h|inception_v3|small --size 480x360 --rounds 7 --steps 12 */
export function readRequest() {
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
  return { ...MODELS[values.model](), name: values.model, size: values.size, width, height, rounds, steps };
}

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

/** Of an odd number of them, or the upper one of two in the middle. */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The Python side: a script in tools/reference that prints the milliseconds of `steps` steps for every line it gets. */
export function startPython(script, { file, spec, objective, width, height, steps }) {
  const python = path.join(root, '.cache/reference-python/bin/python');
  if (!existsSync(python)) {
    console.error('The Python reference is not set up: node tools/reference/setup.mjs');
    process.exit(1);
  }
  const channels = objective.kind === 'layer' ? null : objective.channels;
  const request = { model: file, ...spec, layer: objective.layer, channels, width, height, steps, step: 1.5 };
  const child = spawn(python, [path.join(root, 'tools/reference', script), JSON.stringify(request)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    round: async () => {
      child.stdin.write('go\n');
      const { value } = await lines.next();
      if (value === undefined) throw new Error(`tools/reference/${script} ended: run it by itself to see why`);
      return JSON.parse(value);
    },
    stop: () => child.stdin.end(),
  };
}

/** The engine with XLA or without; the same engine may have several sides. */
export async function startEngine({ file, spec, objective, width, height, steps }) {
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({ device: 'CPU:0', programCacheBytes: 2 ** 29, queueLimit: 4, threads: 0 });
  await engine.load(await addon.importModel({ graph: readFileSync(file), ...spec }, new addon.Cancellation()));
  const octave = { pictures: 1, width, height, rows: 1, columns: 1, tileWidth: width, tileHeight: height, batch: 1 };
  const planOf = (xla) => ({
    objectives: [[objective]],
    octaves: [octave],
    iterations: [steps],
    step: [1.5],
    jitter: true,
    seed: 1n,
    // What the reference does, no more.
    ...{ normalize: 'none', sigma: 1, keepRange: false },
    mode: { xla, rewrites: rewritesFor({ device: 'CPU:0', xla }) },
    output: 'float32',
  });
  const picture = Float32Array.from({ length: width * height * 3 }, (_, i) => ((i * 2654435761) >>> 8) % 256);
  return {
    round: async ({ xla }) => {
      const { timings } = await engine.dream(planOf(xla), picture, new addon.Cancellation());
      return [(timings.steps + timings.compile) / steps];
    },
    stop: () => engine.dispose(),
  };
}
