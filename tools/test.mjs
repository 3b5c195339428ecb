// npm test [-- vitest's arguments]: all the set-up that a fresh clone needs, the checks, the tests. Ends with a plain line
// `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { orExit, root, runLogged } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';

const report = path.join(root, '.cache/test-report.json');
const args = process.argv.slice(2);

function check(name, script) {
  process.stderr.write(`livedream: checking ${name} ...\n`);
  runLogged(`check-${script}`, process.execPath, ['tools/run-script.mjs', script]);
}

/** Tests of the real networks name ../shared; where that folder is, none of them may be skipped. */
function skippedThoughShared(tests) {
  if (!existsSync(path.join(root, '../shared/models'))) return [];
  return tests.filter(({ status, fullName }) => status === 'skipped' && fullName.includes('../shared'));
}

// The training's Python is a large download: it goes on beside the build. Without it the training's test is skipped.
const training = once(
  spawn(process.execPath, ['tools/train/setup.mjs'], { stdio: ['ignore', 'ignore', 'inherit'], cwd: root }),
  'close',
);
orExit(() => {
  setUp();
  // The Python reference; where it cannot be had the tests fall back to golden results.
  spawnSync(process.execPath, ['tools/reference/setup.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  // The fuzzer of the service, whose test is skipped without it.
  spawnSync(process.execPath, ['tools/fuzz/setup.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  // The S3 server of the farm's tests, which are skipped without it.
  spawnSync(process.execPath, ['tools/s3/setup.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (args.length === 0)
    for (const [name, script] of [
      ['types', 'check:types'],
      ['style', 'check:lint'],
      ['the native code', 'check:native'],
    ])
      check(name, script);
});
await training;
mkdirSync(path.dirname(report), { recursive: true });
rmSync(report, { force: true });
const vitest = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ],
  { cwd: root, stdio: 'inherit' },
);
if (!existsSync(report)) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const results = JSON.parse(readFileSync(report, 'utf8'));
const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults);
const passed = tests.filter(({ status }) => status === 'passed').length;
const skipped = tests.filter(({ status }) => ['skipped', 'pending', 'todo', 'disabled'].includes(status)).length;
const wronglySkipped = skippedThoughShared(
  tests.map((test) => ({ ...test, status: test.status === 'pending' ? 'skipped' : test.status })),
);
for (const { fullName } of wronglySkipped) console.error(`skipped although ../shared is there: ${fullName}`);
// A file that could not even be loaded has no tests but counts.
const brokenFiles = results.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
).length;
const failed = tests.filter(({ status }) => status === 'failed').length + wronglySkipped.length + brokenFiles;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && passed > 0 && vitest.status === 0 ? 0 : 1);
