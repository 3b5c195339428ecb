// How each filter of a model changes a picture: node tools/judge/measure.mjs MODEL.json PICTURE [OUT]. Prints a table; with OUT, the
// dreams are kept there as PNG, to be looked at in full size. Needs the built library and TensorFlow.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { Dreamer } from '../../dist/esm/index.js';
import { change, changeTable } from './change.mjs';

const [model, picture, out] = process.argv.slice(2);
if (picture === undefined) {
  console.error('usage: node tools/judge/measure.mjs MODEL.json PICTURE [OUT]');
  process.exit(2);
}
if (out !== undefined) mkdirSync(out, { recursive: true });

const { data: before, info } = await sharp(picture)
  .removeAlpha()
  .toColourspace('srgb')
  .raw()
  .toBuffer({ resolveWithObject: true });
const { width, height } = info;
const dreamer = await Dreamer.load({ model, device: 'cpu' });
const rows = [];
for (const filter of Object.keys(dreamer.filters())) {
  const started = performance.now();
  const dream = await dreamer.dream({ data: new Uint8Array(before), width, height, channels: 3 }, { filter });
  console.error(`${filter}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  rows.push({ filter, ...change(before, dream.data, width, height) });
  if (out !== undefined)
    await sharp(dream.data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(path.join(out, `${filter}.png`));
}
await dreamer.dispose();
console.log(changeTable(rows));
