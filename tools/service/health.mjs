// Asks /healthz ten times a second on a thread of its own, so that what keeps the load's thread busy does not count.
import http from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const EVERY = 100;

/** @returns a function that ends it and gives the milliseconds of every answer */
export function watchHealth(url) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url } });
  return async () => {
    worker.postMessage('end');
    const found = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    return found;
  };
}

function watch({ url }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const found = { times: [], failed: 0 };
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    const start = performance.now();
    const request = http.get(`${url}/healthz`, { agent }, (response) => {
      response.resume().on('end', () => {
        asking = false;
        if (response.statusCode === 200) found.times.push(performance.now() - start);
        else found.failed += 1;
      });
    });
    request.on('error', () => {
      asking = false;
      found.failed += 1;
    });
  }, EVERY);
  parentPort.once('message', () => {
    clearInterval(timer);
    parentPort.postMessage(found);
  });
}

if (!isMainThread) watch(workerData);
