// npm run bench: one gradient-ascent step of the engine and of TensorFlow Python's session, in turns in one run, so that the
// machine's moods hit both alike, and what the step's convolutions alone would take at the rate of the best convolution. Prints
// milliseconds and ratios; needs the Python reference (tools/reference/setup.mjs).
// node tools/bench-step.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 12]
import { parseArgs } from 'node:util';
import { modeOf, startEngine } from './bench/engine.mjs';
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';
import { startPython } from './bench/python.mjs';
import { inTurns } from './bench/turns.mjs';

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
const peak = startPython('bench_peak.py', model, { width, height, steps });
const engine = await startEngine(model, { width, height });
const mode = modeOf();
const sides = {
  python: () => python.stepTime(),
  engine: () => engine.stepTime(mode, steps),
  peak: () => peak.stepTime(),
};
const { ms, ratio } = await inTurns(sides, rounds, (round, { python: p, engine: e, peak: c }) => {
  console.error(
    `round ${round}: Python session ${p.toFixed(1)} ms, engine ${e.toFixed(1)} ms, its convolutions at peak ${c.toFixed(1)} ms`,
  );
});
console.log(
  JSON.stringify({
    model: values.model,
    size: values.size,
    pythonSessionMs: ms('python'),
    engineMs: ms('engine'),
    convolutionsAtPeakMs: ms('peak'),
    medianRatio: ratio('engine', 'python'),
    shareOfPeak: ratio('peak', 'engine'),
    pythonShareOfPeak: ratio('peak', 'python'),
  }),
);
python.stop();
peak.stop();
await engine.stop();
