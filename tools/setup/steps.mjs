// What a fresh clone needs before it can dream and be tested: dependencies, the addon, the library, TensorFlow, its stand-in.
import { spawnSync } from 'node:child_process';
import { announce, root, runLogged, SetupError, step } from './step.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const NATIVE = ['CMakeLists.txt', 'native', 'package-lock.json'];
const LIBRARY = [
  'lib',
  'tools/build-lib.mjs',
  'tsconfig.json',
  'tsconfig.esm.json',
  'tsconfig.cjs.json',
  'package-lock.json',
];

function requireProgram(command, hint) {
  if (spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new SetupError(`${command} is missing. ${hint}`);
  }
}

function dependencies() {
  step({
    name: 'dependencies',
    doing: 'installing the npm packages',
    inputs: ['package-lock.json'],
    outputs: ['node_modules'],
    // No scripts: none of the packages needs one, and ours would build before there is anything to build with.
    run: () => runLogged('dependencies', npm, ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--include=dev']),
  });
}

function addon() {
  step({
    name: 'addon',
    doing: 'building the native addon',
    inputs: NATIVE,
    outputs: ['build/Release/livedream.node'],
    run: () => {
      requireProgram('cmake', 'Debian: apt-get install cmake g++; macOS: brew install cmake, xcode-select --install.');
      const hint = 'It needs cmake 3.20 and a C++17 compiler (Debian: apt-get install cmake g++).';
      runLogged('addon', process.execPath, ['node_modules/cmake-js/bin/cmake-js', 'build'], { hint });
    },
  });
}

function library() {
  step({
    name: 'library',
    doing: 'compiling the TypeScript',
    inputs: LIBRARY,
    outputs: ['dist/esm/cli/main.js', 'dist/cjs/index.js'],
    run: () => runLogged('library', process.execPath, ['tools/build-lib.mjs']),
  });
}

/** What tests of TensorFlow's failures open in its place: docs/sanitizers.md. */
function standin() {
  const suffix = process.platform === 'darwin' ? '.2.dylib' : '.so.2';
  step({
    name: 'standin',
    doing: 'building the stand-in of TensorFlow for tests',
    inputs: ['tools/standin', 'native/tensorflow', 'package-lock.json'],
    outputs: [`.cache/standin/libtensorflow_cc${suffix}`, `.cache/standin/libtensorflow_framework${suffix}`],
    run: () => {
      runLogged('standin-configure', 'cmake', ['-S', 'tools/standin', '-B', '.cache/standin']);
      runLogged('standin', 'cmake', ['--build', '.cache/standin', '--parallel', '2']);
    },
  });
}

/** Not a stamped step: looking for TensorFlow takes no time where it is installed. */
function tensorflow() {
  const look = "await (await import('./dist/esm/runtime/find/find.js')).findRuntime()";
  const found = spawnSync(process.execPath, ['--input-type=module', '--eval', look], { cwd: root, stdio: 'ignore' });
  if (found.status === 0) return;
  announce('installing TensorFlow', ' (260 MB to download, once for all your projects)', () => {
    const { status } = spawnSync(process.execPath, ['dist/esm/cli/main.js', 'install'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new SetupError('TensorFlow could not be installed; the reason stands above.');
  });
}

/** Everything that `npm run dream` and `npm test` need; quick when it is there. TensorFlow may be left to the caller. */
export function setUp({ withTensorflow = true } = {}) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11))
    throw new SetupError(`Node 20.11 or later is needed, and this is ${process.version}.`);
  for (const each of [dependencies, addon, library, standin]) each();
  if (withTensorflow) tensorflow();
}
