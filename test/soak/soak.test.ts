// A bounded part of `npm run soak`: what its outcomes are and what is left; memory needs an hour to be judged.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';

const run = promisify(execFile);

test('a mix of dreams, streams, aborts, bad input, short lives and threads comes to right results or known errors, and leaves nothing', async () => {
  const tool = path.join(packageRoot, 'tools/soak.mjs');
  const args = [tool, '--minutes', '0.35', '--seed', '24', '--small', '--counts'];
  const { stdout } = await run(process.execPath, args, { cwd: packageRoot, maxBuffer: 2 ** 24 });
  for (const what of [
    'every outcome a result or a known error',
    'nothing left after disposal',
    'ended by itself',
    'nothing printed',
  ])
    expect(stdout).toContain(`| ${what} | yes |`);
  // Each kind of step was taken, in the first round at least.
  for (const step of [
    'dream dream',
    'many dreamAll',
    'stream webStream',
    'wrong picture',
    'life replace',
    'thread thread',
  ])
    expect(stdout).toMatch(new RegExp(`^\\| ${step} \\| \\d+ \\|`, 'm'));
});
