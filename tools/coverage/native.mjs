// Coverage of native/: an addon that counts its lines, and what gcovr tells of the counts. GCC.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pythonEnvironment } from '../setup/python.mjs';
import { root, runLogged, step } from '../setup/step.mjs';

/** What LIVEDREAM_PREBUILD is to name, and the folder of its build. */
export const COUNTING = path.join(root, '.cache/coverage/addon');
const build = path.join(COUNTING, 'build');

/** An interpreter that has gcovr. Throws SetupError where it cannot be had. */
export function gcovrPython() {
  return pythonEnvironment('coverage', 'tools/coverage/requirements.txt');
}

/** Builds it unless it is there and up to date. */
export function buildCounting() {
  step({
    name: 'coverage-addon',
    doing: 'building the addon that counts its lines',
    inputs: ['CMakeLists.txt', 'native', 'package-lock.json'],
    outputs: ['.cache/coverage/addon/build/Release/livedream.node'],
    run: () => {
      // Nothing of an older build may be left: its counts would be of other lines.
      rmSync(build, { recursive: true, force: true });
      mkdirSync(build, { recursive: true });
      const settings = ['-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_CXX_FLAGS_RELEASE=-O2', '-DLIVEDREAM_COVERAGE=ON'];
      runLogged('coverage-configure', 'cmake', ['-S', root, '-B', build, '-DCMAKE_CXX_COMPILER=g++', ...settings]);
      runLogged('coverage-build', 'cmake', ['--build', build, '--parallel', '2']);
    },
  });
}

/** Forgets what was counted. */
export function resetNative() {
  for (const name of readdirSync(build, { recursive: true }))
    if (name.endsWith('.gcda')) rmSync(path.join(build, name));
}

/**
 * Writes the report into a folder: index.html, lines.txt.
 * @returns {{ file: string, lines: number, covered: number }[]}
 */
export function nativeFiles(python, folder) {
  mkdirSync(folder, { recursive: true });
  const summary = path.join(folder, 'summary.json');
  const reports = [
    ['--json-summary', summary],
    ['--html-details', path.join(folder, 'index.html')],
    ['--txt', path.join(folder, 'lines.txt')],
  ];
  const what = ['--root', root, '--filter', 'native/', '--exclude', 'native/vendor/', '--merge-lines'];
  // More often than gcovr believes: the innermost loops of kernels do run billions of times.
  what.push('--gcov-suspicious-hits-threshold=0');
  runLogged('coverage-gcovr', python, ['-m', 'gcovr', ...what, ...reports.flat(), build]);
  const { files } = JSON.parse(readFileSync(summary, 'utf8'));
  return files.map(({ filename, line_total, line_covered }) => ({
    file: filename,
    lines: line_total,
    covered: line_covered,
  }));
}

/** Tests that run most of native/ in little time, for CI. Those of streams' own kernels and of layouts take minutes with counters. */
export const NATIVE_TESTS = [
  ...['native', 'profile'].map((folder) => `test/${folder}/`),
  ...['inputs', 'operations', 'winograd'].map((name) => `test/correctness/${name}.test.ts`),
  ...['guides', 'mask'].map((name) => `test/api/${name}.test.ts`),
  ...['given-values', 'graphs'].map((name) => `test/model/${name}.test.ts`),
  ...['control', 'optical-flow'].map((name) => `test/stream/${name}.test.ts`),
  ...['bench/peak', 'gpu/cuda-build'].map((name) => `test/${name}.test.ts`),
];
