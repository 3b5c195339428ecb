// npm run bench:xla: one gradient-ascent step of the engine with XLA, of tf.function(jit_compile=True) in TensorFlow Python, and of
// the engine without XLA, in turns in one run, so that the machine's moods hit all alike. Prints milliseconds and ratios; needs the
// Python reference (tools/reference/setup.mjs).
// node tools/bench-xla.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 12] [--loop native|compiled]
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
    loop: { type: 'string', default: 'native' },
  },
});
const [width, height] = values.size.split('x').map(Number);
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];
const model = MODELS[values.model]();
const python = startPython('bench_xla.py', model, { width, height, steps });
const engine = await startEngine(model, { width, height });
const sides = {
  python: () => python.stepTime(),
  xla: () => engine.stepTime(modeOf({ xla: true, loop: values.loop }), steps),
  ordinary: () => engine.stepTime(modeOf(), steps),
};
const { ms, ratio } = await inTurns(sides, rounds, (round, { python: p, xla: x, ordinary: o }) => {
  console.error(
    `round ${round}: tf.function with XLA ${p.toFixed(1)} ms, engine with XLA ${x.toFixed(1)} ms, without ${o.toFixed(1)} ms, ` +
      `ratios ${(x / p).toFixed(3)} and ${(x / o).toFixed(3)}`,
  );
});
console.log(
  JSON.stringify({
    model: values.model,
    size: values.size,
    loop: values.loop,
    tfFunctionXlaMs: ms('python'),
    engineXlaMs: ms('xla'),
    engineOrdinaryMs: ms('ordinary'),
    toTfFunctionXla: ratio('xla', 'python'),
    toOrdinary: ratio('xla', 'ordinary'),
  }),
);
python.stop();
await engine.stop();
