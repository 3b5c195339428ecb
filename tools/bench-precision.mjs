// npm run bench:precision: a gradient-ascent step in bfloat16 and in float32, in turns in one run: milliseconds, the median of
// the ratios, and the cosine of the first gradients.
// node tools/bench-precision.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 6] [--precision bfloat16]
import { parseArgs } from 'node:util';
import { median, modeOf, startEngine } from './bench/engine.mjs';
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: DEFAULT_MODEL },
    size: { type: 'string', default: '480x360' },
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '6' },
    precision: { type: 'string', default: 'bfloat16' },
  },
});
const [width, height] = values.size.split('x').map(Number);
const model = MODELS[values.model]();

async function side(precision) {
  const engine = await startEngine(model, { width, height, precision });
  const mode = modeOf({ precision });
  const { data, objective } = await engine.gradient(mode);
  await engine.stepTime(mode, 2);
  return { engine, mode, data, objective, times: [] };
}

function cosine(a, b) {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    ab += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

const full = await side('float32');
const reduced = await side(values.precision);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const each of [full, reduced]) each.times.push(await each.engine.stepTime(each.mode, Number(values.steps)));
  console.error(`round ${round + 1}: ${full.times.at(-1).toFixed(1)} and ${reduced.times.at(-1).toFixed(1)} ms`);
}
console.log(
  JSON.stringify({
    ...{ model: values.model, size: values.size, precision: values.precision },
    float32Ms: Number(median(full.times).toFixed(1)),
    reducedMs: Number(median(reduced.times).toFixed(1)),
    medianRatio: Number(median(reduced.times.map((time, i) => time / full.times[i])).toFixed(3)),
    cosine: Number(cosine(full.data, reduced.data).toFixed(4)),
    objectives: [full.objective, reduced.objective],
  }),
);
await full.engine.stop();
await reduced.engine.stop();
