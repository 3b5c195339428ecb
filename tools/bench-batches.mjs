// npm run bench:batches: where computing pictures side by side pays. Milliseconds of one picture's step in batches of several
// sizes, which take turns, as medians; prints JSON. lib/tuning/rule.ts rests on it.
// node tools/bench-batches.mjs [--model inception5h|FILE|NAME] [--sides 80,160,...] [--batches 1,2,4,8] [--rounds 7] [--xla]
import { parseArgs } from 'node:util';
import { Dreamer } from '../dist/esm/index.js';
import { median } from './bench/engine.mjs';
import { hasInception5h, inception5h } from './bench-network.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: hasInception5h ? 'inception5h' : 'dream' },
    device: { type: 'string', default: 'cpu' },
    sides: { type: 'string', default: '80,112,160,224,320,480' },
    batches: { type: 'string', default: '1,2,4,8' },
    rounds: { type: 'string', default: '7' },
    xla: { type: 'boolean', default: false },
  },
});
const numbers = (text) => text.split(',').map(Number);
const STEPS = 3;

function pictures(side, count) {
  return Array.from({ length: count }, (_, seed) => ({
    data: Uint8Array.from({ length: side * side * 3 }, (_unused, i) => (((i + seed) * 2654435761) >>> 8) % 256),
    width: side,
    height: side,
    channels: 3,
  }));
}

const { model: name, device, xla } = values;
const model = name === 'inception5h' ? inception5h() : name;
const dreamer = await Dreamer.load({ model, device, xla, programCacheLimit: 2 ** 31 });
const channel = name === 'inception5h' ? { layer: model.defaultLayer, channel: 139 } : {};

/** Milliseconds that a step of one picture takes. */
async function step(side, batch) {
  const options = { ...channel, octaves: 1, iterations: STEPS, tileSize: 1024, normalize: 'none', batch };
  let timings;
  for await (const { dream } of dreamer.dreamAll(pictures(side, batch), options)) timings = dream.timings;
  return { ms: timings.steps / (timings.programsBuilt > 0 ? STEPS - 1 : STEPS) / batch, compile: timings.compile };
}

const results = [];
for (const side of numbers(values.sides)) {
  const found = numbers(values.batches).map((batch) => ({ batch, times: [], compile: 0 }));
  for (let round = -1; round < Number(values.rounds); round += 1) {
    for (const each of found) {
      const { ms, compile } = await step(side, each.batch);
      if (round < 0) each.compile = compile;
      else each.times.push(ms);
    }
  }
  const row = found.map(({ batch, times, compile }) => {
    return {
      batch,
      msPerPicture: Number(median(times).toFixed(2)),
      least: Number(Math.min(...times).toFixed(2)),
      compile: Math.round(compile),
    };
  });
  console.error(side, row.map(({ batch, msPerPicture }) => `${batch}: ${msPerPicture} ms`).join(', '));
  results.push({ side, batches: row });
}
await dreamer.dispose();
console.log(JSON.stringify({ model: name, device: dreamer.device, xla, results }, undefined, 2));
