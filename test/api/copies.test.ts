// Two copies of the package in one process, as two versions of it or a bundled one are, and modules that are loaded again, as Jest
// does: each has operations of its own, where TensorFlow ends a process that registers one name twice.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { smallModel } from '../support/models.js';
import { copyPackage } from '../support/package-copy.js';

test('all of them dream, and dream the same', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-copies-'));
  try {
    copyPackage(folder);
    // An addon of its own: a link to the same file would be the same library.
    await rm(path.join(folder, 'build'), { force: true });
    await cp(path.join(packageRoot, 'build/Release'), path.join(folder, 'build/Release'), { recursive: true });
    const child = path.join(packageRoot, 'test/support/copies-child.cjs');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [child, smallModel().file, folder]);
    const hashes = stdout.trim().split('\n');
    expect(hashes).toHaveLength(4);
    expect(new Set(hashes).size).toBe(1);
    expect(stderr).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
