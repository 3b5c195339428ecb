// Runs vitest and counts how its tests ended.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './step.mjs';

const SKIPPED = ['skipped', 'pending', 'todo', 'disabled'];

/**
 * @param {string} name of the report under .cache
 * @param {string[]} args vitest's
 * @param {Record<string, string>} env variables beside those of this process
 */
export function runTests(name, args, env = {}) {
  const report = path.join(root, `.cache/${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // Vitest itself broke down.
  if (!existsSync(report)) return { status, tests: [], passed: 0, failed: 1, skipped: 0 };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length;
  // A file that could not even be loaded has no tests but counts.
  const broken = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    status,
    tests,
    passed: count('passed'),
    failed: count('failed') + broken.length,
    skipped: count(...SKIPPED),
  };
}
