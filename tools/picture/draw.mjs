// Draws the project's own pictures: node tools/picture/draw.mjs [out.jpg] [width] [height] [seed] [landscape|portrait|street]
import path from 'node:path';
import sharp from 'sharp';
import { drawLandscape } from './landscape.mjs';
import { drawPortrait } from './portrait.mjs';
import { drawStreet } from './street.mjs';

const PICTURES = { landscape: drawLandscape, portrait: drawPortrait, street: drawStreet };

const standard = path.resolve(import.meta.dirname, '../../docs/images/sample.jpg');
const [out = standard, width = 960, height = 640, seed = 11, name = 'landscape'] = process.argv.slice(2);
const draw = PICTURES[name];
if (draw === undefined) {
  console.error(`There is no picture '${name}'; there are ${Object.keys(PICTURES).join(', ')}.`);
  process.exit(2);
}
const size = { width: Number(width), height: Number(height) };
await sharp(draw(size.width, size.height, Number(seed)), { raw: { ...size, channels: 3 } })
  .toFormat(path.extname(out) === '.png' ? 'png' : 'jpeg', { quality: 86 })
  .toFile(out);
console.log(out);
