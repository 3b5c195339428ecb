// What a user waits for: loading the package's network, and the default dream of a picture, each in a process of its own.
// npm run bench:first -- [PICTURE] [rounds]
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const [picture = path.join(root, 'docs/images/sample.jpg'), rounds = '5'] = process.argv.slice(2);
const script = `
  import { Dreamer } from ${JSON.stringify(path.join(root, 'dist/esm/index.js'))};
  const started = performance.now();
  const dreamer = await Dreamer.load();
  const loaded = performance.now();
  const { width, height } = await dreamer.dream(${JSON.stringify(path.resolve(picture))}, { size: 800 });
  const first = performance.now();
  await dreamer.dream(${JSON.stringify(path.resolve(picture))}, { size: 800 });
  const second = performance.now();
  await dreamer.dispose();
  console.log(JSON.stringify({ width, height, load: loaded - started, first: first - loaded, second: second - first }));`;

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
  ['second', 'the second'],
])
  console.log(`  ${what}: ${(median(results.map((result) => result[name])) / 1000).toFixed(2)} s`);
