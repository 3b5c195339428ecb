import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder } from '../../lib/files/folder.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'livedream-folder-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('a folder', () => {
  test('is made with those above it, and the first that was missing is told', async () => {
    const folder = path.join(home, 'a/b/c');
    expect(await makeFolder(folder)).toBe(path.join(home, 'a'));
    expect((await stat(folder)).isDirectory()).toBe(true);
    expect(await makeFolder(folder)).toBeUndefined();
  });

  test('may be made by several at once', async () => {
    const folder = path.join(home, 'a/b/c/d');
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(folder)));
    expect(existsSync(folder)).toBe(true);
  });

  test('is refused where a file is in the way', async () => {
    await writeFile(path.join(home, 'a'), '');
    await expect(makeFolder(path.join(home, 'a'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(path.join(home, 'a/b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(path.join(home, 'a/b/c'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  // Node's mkdir with `recursive` does not come back from it.
  test.skipIf(!existsSync('/proc/self'))('is refused below a folder that takes none and says ENOENT', async () => {
    await expect(makeFolder('/proc/livedream/models')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
