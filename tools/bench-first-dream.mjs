// What a user waits for: loading the package's network, and the default dream of a picture, each in a process of its own; where
// ../shared/models is, beside steps of inception5h's structure at 480 x 360 in the same process, in turns, by which machines compare.
// npm run bench:first -- [PICTURE] [rounds]
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';

const root = path.resolve(import.meta.dirname, '..');
const [picture = path.join(root, 'docs/images/sample.jpg'), rounds = '5'] = process.argv.slice(2);
const STEPS = 10;
const beside = DEFAULT_MODEL === 'inception5h' ? MODELS.inception5h() : undefined;
const script = `
  import { Dreamer } from ${JSON.stringify(path.join(root, 'dist/esm/index.js'))};
  const timed = async (work) => {
    const start = performance.now();
    const value = await work();
    return [performance.now() - start, value];
  };
  const [load, dreamer] = await timed(() => Dreamer.load());
  const dream = () => dreamer.dream(${JSON.stringify(path.resolve(picture))}, { size: 800 });
  const [first, { width, height }] = await timed(dream);
  const beside = ${JSON.stringify(beside?.file ?? null)};
  const seconds = [], steps = [];
  const other = beside === null ? undefined : await Dreamer.load({ model: beside });
  const options = { layer: 'mixed4d_3x3_bottleneck_pre_relu', channel: 139, octaves: 1, iterations: ${STEPS} };
  const step = () => other?.dream({ noise: 'pink', width: 480, height: 360 }, options);
  await step();
  for (let round = 0; round < 3; round += 1) {
    steps.push((await timed(step))[0] / ${STEPS});
    seconds.push((await timed(dream))[0]);
  }
  await other?.dispose();
  await dreamer.dispose();
  const median = (values) => values.sort((a, b) => a - b)[1];
  const timesOfSteps = other === undefined ? {} : { step: median(steps) };
  console.log(JSON.stringify({ width, height, load, first, second: median(seconds), ...timesOfSteps }));`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const results = Array.from({ length: Number(rounds) }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  console.error(stdout.trim());
  return JSON.parse(stdout);
});
const [{ width, height }] = results;
console.log(`${path.basename(picture)}, ${width} x ${height}, medians of ${results.length} processes:`);
for (const [name, what] of [
  ['load', 'loading the network, TensorFlow included'],
  ['first', 'the first dream'],
  ['second', 'a dream after it'],
])
  console.log(`  ${what}: ${(median(results.map((result) => result[name])) / 1000).toFixed(2)} s`);
if (beside !== undefined) {
  console.log(
    `  a step of inception5h's structure at 480 x 360: ${median(results.map(({ step }) => step)).toFixed(0)} ms`,
  );
  const dreams = median(results.map(({ second, step }) => second / step));
  console.log(`  a dream in such steps: ${dreams.toFixed(1)}; where one takes 130 ms: ${(dreams * 0.13).toFixed(2)} s`);
}
