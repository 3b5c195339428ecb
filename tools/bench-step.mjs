// npm run bench: one gradient-ascent step of the engine and of TensorFlow Python's session, in turns in one run, so that the
// machine's moods hit both alike. Prints milliseconds and the ratio; needs the Python reference (tools/reference/setup.mjs).
// node tools/bench-step.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 12]
import { parseArgs } from 'node:util';
import { median, modeOf, startEngine } from './bench/engine.mjs';
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';
import { startPython } from './bench/python.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: DEFAULT_MODEL },
    size: { type: 'string', default: '480x360' },
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '12' },
  },
});
const [width, height] = values.size.split('x').map(Number);
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];

const model = MODELS[values.model]();
const python = startPython('bench_step.py', model, { width, height, steps });
const engine = await startEngine(model, { width, height });
const mode = modeOf();
await python.stepTime();
await engine.stepTime(mode, steps);
const results = { python: [], engine: [] };
for (let round = 0; round < rounds; round += 1) {
  results.python.push(await python.stepTime());
  results.engine.push(await engine.stepTime(mode, steps));
  const [p, e] = [results.python.at(-1), results.engine.at(-1)];
  console.error(
    `round ${round + 1}: Python session ${p.toFixed(1)} ms, engine ${e.toFixed(1)} ms, ratio ${(e / p).toFixed(3)}`,
  );
}
const ratios = results.engine.map((time, round) => time / results.python[round]);
console.log(
  JSON.stringify({
    model: values.model,
    size: values.size,
    pythonSessionMs: Number(median(results.python).toFixed(2)),
    engineMs: Number(median(results.engine).toFixed(2)),
    medianRatio: Number(median(ratios).toFixed(3)),
  }),
);
python.stop();
await engine.stop();
