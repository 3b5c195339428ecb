// npm test [-- vitest's arguments]: all the set-up that a fresh clone needs, the checks, the tests, of all of them how many lines
// they run (docs/coverage.md). Ends with a plain line `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { counted, resetLibrary } from './coverage/data.mjs';
import { buildCounting, COUNTING, gcovrPython, NATIVE_TESTS, resetNative } from './coverage/native.mjs';
import { runTests } from './setup/run-tests.mjs';
import { orExit, root, runLogged, SetupError } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';

const args = process.argv.slice(2);

function check(name, script) {
  process.stderr.write(`livedream: checking ${name} ...\n`);
  runLogged(`check-${script}`, process.execPath, ['tools/run-script.mjs', script]);
}

/** Tests of the real networks name ../shared; where that folder is, none of them may be skipped. */
function skippedThoughShared(tests) {
  if (!existsSync(path.join(root, '../shared/models'))) return [];
  return tests.filter(
    ({ status, fullName }) => ['skipped', 'pending'].includes(status) && fullName.includes('../shared'),
  );
}

/** What counts native code, set up; undefined where GCC or gcovr cannot be had. */
function nativeCounting() {
  try {
    buildCounting();
    return gcovrPython();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`livedream: the coverage of native/ cannot be told here: ${error.message}`);
    return undefined;
  }
}

/** Tells both figures. Those of native/ take an addon of their own, and with it some of the tests once more. */
async function coverage() {
  const { tellLibrary, tellNative } = await import('./coverage/tell.mjs');
  const library = await tellLibrary();
  const python = nativeCounting();
  if (python === undefined) return { failed: 0, enough: library };
  resetNative();
  const { failed } = runTests('test-report-native', NATIVE_TESTS, { ...counted.env, LIVEDREAM_PREBUILD: COUNTING });
  return { failed, enough: tellNative(python) && library };
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
const all = args.length === 0;
if (all) resetLibrary();
const main = runTests('test-report', all ? counted.args : args, all ? counted.env : {});
const wronglySkipped = skippedThoughShared(main.tests);
for (const { fullName } of wronglySkipped) console.error(`skipped although ../shared is there: ${fullName}`);
const covered = all ? await coverage() : { failed: 0, enough: true };
const failed = main.failed + covered.failed + wronglySkipped.length;
console.log(`${main.passed} passed, ${failed} failed${main.skipped > 0 ? `, ${main.skipped} skipped` : ''}`);
process.exit(failed === 0 && main.passed > 0 && main.status === 0 && covered.enough ? 0 : 1);
