// Puts an exported network into the package: node tools/train/ship.mjs FOLDER, which holds the graph.pb and classes.json that
// `npm run train -- export` wrote. Names, filters and their options stand in catalogue.json. Its layers are asked of the built
// library, which needs TensorFlow. To try a network before it ships: node tools/train/ship.mjs FOLDER OUT [CATALOGUE.json].
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Dreamer } from '../../dist/esm/index.js';

const own = path.join(import.meta.dirname, 'catalogue.json');
const models = path.resolve(import.meta.dirname, '../../models/dream');
const [folder, shipped = models, names = own] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node tools/train/ship.mjs FOLDER [OUT] [CATALOGUE.json]');
  process.exit(2);
}
const graph = readFileSync(path.join(folder, 'graph.pb'));
const classes = JSON.parse(readFileSync(path.join(folder, 'classes.json'), 'utf8'));
const catalogue = JSON.parse(readFileSync(names, 'utf8'));
const { title, licence, provenance, ...rest } = catalogue;
const dreamer = await Dreamer.load({ model: { graph }, device: 'cpu' });
const layers = await dreamer.allLayers();
await dreamer.dispose();
const description = {
  name: 'dream',
  title,
  licence,
  provenance,
  graph: 'graph.pb',
  sha256: createHash('sha256').update(graph).digest('hex'),
  bytes: graph.length,
  input: 'input',
  preprocessing: { channelOrder: 'rgb', mean: 117, scale: 1 },
  ...rest,
  layers: layers.map(({ name, channels, stride, leastSize }) => ({ name, channels, stride, leastSize })),
  channelNames: { classes },
};
mkdirSync(shipped, { recursive: true });
writeFileSync(path.join(shipped, 'graph.pb'), graph);
// One filter and one list of names a line: short enough to read, and to see in a diff what changed.
const lines = JSON.stringify(description, undefined, 1)
  .replace(/\n {3,}/g, ' ')
  .replace(/\n {2}(?=[}\]])/g, ' ');
writeFileSync(path.join(shipped, 'model.json'), `${lines}\n`);
console.log(path.relative(process.cwd(), shipped));
