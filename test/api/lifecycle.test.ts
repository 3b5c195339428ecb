import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { smallModel } from '../support/models.js';

const run = promisify(execFile);
const child = path.join(packageRoot, 'test/support/lifecycle-child.cjs');

/** Runs the built package in a process of its own; its ends must be clean: the given code, nothing on stderr. */
async function life(mode: string, timeout: number): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [child, mode, smallModel().file], { timeout });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe.skipIf(!existsSync(path.join(packageRoot, 'dist/cjs/index.js')))('a process ends cleanly', () => {
  const ENDS: readonly (readonly [string, string, number, RegExp])[] = [
    ['end', 'by itself, when a dream is done and the Dreamer was never disposed of', 0, /^$/],
    ['exit', 'by process.exit() in the middle of a dream', 3, /^$/],
    ['exit-xla', 'by process.exit() while XLA compiles', 3, /^$/],
    ['throw', 'by an uncaught exception in the middle of a dream', 1, /Error: thrown on purpose/],
    ['worker-end', 'with a worker thread that dreamed', 0, /^$/],
    ['worker-exit', 'with a worker thread that exits in the middle of a dream', 0, /^$/],
    ['worker-terminate', 'with a worker thread that is terminated in the middle of a dream', 0, /^$/],
    ['worker-twice', 'with two worker threads, one after the other', 0, /^$/],
    ['gc', 'after a Dreamer was forgotten and collected', 0, /^$/],
  ];
  for (const [mode, how, code, stderr] of ENDS) {
    test(`${how} (${mode})`, async ({ task }) => {
      const end = await life(mode, 0.9 * task.timeout);
      expect(end).toMatchObject({ code, stdout: expect.stringContaining('dreaming') });
      expect(end.stderr).toMatch(stderr);
    });
  }
});
