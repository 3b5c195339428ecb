import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';

const there = existsSync(path.join(packageRoot, '.cache/fuzz-python/installed.txt'));

test.skipIf(!there).each([['without a token'], ['with a token', '--token']])(
  'Schemathesis (tools/fuzz) finds nothing in a service %s',
  (_which, ...flags) => {
    const all = ['tools/fuzz-service.mjs', '--examples', '8', '--minutes', '5', '--seed', '1', ...flags];
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { cwd: packageRoot, encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout).toMatch(/Tested: [1-9]/);
  },
  400_000,
);
