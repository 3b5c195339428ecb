// Draws the project's own sample picture: node tools/picture/draw.mjs [out.jpg] [width] [height] [seed]
import path from 'node:path';
import sharp from 'sharp';
import { drawLandscape } from './landscape.mjs';

const standard = path.resolve(import.meta.dirname, '../../docs/images/sample.jpg');
const [out = standard, width = 960, height = 640, seed = 11] = process.argv.slice(2);
const size = { width: Number(width), height: Number(height) };
await sharp(drawLandscape(size.width, size.height, Number(seed)), { raw: { ...size, channels: 3 } })
  .jpeg({ quality: 86 })
  .toFile(out);
console.log(out);
