// npm run bench:rewrites: what each rewrite gains: one gradient-ascent step with all of them, without each in turn, and without
// any, in turns in one run. Prints the median milliseconds of each and its median ratio to the step with all.
// node tools/bench-rewrites.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 6] [--xla]
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
    xla: { type: 'boolean', default: false },
  },
});
const [width, height] = values.size.split('x').map(Number);
const all = modeOf({ xla: values.xla });
const modes = {
  all,
  ...Object.fromEntries(
    all.rewrites.map((name) => [`without ${name}`, { ...all, rewrites: all.rewrites.filter((each) => each !== name) }]),
  ),
  none: { ...all, rewrites: [] },
};
const engine = await startEngine(MODELS[values.model](), { width, height });
const steps = Number(values.steps);
const sides = Object.fromEntries(
  Object.entries(modes).map(([name, mode]) => [name, () => engine.stepTime(mode, steps)]),
);
const { ms, ratio } = await inTurns(sides, Number(values.rounds), (round, latest) => {
  const all = Object.values(latest).map((each) => each.toFixed(1));
  console.error(`round ${round}: ${all.join(' ')} ms`);
});
const row = (name) => ({ ms: ms(name), ratio: ratio(name, 'all') });
const rows = Object.fromEntries(Object.keys(modes).map((name) => [name, row(name)]));
console.log(JSON.stringify({ model: values.model, size: values.size, xla: values.xla, rows }, null, 1));
await engine.stop();
