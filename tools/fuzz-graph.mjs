// npm run fuzz:graph: libFuzzer over the files of models: what prepares a graph, before TensorFlow is given it, under AddressSanitizer
// and UndefinedBehaviorSanitizer. Begins with the graphs of test/fuzz/graph, and puts what ends the program there.
// node tools/fuzz-graph.mjs [--seconds 60] [--seed N]
// Exits with 3 where there is no clang, with 1 for what it found.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { doctor } from '../dist/esm/index.js';
import { buildGraphFuzzer, findClang, fuzzerEnvironment } from './fuzz/graph-target.mjs';
import { orExit, root } from './setup/step.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
});
const clang = findClang();
if (clang === undefined) {
  console.error('clang++ is not installed, which has libFuzzer');
  process.exit(3);
}
const program = orExit(() => buildGraphFuzzer(clang));
const { runtime } = await doctor();
const kept = path.join(root, 'test/fuzz/graph');
// What covers more than was known stays here, for the next run.
const corpus = path.join(root, '.cache/fuzz-graph/corpus');
mkdirSync(corpus, { recursive: true });
const { status } = spawnSync(
  program,
  [
    `-max_total_time=${values.seconds}`,
    `-seed=${values.seed}`,
    '-max_len=65536',
    '-timeout=20',
    '-rss_limit_mb=4096',
    `-artifact_prefix=${kept}/`,
    corpus,
    kept,
  ],
  { stdio: 'inherit', env: fuzzerEnvironment(runtime) },
);
process.exit(status === 0 ? 0 : 1);
