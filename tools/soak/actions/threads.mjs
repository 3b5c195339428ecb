// Worker threads that dream, and end in every way: by themselves, terminated at any time, by process.exit(), by an exception.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { expect } from '../judge.mjs';

export async function thread({ chance, home }) {
  const { raw } = chance.pick(home.place('small').cases);
  const end = chance.pick(['by itself', 'disposed', 'terminated', 'exit', 'exception']);
  const iterations = end === 'terminated' ? 10_000 : chance.whole(1, 10);
  const worker = new Worker(new URL(import.meta.url), { workerData: { end, raw, iterations, model: home.model } });
  const failures = [];
  worker.on('error', (error) => failures.push(error));
  const ended = once(worker, 'exit');
  const when = chance.pick(['at once', 'loaded', 'dreaming']);
  if (end === 'terminated') {
    const terminate = () => void worker.terminate();
    if (when === 'at once') setTimeout(terminate, chance.whole(0, 100));
    worker.on('message', (stage) => stage === when && setTimeout(terminate, chance.whole(0, 30)));
  }
  // Its errors are `failures`; once() would reject with them.
  const code = await ended.then(
    ([status]) => status,
    () => 1,
  );
  const expected = { 'by itself': [0], disposed: [0], terminated: [0, 1], exit: [3], exception: [1] }[end];
  expect(expected.includes(code), `a worker thread that was to end ${end} ended with ${code}: ${failures[0]?.stack}`);
  expect(end === 'exception' || failures.length === 0, `a worker thread failed: ${failures[0]?.stack}`);
  return end === 'terminated' ? `${end} ${when}` : end;
}

async function work({ end, raw, iterations, model }) {
  const { Dreamer } = await import('../../../dist/esm/index.js');
  const dreamer = await Dreamer.load({ device: 'cpu', xla: false, model });
  parentPort.postMessage('loaded');
  let told = false;
  const onProgress = () => {
    if (!told) parentPort.postMessage('dreaming');
    told = true;
  };
  const dreaming = dreamer.dream(raw, { layer: 'mixed3b', octaves: 1, iterations, onProgress });
  if (end === 'exit') setTimeout(() => process.exit(3), 5);
  if (end === 'exception')
    setTimeout(() => {
      throw new Error('thrown on purpose');
    }, 5);
  await dreaming;
  if (end === 'exit' || end === 'exception') setTimeout(() => undefined, 1000);
  if (end === 'disposed') await dreamer.dispose();
}

if (!isMainThread && workerData?.model) await work(workerData);
