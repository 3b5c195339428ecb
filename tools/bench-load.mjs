// What loading a model takes, TensorFlow's own start left out: npm run bench:load -- [MODEL] [rounds]
import path from 'node:path';
import { Dreamer } from '../dist/esm/index.js';

const [model = 'dream', rounds = '15'] = process.argv.slice(2);

async function load() {
  const started = performance.now();
  const dreamer = await Dreamer.load({ model, device: 'cpu' });
  const taken = performance.now() - started;
  await dreamer.dispose();
  return taken;
}

await load();
const times = [];
for (let i = 0; i < Number(rounds); i += 1) times.push(await load());
times.sort((a, b) => a - b);
console.log(
  `${path.basename(model)}: median ${times[Math.floor(times.length / 2)].toFixed(1)} ms of ${times.length} loads, least ${times[0].toFixed(1)} ms`,
);
