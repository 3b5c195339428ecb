// Two Dreamers of one process that compile the same, the second so many milliseconds after the first, for several of them; prints
// what each dream compiled: node staggered-child.mjs GRAPH
import { setTimeout as sleep } from 'node:timers/promises';
import { Dreamer } from '../../dist/esm/index.js';

const [graph] = process.argv.slice(2);
const [width, height] = [64, 48];
const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => ((i * 2654435761) >>> 8) % 256);
const found = [];
for (const after of [0, 0, 40, 80, 120, 160, 200, 240, 280, 320]) {
  const load = () => Dreamer.load({ model: { graph, defaultLayer: 'mixed3a' }, device: 'cpu', xla: true });
  const dreamers = [await load(), await load()];
  const dreams = dreamers.map(async (dreamer, index) => {
    await sleep(index * after);
    return dreamer.dream({ data, width, height, channels: 3 }, { octaves: 1, iterations: 2, seed: 3 });
  });
  for (const { timings } of await Promise.all(dreams)) {
    found.push([timings.compilations, timings.compilationsFromCache]);
  }
  await Promise.all(dreamers.map((dreamer) => dreamer.dispose()));
}
console.log(JSON.stringify(found));
