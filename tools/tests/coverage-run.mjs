// What npm test measures of its tests' coverage: docs/coverage.md.
import { spawnSync } from 'node:child_process';
import { counted, resetLibrary } from '../coverage/data.mjs';
import { buildCounting, COUNTING, gcovrPython, NATIVE_TESTS, resetNative } from '../coverage/native.mjs';
import { SetupError } from '../setup/step.mjs';
import { runVitest } from './vitest-run.mjs';

/** Programs without which many tests are skipped, and their lines with them. */
const NEEDED = ['ffmpeg', 'redis-server'];

function lacking() {
  return NEEDED.filter((program) => spawnSync('which', [program], { stdio: 'ignore' }).status !== 0);
}

/** All the tests, counting lib/; then those that run most of native/, with the addon that counts. */
export async function runCounted() {
  resetLibrary();
  const results = runVitest({ name: 'test-report', args: counted.args, env: { ...process.env, ...counted.env } });
  const native = runNative();
  // Its packages were installed a moment ago.
  const { tellLibrary, tellNative } = await import('../coverage/tell.mjs');
  const enough = [await tellLibrary(), native.python === undefined || tellNative(native.python)];
  const missing = lacking();
  if (missing.length > 0) console.log(`coverage is not held to its bounds without ${missing.join(' and ')}`);
  const whole = results.whole && native.whole && (missing.length > 0 || enough.every(Boolean));
  return { ...results, failed: results.failed + native.failed, whole };
}

/** Without GCC or gcovr nothing is known of native/, which its line says. */
function runNative() {
  let python;
  try {
    buildCounting();
    python = gcovrPython();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(`line coverage of native/: not measured. ${error.message}`);
    return { failed: 0, whole: true };
  }
  resetNative();
  const env = { ...process.env, LIVEDREAM_PREBUILD: COUNTING };
  const { failed, whole } = runVitest({ name: 'coverage-report', args: NATIVE_TESTS, env });
  return { failed, whole, python };
}
