// Dreams with an onProgress that fails, with the built package: node callback-child.cjs MODE MODEL
const { setTimeout: sleep } = require('node:timers/promises');
const { Dreamer } = require('../../dist/cjs/index.js');

const [mode, model] = process.argv.slice(2);
const failure = new Error('from onProgress');
const controller = new AbortController();
const MODES = {
  throws: () => {
    throw failure;
  },
  rejects: async () => {
    throw failure;
  },
  'rejects late': ({ fraction }) => (fraction === 1 ? sleep(30).then(() => Promise.reject(failure)) : undefined),
  'rejects after a failed dream': () => {
    controller.abort(failure);
    return sleep(30).then(() => Promise.reject(new Error('nobody hears this')));
  },
};

async function main() {
  const dreamer = await Dreamer.load({ model, device: 'cpu' });
  const picture = { data: new Uint8Array(96 * 64 * 3).fill(99), width: 96, height: 64, channels: 3 };
  const options = { layer: 'mixed3b', octaves: 1 };
  const iterations = mode === 'rejects late' ? 3 : 5000;
  const error = await dreamer
    .dream(picture, { ...options, iterations, signal: controller.signal, onProgress: MODES[mode] })
    .catch((reason) => reason);
  await sleep(60);
  const { objectives } = await dreamer.dream(picture, { ...options, iterations: 2 });
  await dreamer.dispose();
  console.log(`rejected: ${error === failure || error.cause === failure}, alive: ${objectives.length} steps`);
}

main();
