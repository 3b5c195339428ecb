// npm run check:native: clang-format and clang-tidy over native/, where they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const files = readdirSync(path.join(root, 'native'), { recursive: true })
  .filter((name) => /\.(cc|h)$/.test(name) && !name.startsWith('vendor'))
  .map((name) => path.join('native', name));

function has(tool) {
  const there = spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!there) console.error(`${tool} is not installed, so the native code is not checked by it`);
  return there;
}

/** What each room may include, besides itself: native/tensorflow knows nothing of the dream, nor the dream of Node. */
const BELOW = {
  cache: [],
  tensorflow: ['cache'],
  kernels: ['tensorflow'],
  flow: ['kernels'],
  model: ['tensorflow'],
  dream: ['tensorflow', 'kernels', 'flow', 'model'],
  node: ['cache', 'tensorflow', 'kernels', 'flow', 'model', 'dream'],
};
for (const file of files) {
  const room = file.split(path.sep)[1];
  for (const [, other] of readFileSync(path.join(root, file), 'utf8').matchAll(/#include "(\w+)\//g)) {
    if (room === other || !(room in BELOW) || BELOW[room].includes(other)) continue;
    console.error(`${file} includes ${other}/, which is above native/${room}: docs/architecture.md`);
    process.exitCode = 1;
  }
}

/** clang-tidy counts the warnings of system headers on stderr, which nobody wants to read. */
function run(tool, args, stderr) {
  return new Promise((resolve) => {
    spawn(tool, args, { cwd: root, stdio: ['ignore', 'inherit', stderr] }).once('close', (status) => {
      if (status !== 0) process.exitCode = 1;
      resolve();
    });
  });
}

if (has('clang-format')) await run('clang-format', ['--dry-run', '--Werror', ...files], 'inherit');
if (has('clang-tidy')) {
  const sources = files.filter((name) => name.endsWith('.cc'));
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (let file = sources.pop(); file; file = sources.pop())
      await run('clang-tidy', ['-p', 'build', '--quiet', file], 'ignore');
  });
  await Promise.all(workers);
}
