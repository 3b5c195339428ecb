// Every way to end at every stage of a load and a dream, on the main thread and in a worker: nothing hangs, nothing crashes, and
// nothing is printed that the program did not print itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import packageRoot from '#package-root';
import { longGraph } from '../support/long-graph.js';
import { smallModel } from '../support/models.js';

const child = path.join(packageRoot, 'test/support/ends-child.cjs');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-ends-'));
  await writeFile(path.join(folder, 'long.pb'), longGraph());
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: string[]): Promise<Ended> {
  const process_ = spawn(process.execPath, [child, ...args, smallModel().file, path.join(folder, 'long.pb')]);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    process_[name].on('data', (text) => {
      said[name] += text;
    });
  const [code, signal] = await once(process_, 'close');
  return { code, signal, ...said };
}

const STAGES = ['load', 'compile', 'queued', 'first-octave', 'last-octave', 'result'];
const nothing = /^$/;

describe.concurrent.each(STAGES)('in the middle of it: %s', { timeout: 300_000 }, (stage) => {
  test.for([
    ['exit', { code: 3, signal: null }, nothing],
    ['throw', { code: 1, signal: null }, /^[\s\S]*Error: thrown on purpose\n {4}at [\s\S]*\nNode\.js v\S+\n$/],
    ['signal', { code: null, signal: 'SIGINT' }, nothing],
    ['dispose', { code: 0, signal: null }, nothing],
  ] as const)('the main thread: %s', async ([end, status, stderr], { expect }) => {
    const ended = await run(end, stage, 'main');
    expect(ended).toMatchObject({ ...status, stdout: 'there\n' });
    expect(ended.stderr).toMatch(stderr);
  });

  test.for([
    ['exit', '3', ''],
    ['throw', '1', 'thrown on purpose\n'],
    // It may have come to its end before.
    ['terminate', '[01]', ''],
    ['dispose', '0', ''],
  ] as const)('a worker, after which the process dreams: %s', async ([end, code, message], { expect }) => {
    const ended = await run(end, stage, 'worker');
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    // What a thread that ends at once had written may be lost.
    expect(ended.stdout.replace('there\n', '')).toMatch(new RegExp(`^${message}worker ended with ${code}\n$`));
  });
});
