import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import packageRoot from '#package-root';

/** What a child of the fuzz tests may take, by its own watch. */
export const MOST_BYTES = 2 ** 31;
const child = path.join(packageRoot, 'test/support/fuzz-child.mjs');

export interface Outcome {
  readonly number: number;
  readonly outcome?: string;
  readonly milliseconds?: number;
}

export interface Ended {
  readonly outcomes: readonly Outcome[];
  /** The most memory of the process, in bytes. */
  readonly most: number;
  readonly end: number | string | null;
  readonly stderr: string;
}

/** The kernel gives the process no more than this of its own memory; its address space TensorFlow and V8 need to reserve. */
function limited(args: readonly string[]): readonly [string, readonly string[]] {
  const prlimit = '/usr/bin/prlimit';
  return existsSync(prlimit)
    ? [prlimit, [`--data=${1.5 * MOST_BYTES}`, '--core=0', process.execPath, ...args]]
    : [process.execPath, args];
}

/** Loads models number `from` to `to` of a request, which fuzz-child.mjs describes, in a process of limited memory. */
export function inChild(request: string, from: number, to: number): Promise<Ended> {
  return new Promise((resolve) => {
    const started = spawn(...limited([child, request, String(from), String(to)]));
    let stdout = '';
    let stderr = '';
    started.stdout.on('data', (text) => {
      stdout += text;
    });
    started.stderr.on('data', (text) => {
      stderr = `${stderr}${text}`.slice(-4000);
    });
    started.once('close', (code, signal) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      const said = lines.map((line) => JSON.parse(line) as Outcome & { most?: number });
      const outcomes = said.filter(({ most }) => most === undefined);
      resolve({ outcomes, most: said.at(-1)?.most ?? 0, end: signal ?? code, stderr });
    });
  });
}

/** Whether a model was dreamed with, or refused for a reason that is its own. */
export function isFair(outcome: string): boolean {
  if (outcome === 'dreamed') return true;
  return outcome.startsWith('ERR_LIVEDREAM_') && !/_(INTERNAL|TENSORFLOW|OUT_OF_MEMORY)$/.test(outcome);
}
