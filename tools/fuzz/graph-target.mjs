// Builds the fuzzer of graphs (tools/fuzz/graph.cc) with clang, AddressSanitizer and UndefinedBehaviorSanitizer.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, runLogged, step } from '../setup/step.mjs';

const home = path.join(root, '.cache/fuzz-graph');
const ROOMS = ['cache', 'tensorflow', 'model'];

/** clang++ by the name that is there; undefined where there is none. */
export function findClang() {
  const names = ['clang++', ...Array.from({ length: 12 }, (_, i) => `clang++-${22 - i}`)];
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** The program, built where it was not yet. Throws SetupError. */
export function buildGraphFuzzer(clang) {
  const program = path.join(home, 'graph');
  step({
    name: 'fuzz-graph',
    doing: 'building the fuzzer of graphs',
    inputs: [
      'tools/fuzz/graph.cc',
      'native/cancellation.h',
      'native/error.h',
      ...ROOMS.map((room) => `native/${room}`),
    ],
    outputs: [path.relative(root, program)],
    run: () => {
      mkdirSync(home, { recursive: true });
      const sources = ROOMS.flatMap((room) =>
        readdirSync(path.join(root, 'native', room))
          .filter((name) => name.endsWith('.cc'))
          .map((name) => path.join(root, 'native', room, name)),
      );
      // As one file, which compiles in a fraction of the time.
      const all = path.join(home, 'all.cc');
      writeFileSync(all, sources.map((name) => `#include "${name}"\n`).join(''));
      const sanitizers = [
        '-fsanitize=fuzzer,address,undefined',
        '-fno-sanitize-recover=all',
        '-fno-omit-frame-pointer',
      ];
      const flags = ['-std=c++17', '-O1', '-g', ...sanitizers, '-I', path.join(root, 'native')];
      runLogged('fuzz-graph', clang, [...flags, all, path.join(root, 'tools/fuzz/graph.cc'), '-ldl', '-o', program]);
    },
  });
  return program;
}

/** What it needs to know of TensorFlow, and no reports of what TensorFlow itself never frees. */
export function fuzzerEnvironment({ framework, library }) {
  return {
    ...process.env,
    LIVEDREAM_FRAMEWORK: framework,
    LIVEDREAM_LIBRARY: library,
    ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
    TF_CPP_MIN_LOG_LEVEL: '3',
  };
}
