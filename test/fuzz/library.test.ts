// A bounded run of `npm run fuzz:library`: everything it ever found, then some new inputs for each target, in a process of its own.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';

const tool = path.join(packageRoot, 'tools/fuzz-library.mjs');

test.each([
  'options',
  'description',
  'recipe',
  'term',
  'text',
  'picture',
])('%s: an answer or a named error, whatever the input', async (target) => {
  const args = [tool, '--target', target, '--runs', '400', '--seconds', '60', '--seed', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch(({ stdout }) => ({ stdout }));
  const result = JSON.parse(stdout) as { found: unknown[]; runs: number; corpus: number };
  expect(result.found).toEqual([]);
  expect(result.corpus).toBeGreaterThan(1);
  expect(result.runs).toBeGreaterThan(50);
});
