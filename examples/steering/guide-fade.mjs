// One picture in steps from a dream of a layer to a dream like a guide, as the weights of two terms fade: README.md.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Dreamer } from 'livedream';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: { type: 'string', default: 'faded' },
    steps: { type: 'string', default: '5' },
    layer: { type: 'string' },
    match: { type: 'string', default: 'statistics' },
    size: { type: 'string', default: '512' },
  },
});
const [picture, guide] = positionals;
const steps = Number(values.steps);
if (picture === undefined || guide === undefined || !(steps >= 2)) {
  console.error(
    'Usage: node guide-fade.mjs PICTURE GUIDE [--to FOLDER] [--steps 5] [--layer NAME] [--match dot|statistics] [--size 512]',
  );
  process.exit(2);
}

/** Terms that weigh nothing are left out: an objective has none of weight 0. */
function objectiveAt(share, layer) {
  const terms = [
    { layer, weight: 1 - share },
    { guide, layer, match: values.match, weight: share },
  ];
  return terms.filter(({ weight }) => weight > 0);
}

await mkdir(values.to, { recursive: true });
const dreamer = await Dreamer.load();
try {
  const layers = dreamer.layers();
  const layer = values.layer ?? layers[Math.floor(layers.length / 2)].name;
  for (let step = 0; step < steps; step += 1) {
    const objective = objectiveAt(step / (steps - 1), layer);
    const dream = await dreamer.dream(picture, { objective, size: Number(values.size) });
    const file = path.join(values.to, `${step}.png`);
    await dream.toFile(file);
    console.log(file, ...dream.warnings);
  }
} finally {
  await dreamer.dispose();
}
