// npm run fuzz:library: coverage-guided fuzzing of what reads options, model descriptions, recipes, terms, graphs as text and pictures.
// Begins with what is kept in test/fuzz/TARGET, and keeps there what it finds.
// node tools/fuzz-library.mjs [--target NAME] [--seconds 60 (for each)] [--runs N] [--seed N]
// Exits with 1 for what it found; prints a line of JSON for each target.
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz/run.mjs';
import { TARGETS } from './fuzz/targets.mjs';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    runs: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
});
if (values.target !== undefined && !Object.hasOwn(TARGETS, values.target)) {
  console.error(`There is no target '${values.target}'; there are ${Object.keys(TARGETS).join(', ')}.`);
  process.exit(2);
}
const [runs, seconds, seed] = [values.runs, values.seconds, values.seed].map(Number);
for (const name of values.target === undefined ? Object.keys(TARGETS) : [values.target]) {
  const result = await fuzz({ name, seed, runs, seconds });
  console.log(JSON.stringify({ target: name, seed, ...result }));
  if (result.found.length > 0) process.exitCode = 1;
}
