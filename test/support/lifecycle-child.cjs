// Lives and dies in one of several ways, with the built package: node lifecycle-child.cjs MODE MODEL
const { isMainThread, Worker, workerData } = require('node:worker_threads');
const { Dreamer } = require('../../dist/cjs/index.js');

const [mode, model] = isMainThread ? process.argv.slice(2) : workerData;

async function dream(iterations, xla = false) {
  const dreamer = await Dreamer.load({ model, device: 'cpu', xla });
  const picture = {
    data: new Uint8Array(240 * 180 * 3).map((_, i) => (i * 31) % 251),
    width: 240,
    height: 180,
    channels: 3,
  };
  let started;
  const start = new Promise((resolve) => {
    started = resolve;
  });
  const done = dreamer.dream(picture, { layer: 'mixed3b', octaves: 2, iterations, onProgress: started });
  done.catch(() => undefined);
  if (xla) setTimeout(started, 150);
  await start;
  console.log('dreaming');
  return { dreamer, done };
}

function inWorker(workerMode) {
  return new Promise((resolve) => {
    const worker = new Worker(__filename, { workerData: [workerMode, model], stdout: true });
    worker.stdout.on('data', (text) => {
      process.stdout.write(text);
      if (mode === 'worker-terminate') worker.terminate();
    });
    worker.once('exit', resolve);
  });
}

const MODES = {
  end: async () => void (await (await dream(3)).done),
  exit: async () => {
    await dream(100_00);
    process.exit(3);
  },
  'exit-xla': async () => {
    await dream(100_00, true);
    process.exit(3);
  },
  throw: async () => {
    await dream(100_00);
    setImmediate(() => {
      throw new Error('thrown on purpose');
    });
  },
  'worker-end': () => inWorker('end'),
  'worker-exit': () => inWorker('exit'),
  'worker-terminate': () => inWorker('forever'),
  'worker-twice': async () => {
    await inWorker('end');
    await inWorker('end');
  },
  forever: async () => void (await (await dream(100_00)).done),
  gc: async () => {
    await (await dream(2)).done;
    require('node:v8').setFlagsFromString('--expose-gc');
    const collect = require('node:vm').runInNewContext('gc');
    for (let i = 0; i < 5; i += 1) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
};
MODES[mode]();
