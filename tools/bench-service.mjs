// npm run bench:service: what the service costs beside the API: the same pictures with the same Dreamer, by `dreamer.dream` and
// `toBuffer` and by POST /v1/dreams, in turns; as many under way at a time. Its clients have a thread of their own.
// node tools/bench-service.mjs [--sizes 96x72,320x240] [--pictures 24] [--together 4] [--rounds 9]
import http from 'node:http';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '96x72,320x240' },
    pictures: { type: 'string', default: '24' },
    together: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '9' },
    octaves: { type: 'string', default: '3' },
    iterations: { type: 'string', default: '5' },
    image: { type: 'string', default: 'docs/images/sample.jpg' },
  },
});
const together = Number(values.together);

/** All of them, so many at a time. */
async function each(list, work) {
  const left = [...list];
  const one = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: together }, one));
}

/** On a thread of its own: sends all pictures whenever it is told to. */
function clients({ url, pictures }) {
  const agent = new http.Agent({ keepAlive: true });
  const post = (picture) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'image/jpeg', 'content-length': picture.length };
      const request = http.request(url, { method: 'POST', headers, agent }, async (response) => {
        const chunks = await response.toArray();
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(Buffer.concat(chunks).toString()));
      });
      request.on('error', reject);
      request.end(picture);
    });
  parentPort.on('message', async () => {
    const start = performance.now();
    await each(pictures, post);
    parentPort.postMessage(performance.now() - start);
  });
}

async function main() {
  const { default: fastify } = await import('fastify');
  const { default: sharp } = await import('sharp');
  const { Dreamer } = await import('../dist/esm/index.js');
  const { livedream } = await import('../dist/esm/service/plugin.js');
  const { inTurns } = await import('./bench/turns.mjs');
  const dreamer = await Dreamer.load();
  const app = fastify();
  await app.register(livedream, { dreamer });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const [octaves, iterations] = [Number(values.octaves), Number(values.iterations)];
  for (const size of values.sizes.split(',')) {
    const [width, height] = size.split('x').map(Number);
    const pictures = await Promise.all(
      Array.from({ length: Number(values.pictures) }, (_, at) =>
        sharp(values.image)
          .resize(width, height, { fit: 'fill' })
          .modulate({ hue: 10 * at })
          .jpeg()
          .toBuffer(),
      ),
    );
    const url = `${address}/v1/dreams?octaves=${octaves}&iterations=${iterations}&format=jpeg`;
    const worker = new Worker(new URL(import.meta.url), { workerData: { url, pictures }, argv: process.argv.slice(2) });
    const sides = {
      api: async () => {
        const start = performance.now();
        await each(pictures, async (picture) =>
          (await dreamer.dream(picture, { octaves, iterations })).toBuffer('jpeg'),
        );
        return performance.now() - start;
      },
      service: () =>
        new Promise((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
          worker.postMessage('go');
        }),
    };
    const { ms, ratio } = await inTurns(sides, Number(values.rounds), (round, latest) =>
      console.error(`${size}, round ${round}: ${JSON.stringify(latest)}`),
    );
    await worker.terminate();
    const perSecond = (name) => Number(((1000 * pictures.length) / ms(name)).toFixed(2));
    const throughput = ratio('api', 'service');
    console.log(
      JSON.stringify({
        size,
        octaves,
        iterations,
        together,
        api: perSecond('api'),
        service: perSecond('service'),
        throughput,
      }),
    );
  }
  await app.close();
  await dreamer.dispose();
}

if (isMainThread) await main();
else clients({ ...workerData, pictures: workerData.pictures.map((bytes) => Buffer.from(bytes)) });
