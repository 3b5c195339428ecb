// One run of vitest and what came of its tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/step.mjs';

/** Tests of the real networks name ../shared; where that folder is, none of them may be skipped. */
function skippedThoughShared(tests) {
  if (!existsSync(path.join(root, '../shared/models'))) return [];
  return tests.filter(({ status, fullName }) => status === 'skipped' && fullName.includes('../shared'));
}

/**
 * @param {{ name: string, args: readonly string[], env?: NodeJS.ProcessEnv }} asked `name`: of its report in .cache
 * @returns {{ passed: number, failed: number, skipped: number, whole: boolean }} `whole`: vitest itself found nothing wrong
 */
export function runVitest({ name, args, env = process.env }) {
  const report = path.join(root, '.cache', `${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args];
  const { status } = spawnSync(process.execPath, vitest, { cwd: root, stdio: 'inherit', env });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, whole: false };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map((test) => ({ ...test, status: test.status === 'pending' ? 'skipped' : test.status }));
  const wronglySkipped = skippedThoughShared(tests);
  for (const { fullName } of wronglySkipped) console.error(`skipped although ../shared is there: ${fullName}`);
  // A file that could not even be loaded has no tests but counts.
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const count = (...wanted) => tests.filter(({ status }) => wanted.includes(status)).length;
  return {
    passed: count('passed'),
    failed: count('failed') + wronglySkipped.length + brokenFiles.length,
    skipped: count('skipped', 'todo', 'disabled'),
    whole: status === 0,
  };
}
