// Draws the filters of a model side by side, each with its name.
// npm run sheet -- PICTURE [PICTURE ...] -o sheet.jpg [--model M] [--filters a,b] [--size 800] [--width 400] [--columns 4] [--keep FOLDER]
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { Dreamer } from '../dist/esm/index.js';

const { values: flags, positionals: pictures } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', short: 'o', default: 'sheet.jpg' },
    model: { type: 'string' },
    filters: { type: 'string' },
    size: { type: 'string', default: '800' },
    width: { type: 'string', default: '400' },
    columns: { type: 'string', default: '4' },
    keep: { type: 'string' },
  },
});
if (pictures.length === 0) {
  console.error('npm run sheet -- PICTURE [PICTURE ...] -o sheet.jpg');
  process.exit(2);
}
const [size, width, columns] = [flags.size, flags.width, flags.columns].map(Number);
if (flags.keep !== undefined) mkdirSync(flags.keep, { recursive: true });

function caption(text) {
  const escaped = text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return Buffer.from(
    `<svg width="${width}" height="34"><text x="10" y="24" font-family="sans-serif" font-size="18" font-weight="bold" fill="white" stroke="black" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${escaped}</text></svg>`,
  );
}

async function cell(dream, name) {
  const small = await dream.toSharp().resize(width).png().toBuffer();
  return sharp(small)
    .composite([{ input: caption(name), left: 0, top: 0 }])
    .png()
    .toBuffer({ resolveWithObject: true });
}

const dreamer = await Dreamer.load(flags.model === undefined ? {} : { model: flags.model });
const names = flags.filters?.split(',') ?? Object.keys(dreamer.filters());
const cells = [];
for (const filter of names) {
  for (const picture of pictures) {
    const started = performance.now();
    const dream = await dreamer.dream(picture, { filter, size });
    console.error(`${filter} over ${path.basename(picture)}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    if (flags.keep !== undefined)
      await dream.toFile(path.join(flags.keep, `${filter}-${path.parse(picture).name}.jpg`), { quality: 92 });
    cells.push(await cell(dream, filter));
  }
}
await dreamer.dispose();

const height = Math.max(...cells.map(({ info }) => info.height));
const rows = Math.ceil(cells.length / columns);
await sharp({ create: { width: width * columns, height: height * rows, channels: 3, background: '#111' } })
  .composite(
    cells.map(({ data }, index) => ({
      input: data,
      left: (index % columns) * width,
      top: Math.floor(index / columns) * height,
    })),
  )
  .toFile(flags.output);
console.log(flags.output);
