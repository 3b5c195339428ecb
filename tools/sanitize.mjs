// npm run sanitize [-- vitest's arguments]: builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the
// tests that go through native code, with the real library. Linux with GCC.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { orExit, root, runLogged, SetupError } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';

// node-gyp-build looks for build/Release below the folder that LIVEDREAM_PREBUILD names.
const home = path.join(root, '.cache/sanitized');
const build = path.join(home, 'build');
const NATIVE_TESTS = [
  'test/api/ownership.test.ts',
  'test/api/admission.test.ts',
  'test/api/frames.test.ts',
  'test/api/hostile-model.test.ts',
  'test/api/error-messages.test.ts',
  'test/api/dreamer.test.ts',
  'test/api/bad-input.test.ts',
  'test/api/lifecycle.test.ts',
  'test/correctness/gradients.test.ts',
  'test/correctness/terms.test.ts',
  'test/api/dream-all.test.ts',
  'test/correctness/masks.test.ts',
  'test/correctness/max-pools.test.ts',
  'test/correctness/winograd.test.ts',
  'test/correctness/batches.test.ts',
  'test/correctness/precision.test.ts',
  'test/correctness/prefetch.test.ts',
  'test/correctness/loops.test.ts',
];

function runtimeOf(name) {
  const file = execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
  if (!existsSync(file)) throw new SetupError(`GCC's ${name} is missing.`);
  return file;
}

const preload = orExit(() => {
  if (process.platform !== 'linux') throw new SetupError('The sanitizers are set up for Linux.');
  setUp();
  mkdirSync(build, { recursive: true });
  const settings = [
    '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
    '-DLIVEDREAM_SANITIZE=address,undefined',
    '-DCMAKE_CXX_COMPILER=g++',
  ];
  runLogged('sanitize-configure', 'cmake', ['-S', root, '-B', build, ...settings]);
  process.stderr.write('livedream: building with sanitizers ...\n');
  runLogged('sanitize-build', 'cmake', ['--build', build, '--parallel', '2']);
  // Node is not instrumented, so the runtime has to be there before it; libstdc++ too, or exceptions are not intercepted.
  return ['libasan.so', 'libubsan.so', 'libstdc++.so'].map(runtimeOf).join(':');
});
const given = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=600000', ...(given.length > 0 ? given : NATIVE_TESTS)],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      LIVEDREAM_PREBUILD: home,
      LD_PRELOAD: preload,
      // Leaks are reported where their allocation passed through the addon: see the suppressions.
      ASAN_OPTIONS: 'detect_leaks=1:halt_on_error=1:abort_on_error=0:exitcode=99:alloc_dealloc_mismatch=0',
      UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1:exitcode=99',
      LSAN_OPTIONS: `suppressions=${path.join(root, 'tools/sanitize-leaks.txt')}:print_suppressions=0:exitcode=99`,
    },
  },
);
process.exit(status ?? 1);
