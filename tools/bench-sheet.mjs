// How long a contact sheet takes: 40 cells of 160 pixels, each from noise and over the sample picture, in batches, and the
// same dreams one by one. npm run bench:sheet -- [MODEL] [--layer LAYER] [--alone]
import { parseArgs } from 'node:util';
import { Dreamer, planSheet } from '../dist/esm/index.js';

const { values, positionals } = parseArgs({
  options: { layer: { type: 'string' }, alone: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [model] = positionals;
const { layer } = values;
const seconds = async (work) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const dreamer = await Dreamer.load({ ...(model === undefined ? {} : { model }), device: 'cpu' });
let sheet;
const planned = await seconds(async () => {
  sheet = await planSheet(dreamer, { perPage: 40, ...(layer === undefined ? {} : { layer }) });
});
const [page] = sheet.pages;
const drawn = await seconds(() => page.dream());
const encoded = await seconds(() => page.toBuffer('png'));
const { programsBuilt, steps } = dreamer.statistics();
await dreamer.dispose();
console.log(
  `${dreamer.model}${layer === undefined ? '' : `, ${layer}`}: ${page.cells.length} cells, two dreams each, 160 pixels high`,
);
console.log(`  ranking ${planned.toFixed(1)} s, dreaming ${drawn.toFixed(1)} s, drawing ${encoded.toFixed(1)} s`);
console.log(`  ${programsBuilt} programs, ${steps} steps`);

if (values.alone) {
  // A page of its own for each cell.
  const single = await Dreamer.load({ ...(model === undefined ? {} : { model }), device: 'cpu' });
  const again = await planSheet(single, { perPage: 1, pages: true, ...(layer === undefined ? {} : { layer }) });
  const alone = await seconds(async () => {
    for (const each of again.pages.slice(0, page.cells.length)) await each.dream();
  });
  await single.dispose();
  console.log(`  one by one ${alone.toFixed(1)} s: ${(alone / drawn).toFixed(2)} times as long`);
}
