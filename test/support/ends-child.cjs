// Ends in the middle of something, with the built package: node ends-child.cjs END STAGE PLACE MODEL LONG-MODEL
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');
const { Dreamer } = require('../../dist/cjs/index.js');

const [end, stage, place, model, longModel] = isMainThread ? process.argv.slice(2) : workerData;
const picture = { data: new Uint8Array(96 * 64 * 3).map((_, i) => (i * 31) % 251), width: 96, height: 64, channels: 3 };

const ENDS = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('thrown on purpose');
  },
  signal: () => process.kill(process.pid, 'SIGINT'),
  terminate: () => parentPort.postMessage('terminate'),
};

/** Out of the call that brought here, and so of whatever promise would catch what is thrown. */
function endNow(dispose) {
  process.stdout.write('there\n');
  setImmediate(end === 'dispose' ? dispose : ENDS[end]);
}

async function expectAborted(call) {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  );
  // What is done when it is cancelled may be given as it is; what had not begun says that its Dreamer is gone.
  const expected = [undefined, 'ERR_LIVEDREAM_ABORTED', 'ERR_LIVEDREAM_DISPOSED'];
  if (!expected.includes(error?.code)) throw error;
}

async function loadAndEnd() {
  const controller = new AbortController();
  const loading = Dreamer.load({ model: longModel, device: 'cpu', signal: controller.signal });
  setTimeout(() => endNow(() => controller.abort()), 150);
  await expectAborted(loading);
}

async function dreamAndEnd() {
  const dreamer = await Dreamer.load({ model, device: 'cpu', xla: stage === 'compile' });
  let waits = true;
  const now = () => {
    if (waits) endNow(() => dreamer.dispose());
    waits = false;
  };
  const onProgress = ({ octave, fraction }) => {
    if ((stage === 'first-octave' && octave === 0) || (stage === 'last-octave' && octave === 1)) now();
    if (stage === 'result' && fraction === 1) now();
  };
  const iterations = stage === 'result' ? 2 : 5000;
  const dreaming = dreamer.dream(picture, {
    layer: 'mixed3b',
    octaves: 2,
    iterations: [stage === 'last-octave' ? 2 : iterations, iterations],
    onProgress,
  });
  if (stage === 'compile') setTimeout(now, 100);
  if (stage === 'queued') {
    const waiting = dreamer.dream(picture, { layer: 'mixed3b', octaves: 1, iterations: 2 });
    setImmediate(now);
    await Promise.all([expectAborted(waiting), expectAborted(dreaming)]);
  }
  await expectAborted(dreaming);
}

if (isMainThread && place === 'worker') {
  const worker = new Worker(__filename, { workerData: process.argv.slice(2) });
  worker.once('message', () => worker.terminate());
  worker.once('error', (error) => process.stdout.write(`${error.message}\n`));
  // The process goes on and dreams itself, as one does whose worker was lost.
  worker.once('exit', async (code) => {
    const dreamer = await Dreamer.load({ model, device: 'cpu' });
    await dreamer.dream(picture, { layer: 'mixed3b', octaves: 1, iterations: 1 });
    process.stdout.write(`worker ended with ${code}\n`);
  });
} else (stage === 'load' ? loadAndEnd : dreamAndEnd)();
