// npm run bench:rewrites: what each rewrite gains: one gradient-ascent step with all of them, without each in turn, and without
// any, in turns in one run. Prints the median milliseconds of each and its median ratio to the step with all.
// node tools/bench-rewrites.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 6] [--xla]
import { parseArgs } from 'node:util';
import { median, modeOf, startEngine } from './bench/engine.mjs';
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';

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
const times = Object.fromEntries(Object.keys(modes).map((name) => [name, []]));
for (const mode of Object.values(modes)) await engine.stepTime(mode, 3);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [name, mode] of Object.entries(modes)) times[name].push(await engine.stepTime(mode, Number(values.steps)));
  console.error(
    `round ${round + 1}: ${Object.values(times)
      .map((each) => each.at(-1).toFixed(1))
      .join(' ')} ms`,
  );
}
const row = (name) => ({
  ms: Number(median(times[name]).toFixed(1)),
  ratio: Number(median(times[name].map((time, i) => time / times.all[i])).toFixed(3)),
});
const rows = Object.fromEntries(Object.keys(modes).map((name) => [name, row(name)]));
console.log(JSON.stringify({ model: values.model, size: values.size, xla: values.xla, rows }, null, 1));
await engine.stop();
