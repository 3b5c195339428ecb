import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { addonPath } from '../../../lib/binding/addon.js';
import { Dreamer } from '../../../lib/dreamer.js';
import { findRuntime } from '../../../lib/runtime/find/find.js';
import { smallModel } from '../../support/models.js';

test('processes that start while the library opens keep their stderr, and the library says nothing on it', async () => {
  const { framework, library } = await findRuntime();
  const script = path.join(packageRoot, 'test/support/open-among-children.mjs');
  const args = [script, addonPath() as string, framework, library];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  const { children, messages } = JSON.parse(stdout) as { children: number; messages: string };
  expect(children).toBeGreaterThan(2);
  expect(stderr).toBe('child\n'.repeat(children));
  // What the library logs before its log can be switched off was kept from stderr.
  expect(messages).toMatch(/^WARNING: All log messages before absl::InitializeLog|^$/);
});

test('a logger gets what the library said, line by line', async () => {
  const lines: string[] = [];
  const { file } = smallModel();
  const dreamer = await Dreamer.load({ model: file, device: 'cpu', logger: (line) => lines.push(line) });
  for (const line of lines) expect(line).toMatch(/^(WARNING: All log messages|[IWEF]\d{4} )/);
  await dreamer.dispose();
  await expect(Dreamer.load({ logger: 7 as never })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_TYPE' });
});
