// Dreams every named filter of a model from noise with livedream, asks another network what the pictures show, and tells how often
// it is what the filter is called:
//   node tools/judge/judge.mjs MODEL.json CHECKPOINT OUT [--expect FILE.json]
// MODEL.json describes the model, CHECKPOINT is of the other network (npm run train -- --network judge all), OUT becomes a folder
// with the dreams, judge.json and judge.md. FILE.json gives the classes of filters that dream whole layers, by the filters' names.
// Needs the built library, TensorFlow and the training's Python (npm run train -- --help sets it up).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { Dreamer } from '../../dist/esm/index.js';
import { noisePicture } from './noise.mjs';
import { classesOf, markdown, score } from './score.mjs';

const SIDE = 256;
const { values, positionals } = parseArgs({ allowPositionals: true, options: { expect: { type: 'string' } } });
const [model, checkpoint, out] = positionals;
if (out === undefined) {
  console.error('usage: node tools/judge/judge.mjs MODEL.json CHECKPOINT OUT [--expect FILE.json]');
  process.exit(2);
}
const more = values.expect === undefined ? {} : JSON.parse(readFileSync(values.expect, 'utf8'));
const pictures = path.join(out, 'dreams');
mkdirSync(pictures, { recursive: true });

const dreamer = await Dreamer.load({ model, device: 'cpu' });
const expected = {};
for (const [name, filter] of Object.entries(dreamer.filters())) {
  const classes = more[name] ?? classesOf(filter);
  if (classes === undefined) continue;
  expected[name] = classes;
  const start = { data: noisePicture(SIDE, SIDE, 3), width: SIDE, height: SIDE, channels: 3 };
  const { data, width, height } = await dreamer.dream(start, { filter: name });
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path.join(pictures, `${name}.png`));
}
await dreamer.dispose();

const root = path.resolve(import.meta.dirname, '../..');
const python = path.join(root, '.cache/train-python/bin/python');
const { status, stdout, stderr } = spawnSync(
  python,
  ['-m', 'dreamnet', '--checkpoint', checkpoint, 'judge', pictures],
  {
    encoding: 'utf8',
    env: { OMP_WAIT_POLICY: 'passive', ...process.env, PYTHONPATH: path.join(root, 'tools/train') },
  },
);
if (status !== 0) throw new Error(`The other network could not be asked: ${stderr}`);
const result = score(expected, JSON.parse(stdout));
writeFileSync(path.join(out, 'judge.json'), `${JSON.stringify(result, undefined, 1)}\n`);
writeFileSync(path.join(out, 'judge.md'), markdown(result));
console.log(markdown(result));
