import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { addonPath } from '../../lib/binding/addon.js';

test.skipIf(process.platform !== 'linux')(
  'a thread that cannot be made is an error of JavaScript, not the end of the process',
  async () => {
    const script = path.join(packageRoot, 'test/support/engine-without-memory.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, path.resolve(addonPath() as string)]);
    expect(stdout).toMatch(/^Error: .*(temporarily unavailable|alloc)/);
  },
);
