// npm test [-- vitest's arguments]: all the set-up that a fresh clone needs, the checks, the tests and their coverage. Ends with a plain
// line `N passed, N failed`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { orExit, root, runLogged } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';
import { runCounted } from './tests/coverage-run.mjs';
import { runVitest } from './tests/vitest-run.mjs';

const args = process.argv.slice(2);

function check(name, script) {
  process.stderr.write(`livedream: checking ${name} ...\n`);
  runLogged(`check-${script}`, process.execPath, ['tools/run-script.mjs', script]);
}

// Downloads, of which one is 5 GB: they go on beside the build and the checks. Tests that lack theirs are skipped, or fall back.
const environments = ['train', 'reference', 'fuzz', 's3', 'coverage'].map((name) =>
  once(
    spawn(process.execPath, [`tools/${name}/setup.mjs`], { stdio: ['ignore', 'ignore', 'inherit'], cwd: root }),
    'close',
  ),
);
orExit(() => {
  setUp();
  if (args.length === 0)
    for (const [name, script] of [
      ['types', 'check:types'],
      ['style', 'check:lint'],
      ['the native code', 'check:native'],
    ])
      check(name, script);
});
await Promise.all(environments);
// What some of the tests run of the code says nothing.
const results = args.length === 0 ? await runCounted() : runVitest({ name: 'test-report', args });
const { passed, failed, skipped, whole } = results;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && passed > 0 && whole ? 0 : 1);
