// npm run bench:precision: a gradient-ascent step in bfloat16 and in float32, in turns in one run: milliseconds, the median of
// the ratios, and the cosine of the first gradients.
// node tools/bench-precision.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 6] [--precision bfloat16]
import { parseArgs } from 'node:util';
import { modeOf, startEngine } from './bench/engine.mjs';
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';
import { inTurns } from './bench/turns.mjs';

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
const steps = Number(values.steps);
const model = MODELS[values.model]();

async function start(precision) {
  const engine = await startEngine(model, { width, height, precision });
  const mode = modeOf({ precision });
  const first = await engine.gradient(mode);
  return { first, time: () => engine.stepTime(mode, steps), stop: () => engine.stop() };
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

const full = await start('float32');
const reduced = await start(values.precision);
const sides = { float32: full.time, reduced: reduced.time };
const { ms, ratio } = await inTurns(sides, Number(values.rounds), (round, latest) => {
  console.error(`round ${round}: ${latest.float32.toFixed(1)} and ${latest.reduced.toFixed(1)} ms`);
});
console.log(
  JSON.stringify({
    ...{ model: values.model, size: values.size, precision: values.precision },
    ...{ float32Ms: ms('float32'), reducedMs: ms('reduced'), medianRatio: ratio('reduced', 'float32') },
    cosine: Number(cosine(full.first.data, reduced.first.data).toFixed(4)),
    objectives: [full.first.objective, reduced.first.objective],
  }),
);
await full.stop();
await reduced.stop();
