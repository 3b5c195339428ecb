// Loads damaged models one after another, and dreams with those that load: node fuzz-child.mjs REQUEST.json FROM TO
// Prints the number of each before it begins, so that a crash tells which it was, and then what came of it. Not TypeScript, and
// the built package: a child of a test has no compiler.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Dreamer } from '../../dist/esm/index.js';
import { mutated } from './mutations.mjs';

const [, , requestFile, from, to] = process.argv;
const { files, folder, mostBytes, mostMilliseconds } = JSON.parse(readFileSync(requestFile, 'utf8'));
const SIDE = 24;
const picture = { data: new Uint8Array(SIDE * SIDE * 3).fill(100), width: SIDE, height: SIDE, channels: 3 };
const say = (what) => writeSync(1, `${JSON.stringify(what)}\n`);

const bytesOf = new Map(files.map(({ file }) => [file, readFileSync(file)]));

/** A graph as bytes, or the path of a SavedModel's folder with one file of it damaged. */
function damaged({ file, savedModel, whole }, number) {
  const bytes = whole ? bytesOf.get(file) : mutated(bytesOf.get(file), number);
  if (savedModel === undefined) return { graph: bytes, preprocessing: { mean: 117 } };
  mkdirSync(path.join(folder, 'variables'), { recursive: true });
  const names = ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001'];
  for (const name of names) copyFileSync(path.join(savedModel, name), path.join(folder, name));
  writeFileSync(path.join(folder, path.relative(savedModel, file)), bytes);
  return folder;
}

/** Of the last layer, which needs most of the network, or of one in the middle. */
async function dreamOf(dreamer, number) {
  const layers = dreamer.layers();
  const last = Math.floor(number / files.length) % 2 === 0;
  const { name } = layers[last ? layers.length - 1 : Math.floor(layers.length / 2)];
  await dreamer.gradient(picture, { layer: name });
}

async function attempt(model, number) {
  let dreamer;
  try {
    dreamer = await Dreamer.load({ model, device: 'cpu', xla: false, memoryLimit: 2 ** 30 });
    await dreamOf(dreamer, number);
    return 'dreamed';
  } catch (error) {
    const { code = 'none', message } = error;
    return process.env.FUZZ_MESSAGES
      ? `${code} ${dreamer ? 'dream' : 'load'}: ${message} CAUSE ${error.cause?.message}`
      : code;
  } finally {
    await dreamer?.dispose();
  }
}

let started = performance.now();
let most = 0;
let number = Number(from);
setInterval(() => {
  const { rss } = process.memoryUsage();
  most = Math.max(most, rss);
  const late = performance.now() - started > mostMilliseconds;
  if (rss <= mostBytes && !late) return;
  say({ number, outcome: late ? 'too slow' : 'too much memory' });
  process.exit(3);
}, 10).unref();

for (; number < Number(to); number += 1) {
  say({ number });
  started = performance.now();
  const outcome = await attempt(damaged(files[number % files.length], number), number);
  say({ number, outcome, milliseconds: Math.round(performance.now() - started) });
}
say({ most });
process.exit(0);
