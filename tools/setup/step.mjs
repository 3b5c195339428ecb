// One step of setting up: says what it does in a line on stderr, keeps the full output in .cache/logs, and is skipped when
// nothing that it depends on has changed. Only Node's own modules here: node_modules may not be there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, '.cache');

function filesOf(entry) {
  const file = path.join(root, entry);
  if (!existsSync(file)) return [];
  if (!statSync(file).isDirectory()) return [file];
  return readdirSync(file, { recursive: true })
    .map((name) => path.join(file, name))
    .filter((name) => statSync(name).isFile())
    .sort();
}

/** Hash of the contents of files and folders, of this Node's ABI and machine. */
function stampOf(inputs) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`);
  for (const file of inputs.flatMap(filesOf)) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

export class SetupError extends Error {}

/** Runs a program; its output goes to a log, its failure is a SetupError with the log's end and the hint. */
export function runLogged(name, command, args, { hint, env } = {}) {
  mkdirSync(path.join(cache, 'logs'), { recursive: true });
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`;
  const log = path.join(cache, 'logs', `${name}.log`);
  writeFileSync(log, output);
  if (result.status === 0) return output;
  const end = output.trim().split('\n').slice(-15).join('\n');
  throw new SetupError(
    `${name} failed:\n${end}\n\nThe whole log is in ${path.relative(process.cwd(), log)}. ${hint ?? ''}`,
  );
}

/** Says what is being done, with a detail such as its size, and how long it took. */
export function announce(doing, detail, run) {
  process.stderr.write(`livedream: ${doing}${detail} ...\n`);
  const start = Date.now();
  run();
  process.stderr.write(`livedream: ${doing} ... done in ${Math.round((Date.now() - start) / 1000)} s\n`);
}

/**
 * @param {{ name: string, doing: string, inputs: string[], outputs: string[], run: () => void }} step skipped while its
 * inputs are as they were when it last succeeded and its outputs are there
 */
export function step({ name, doing, inputs, outputs, run }) {
  const stampFile = path.join(cache, 'setup', name);
  const there = outputs.every((output) => existsSync(path.join(root, output)));
  if (there && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOf(inputs)) return;
  announce(doing, '', run);
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stampOf(inputs));
}

/** Ends the process with the message of a failed step. */
export function orExit(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`livedream: ${error.message}\n`);
    process.exit(1);
  }
}
