// npm run sanitize [-- vitest's arguments]: builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the
// tests that go through native code, with the real library. Linux with GCC.
// npm run sanitize -- --standin [address | thread]: lets each call of TensorFlow's fail in the stand-in, addon and stand-in built with
// AddressSanitizer and UndefinedBehaviorSanitizer, then with ThreadSanitizer: docs/sanitizers.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { orExit, root, runLogged, SetupError } from './setup/step.mjs';
import { setUp } from './setup/steps.mjs';

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

const leaks = path.join(root, 'tools/sanitize-leaks.txt');
/** A build's folder, in which node-gyp-build looks for build/Release, and how a process runs with it. */
const BUILDS = {
  address: {
    home: path.join(root, '.cache/sanitized'),
    sanitizers: 'address,undefined',
    // Node is not instrumented, so the runtime has to be there before it; libstdc++ too, or exceptions are not intercepted.
    preload: ['libasan.so', 'libubsan.so', 'libstdc++.so'],
    before: [],
    options: {
      // Leaks are reported where their allocation passed through the addon: see the suppressions.
      ASAN_OPTIONS: 'detect_leaks=1:halt_on_error=1:abort_on_error=0:exitcode=99:alloc_dealloc_mismatch=0',
      UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1:exitcode=99',
      LSAN_OPTIONS: `suppressions=${leaks}:print_suppressions=0:exitcode=99`,
    },
  },
  thread: {
    home: path.join(root, '.cache/threads'),
    sanitizers: 'thread',
    preload: ['libtsan.so', 'libstdc++.so'],
    // It has places of its own in memory, which random ones may take.
    before: ['setarch', '-R'],
    // Node's and libvips's own threads are not instrumented and so are told as races: what counts is chosen below.
    options: { TSAN_OPTIONS: 'halt_on_error=0:exitcode=0:report_signal_unsafe=0' },
    reports: /^WARNING: ThreadSanitizer[\s\S]*?^=+$/gm,
  },
};

function runtimeOf(name) {
  const file = execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
  if (!existsSync(file)) throw new SetupError(`GCC's ${name} is missing.`);
  return file;
}

function build(name, source, folder, { sanitizers }) {
  mkdirSync(folder, { recursive: true });
  const settings = [
    '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
    '-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1',
    `-DLIVEDREAM_SANITIZE=${sanitizers}`,
    '-DCMAKE_CXX_COMPILER=g++',
  ];
  runLogged(`sanitize-configure-${name}`, 'cmake', ['-S', source, '-B', folder, ...settings]);
  process.stderr.write(`livedream: building ${name} with ${sanitizers} sanitizers ...\n`);
  runLogged(`sanitize-build-${name}`, 'cmake', ['--build', folder, '--parallel', '2']);
}

/** Reports that have code of ours in them; the others are counted. */
function ownReports(text, reports) {
  const all = text.match(reports) ?? [];
  const own = all.filter((report) => /livedream\.node|standin/.test(report));
  if (own.length > 0) console.error(own.join('\n'));
  console.error(`${own.length} reports of livedream's code, ${all.length - own.length} of others' alone`);
  return own;
}

/** Runs Node with a build in the place of the usual addon, and returns its status. */
function run({ home, preload, before, options, reports }, args, environment = {}) {
  const [command, ...rest] = [...before, process.execPath, ...args];
  const env = {
    ...process.env,
    ...options,
    ...environment,
    LIVEDREAM_PREBUILD: home,
    LD_PRELOAD: preload.map(runtimeOf).join(':'),
  };
  if (reports === undefined) return spawnSync(command, rest, { cwd: root, stdio: 'inherit', env }).status ?? 1;
  const stdio = ['ignore', 'inherit', 'pipe'];
  const { status, stderr } = spawnSync(command, rest, { cwd: root, stdio, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return ownReports(stderr, reports).length > 0 ? 99 : (status ?? 1);
}

function buildAddon(chosen) {
  build('addon', root, path.join(chosen.home, 'build'), chosen);
}

function walk(chosen) {
  const standin = path.join(chosen.home, 'standin');
  buildAddon(chosen);
  build('stand-in', path.join(root, 'tools/standin'), standin, chosen);
  return run(chosen, ['tools/standin/walk.mjs', path.join(root, 'dist/esm/index.js')], {
    LIVEDREAM_STANDIN: standin,
    LIVEDREAM_WALK_LONGEST: '120000',
    // The stand-in's own leaks count, so that the library of its name is not let off.
    LSAN_OPTIONS: `suppressions=${path.join(root, 'tools/standin/leaks.txt')}:print_suppressions=0:exitcode=99`,
  });
}

function tests(given) {
  const files = given.length > 0 ? given : NATIVE_TESTS;
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=600000', ...files];
  buildAddon(BUILDS.address);
  return run(BUILDS.address, args);
}

const [first, ...others] = process.argv.slice(2);
const status = orExit(() => {
  if (process.platform !== 'linux') throw new SetupError('The sanitizers are set up for Linux.');
  setUp({ withTensorflow: first !== '--standin' });
  if (first !== '--standin') return tests(process.argv.slice(2));
  const names = others.length > 0 ? others : Object.keys(BUILDS);
  const unknown = names.find((name) => BUILDS[name] === undefined);
  if (unknown !== undefined)
    throw new SetupError(`--standin takes ${Object.keys(BUILDS).join(' or ')}, not '${unknown}'.`);
  return Math.max(...names.map((name) => walk(BUILDS[name])));
});
process.exit(status);
