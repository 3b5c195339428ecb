// Loads the package three times in one process: as it is, with its modules loaded again as test runners do, and another copy of it.
// node copies-child.cjs MODEL COPY; prints the SHA-256 of what each dreams, the first once more behind the others.
const { createHash } = require('node:crypto');
const path = require('node:path');

const [model, copy] = process.argv.slice(2);
const here = path.join(__dirname, '../../dist/cjs/index.js');
const picture = { data: new Uint8Array(96 * 64 * 3).map((_, i) => (i * 31) % 251), width: 96, height: 64, channels: 3 };

async function dream(dreamer) {
  const { data } = await dreamer.dream(picture, { layer: 'mixed3b', octaves: 2, iterations: 3, seed: 7 });
  console.log(createHash('sha256').update(data).digest('hex'));
}

async function run() {
  const dreamers = [];
  for (const file of [here, here, path.join(copy, 'dist/cjs/index.js')]) {
    for (const name of Object.keys(require.cache)) delete require.cache[name];
    dreamers.push(await require(file).Dreamer.load({ model, device: 'cpu' }));
    await dream(dreamers.at(-1));
  }
  await dream(dreamers[0]);
  await Promise.all(dreamers.map((dreamer) => dreamer.dispose()));
}

run();
