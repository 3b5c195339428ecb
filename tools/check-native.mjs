// npm run check:native: clang-format and clang-tidy over native/, where they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const checks = path.join(root, '.cache/check-native');
const MOST_TOGETHER = 25;
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
/**
 * Compile commands of all sources as if each were compiled by itself, and of a few that include many: the build's own are of
 * such a few, in which rooms are mixed.
 */
function commands(sources) {
  const [{ command, directory }] = JSON.parse(readFileSync(path.join(root, 'build/compile_commands.json'), 'utf8'));
  const flags = command.split(' -o ')[0];
  const rooms = [...new Set(sources.map((name) => name.split(path.sep)[1]))];
  const together = rooms.flatMap((room) => {
    const names = sources.filter((name) => name.split(path.sep)[1] === room);
    return Array.from({ length: Math.ceil(names.length / MOST_TOGETHER) }, (_, part) => {
      const name = path.join(checks, `${room}-${part}.cc`);
      const included = names.slice(part * MOST_TOGETHER, (part + 1) * MOST_TOGETHER);
      writeFileSync(name, included.map((source) => `#include "${path.join(root, source)}"\n`).join(''));
      return name;
    });
  });
  const all = [...together, ...sources.map((name) => path.join(root, name))];
  const entries = all.map((name) => ({ directory, command: `${flags} -c ${name}`, file: name }));
  writeFileSync(path.join(checks, 'compile_commands.json'), JSON.stringify(entries));
  return together;
}

async function tidy(files, selection) {
  const left = [...files];
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (let file = left.shift(); file; file = left.shift())
      await run('clang-tidy', ['-p', checks, '--quiet', `--checks=${selection}`, file], 'ignore');
  });
  await Promise.all(workers);
}

if (has('clang-format')) await run('clang-format', ['--dry-run', '--Werror', ...files], 'inherit');
if (has('clang-tidy')) {
  mkdirSync(checks, { recursive: true });
  const sources = files.filter((name) => name.endsWith('.cc'));
  // Most of clang-tidy's time goes into headers of the system, once for each file that it is given. The analyzer looks into
  // the file itself alone, and so has them one by one.
  await tidy(commands(sources), '-clang-analyzer-*,-bugprone-suspicious-include');
  await tidy(sources, '-*,clang-analyzer-*');
}
