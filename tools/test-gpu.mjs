// npm run test:gpu [-- --output FILE] [-- TESTS]: on a machine with an NVIDIA GPU everything that is to be known there, in one
// report: the kernel check, all tests on the GPU, the benchmark, the seed's table. Without one it says so and fails.
// --rehearse runs the same on the processor, to try the command itself.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gpus, whyNoGpu } from './gpu/machine.mjs';
import { gpuReport } from './gpu/report.mjs';
import { orExit, root } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', default: 'gpu-report.md' },
    rehearse: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const device = values.rehearse ? 'cpu' : 'gpu';

function refuse(why, remedy) {
  process.stderr.write(
    `livedream: npm run test:gpu needs an NVIDIA GPU: ${why}.${remedy ? ` To have it: ${remedy}.` : ''}\n`,
  );
  process.exit(1);
}

function livedream(...args) {
  const { stdout, status } = spawnSync(process.execPath, ['dist/esm/cli/main.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { stdout, status };
}

/** The doctor's report, after installing the CUDA build where only that is missing. */
function examined() {
  const look = () => JSON.parse(livedream('doctor', '--json').stdout);
  const report = look();
  if (report.gpu.available || values.rehearse || !report.gpu.remedy?.includes('install --gpu')) return report;
  process.stderr.write('livedream: installing the CUDA build (3.4 GB to download, once for all your projects) ...\n');
  if (livedream('install', '--gpu').status !== 0) refuse(report.gpu.why, report.gpu.remedy);
  return look();
}

function commit() {
  const { stdout, status } = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'unknown';
}

function factsOf({ runtime, platform }) {
  const found = Object.fromEntries(gpus().map((line, index) => [`GPU ${index}`, line]));
  return {
    ...found,
    processor: `${os.cpus()[0]?.model ?? 'unknown'}, ${os.availableParallelism()} threads`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    TensorFlow: `${runtime.loadedVersion}, ${runtime.variant} build`,
    system: `${platform.name}, ${os.release()}, Node ${process.version}`,
    livedream: commit(),
  };
}

/** Its output goes to the report, and to standard error as it comes. */
async function run({ name, args, env, before, summary }) {
  process.stderr.write(`livedream: ${name} ...\n`);
  before?.();
  const start = Date.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    process.stderr.write(text);
  });
  const [status] = await once(child, 'close');
  const shown = args.map((arg) => (path.isAbsolute(arg) ? path.relative(root, arg) : arg));
  const command = [...Object.entries(env ?? {}).map(([key, value]) => `${key}=${value}`), 'node', ...shown].join(' ');
  const seconds = Math.round((Date.now() - start) / 1000);
  return { name, command, status, seconds, output: summary ? summary() : output };
}

if (!values.rehearse) {
  const why = whyNoGpu();
  if (why) refuse(why);
}
orExit(() => setUp({ withTensorflow: values.rehearse }));
const found = examined();
if (!values.rehearse && !found.gpu.available) refuse(found.gpu.why, found.gpu.remedy);
const facts = factsOf(found);
const { stepsOn } = await import('./gpu/steps.mjs');
const steps = stepsOn(device, positionals).filter(({ name }) => !values.only || values.only.split(',').includes(name));
const done = [];
for (const step of steps) {
  done.push(await run(step));
  // After each, so that what was found out is there whatever becomes of the rest.
  writeFileSync(values.output, gpuReport({ date: new Date(), device, facts, steps: done }));
}
const failed = done.filter(({ status }) => status !== 0);
process.stdout.write(`${path.resolve(values.output)}\n`);
for (const { name } of failed) process.stderr.write(`livedream: ${name} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
