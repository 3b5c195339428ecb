// Files of a real disk: what is there before, beside and behind a link.
import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Encoder, toSharp } from '../../lib/image/encode.js';
import { checkWritable, writePicture } from '../../lib/image/write.js';

const UNWRITABLE = 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE';
const PLAIN: Encoder = { format: undefined, quality: 92 };
const picture = { width: 4, height: 2, data: new Uint8Array(24).fill(77) };
const asRoot = process.getuid?.() === 0;

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-write-'));
});
afterEach(async () => rm(folder, { recursive: true }));

const write = (file: string, encoder = PLAIN): Promise<void> => writePicture(toSharp(picture), file, encoder);

async function isPicture(file: string, format = 'png'): Promise<void> {
  expect(await sharp(await readFile(file)).metadata()).toMatchObject({ format, width: 4 });
}

/** Refused before the work and while it is done, in the same words. */
async function refused(file: string, says: RegExp): Promise<void> {
  const error = { code: UNWRITABLE, message: expect.stringMatching(says) };
  await expect(checkWritable(file)).rejects.toMatchObject(error);
  await expect(write(file)).rejects.toMatchObject(error);
}

test('what no picture can be written to is refused, and nothing is left', async () => {
  await writeFile(at('plain'), 'text');
  await refused(at('a.xyz'), /'\.xyz' is none of png/);
  await refused(at('a'), /it has no extension/);
  await refused(at('none/a.png'), /there is no folder '.*none'/);
  await refused(at('plain/a.png'), /plain' is no folder/);
  await refused(at('a.png/'), /it names a folder/);
  await refused(at(`${'n'.repeat(252)}.png`), /its name is too long/);
  await mkdir(at('folder.png'));
  await refused(at('folder.png'), /it is a folder/);
  await symlink('folder.png', at('link.png'));
  await refused(at('link.png'), /it is a folder/);
  await symlink('round.png', at('round.png'));
  await refused(at('round.png'), /links lead in a circle/);
  await symlink('gone/../circle.png', at('circle.png'));
  await refused(at('circle.png'), /there is no folder/);
  expect((await readdir(folder)).sort()).toEqual(['circle.png', 'folder.png', 'link.png', 'plain', 'round.png']);
});

test.skipIf(asRoot)('a folder that may not be written to is refused (not as root)', async () => {
  await chmod(folder, 0o500);
  await refused(at('x.png'), /is not writable/);
  await chmod(folder, 0o700);
});

test('a format makes up for an extension that says nothing', async () => {
  await write(at('plain'), { format: 'webp', quality: 50 });
  await isPicture(at('plain'), 'webp');
  await expect(write(at('a.png'), { format: 'webp', quality: 50 })).rejects.toBeInstanceOf(RangeError);
});

test('a link is followed, also to what is not there yet, and stays', async () => {
  await mkdir(at('real'));
  await mkdir(at('deep'));
  await mkdir(at('deep/er'));
  await symlink('deep/er', at('folder'));
  await writeFile(at('real/old.png'), 'old');
  await symlink(at('real/old.png'), at('absolute.png'));
  await symlink('absolute.png', at('twice.png'));
  await symlink('real/new.png', at('dangling.png'));
  // Behind the link of a folder `..` is that folder's own: deep, not where the link lies.
  await symlink('folder/../up.png', at('up.png'));
  for (const name of ['twice.png', 'dangling.png', 'up.png']) {
    await checkWritable(at(name));
    await write(at(name));
    expect((await lstat(at(name))).isSymbolicLink()).toBe(true);
  }
  expect(await readlink(at('absolute.png'))).toBe(at('real/old.png'));
  for (const file of ['real/old.png', 'real/new.png', 'deep/up.png']) await isPicture(at(file));
  for (const each of ['real', 'deep', '.']) {
    expect((await readdir(at(each))).filter((name) => name.startsWith('.'))).toEqual([]);
  }
});

test('a file that is replaced keeps its mode, whatever the umask', async () => {
  const umask = process.umask(0o077);
  try {
    for (const mode of [0o600, 0o640, 0o666, 0o755, 0o2664]) {
      const file = at(`${mode}.png`);
      await writeFile(file, 'old');
      await chmod(file, mode);
      await write(file);
      expect((await stat(file)).mode & 0o7777).toBe(mode);
      await isPicture(file);
    }
    await write(at('new.png'));
    expect((await stat(at('new.png'))).mode & 0o7777).toBe(0o600);
  } finally {
    process.umask(umask);
  }
});

test.runIf(asRoot)('and its owner, where we may give it (as root)', async () => {
  await writeFile(at('theirs.png'), 'old');
  await chown(at('theirs.png'), 4321, 4322);
  await chmod(at('theirs.png'), 0o4750);
  await write(at('theirs.png'));
  const { uid, gid, mode } = await stat(at('theirs.png'));
  expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 4321, gid: 4322, mode: 0o4750 });
});

test('another hard link of the file keeps the old picture', async () => {
  await writeFile(at('a.png'), 'old');
  await link(at('a.png'), at('b.png'));
  await write(at('a.png'));
  await isPicture(at('a.png'));
  expect(await readFile(at('b.png'), 'utf8')).toBe('old');
});

test('names as long as a disk allows are written', async () => {
  for (const name of [`${'n'.repeat(251)}.png`, `${'ü'.repeat(125)}e.png`]) {
    expect(Buffer.byteLength(name)).toBe(255);
    await checkWritable(at(name));
    await write(at(name));
    await isPicture(at(name));
  }
});

test('a failure while encoding leaves the old file as it was and no temporary one', async () => {
  await writeFile(at('kept.png'), 'old');
  const broken = sharp(new Uint8Array(3), { raw: { width: 9, height: 9, channels: 3 } });
  await expect(writePicture(broken, at('kept.png'), PLAIN)).rejects.toMatchObject({ code: UNWRITABLE });
  expect(await readFile(at('kept.png'), 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['kept.png']);
});

test.skipIf(process.platform === 'win32')('a pipe is written into, not replaced', async () => {
  await promisify(execFile)('mkfifo', [at('pipe.png')]);
  const reading = readFile(at('pipe.png'));
  await checkWritable(at('pipe.png'));
  await write(at('pipe.png'));
  expect(await sharp(await reading).metadata()).toMatchObject({ format: 'png', width: 4 });
  expect((await lstat(at('pipe.png'))).isFIFO()).toBe(true);
  expect(await readdir(folder)).toEqual(['pipe.png']);
});
