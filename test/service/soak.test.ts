import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { smallModel } from '../support/models.js';

const run = promisify(execFile);

test('32 clients, of which a third leave and others read slowly or send half, get right answers or clear ones', async () => {
  const tool = path.join(packageRoot, 'tools/soak-service.mjs');
  const flags = ['--model', smallModel().file, '--device', 'cpu'];
  const args = [tool, '--minutes', '0.2', '--counts', '--objective', '{"layer":"mixed3b"}', '--', ...flags];
  const { stdout } = await run(process.execPath, args, { cwd: packageRoot, maxBuffer: 2 ** 24 });
  for (const what of ['every answer right or clear', 'no handle left', 'ended as asked', 'healthz always answered'])
    expect(stdout).toContain(`| ${what} | yes |`);
});
