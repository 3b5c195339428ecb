// npm run check:native: clang-format and clang-tidy over native/, where they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const files = readdirSync(path.join(root, 'native'), { recursive: true })
  .filter((name) => /\.(cc|h)$/.test(name))
  .map((name) => path.join('native', name));

function has(tool) {
  const there = spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!there) console.error(`${tool} is not installed, so the native code is not checked by it`);
  return there;
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
