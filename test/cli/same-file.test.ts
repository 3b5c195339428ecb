// An output that is an input, or two outputs that are one file, by whatever path.
import { link, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isOneName, refuseSameFiles } from '../../lib/cli/same-file.js';

const RANGE = 'ERR_LIVEDREAM_OPTION_RANGE';

let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-same-'));
  await writeFile(at('a.jpg'), 'a');
  await writeFile(at('b.jpg'), 'b');
});
afterEach(async () => rm(folder, { recursive: true }));

async function refused(inputs: readonly string[], outputs: readonly string[], says: RegExp): Promise<void> {
  const found = refuseSameFiles(inputs, outputs);
  await expect(found).rejects.toMatchObject({ code: RANGE, message: expect.stringMatching(says) });
}

test('an output that is an input is refused, also by another path', async () => {
  const inputs = [at('a.jpg'), at('b.jpg')];
  await symlink('b.jpg', at('link.jpg'));
  await symlink('link.jpg', at('links.jpg'));
  await link(at('b.jpg'), at('hard.jpg'));
  // What a disk that does not look at the case of letters shows: two names, one device and inode.
  await link(at('b.jpg'), at('B.JPG'));
  await symlink('.', at('folder'));
  await mkdir(at('under'));
  const names = ['b.jpg', './b.jpg', 'under/../b.jpg', 'folder/b.jpg', 'link.jpg', 'links.jpg', 'hard.jpg', 'B.JPG'];
  for (const name of names) {
    await refused(inputs, [at('c.png'), `${folder}/${name}`], /another file than '.*b\.jpg', which is read/);
  }
  await refused([path.relative(process.cwd(), at('b.jpg'))], [at('b.jpg')], /another file/);
  await refuseSameFiles(inputs, [at('c.jpg'), at('under/b.jpg')]);
});

test('a link that is an input guards what it leads to', async () => {
  await symlink('b.jpg', at('link.jpg'));
  await refused([at('link.jpg')], [at('b.jpg')], /link\.jpg', which is read/);
});

test('two outputs that are one file are refused, there or not yet', async () => {
  await symlink('new.png', at('dangling.png'));
  await symlink('.', at('folder'));
  await link(at('b.jpg'), at('B.JPG'));
  for (const [one, other] of [
    ['new.png', 'new.png'],
    ['new.png', 'dangling.png'],
    ['new.png', 'folder/new.png'],
    ['b.jpg', 'B.JPG'],
    ['none/new.png', 'none/./new.png'],
  ] as const) {
    await refused([at('a.jpg')], [`${folder}/${one}`, `${folder}/${other}`], /a file of its own/);
  }
});

test('names that only some disks tell apart are asked of the disk', async () => {
  const oneName = vi.fn(async () => true);
  const outputs = [at('Photo.png'), at('photo.png')];
  await expect(refuseSameFiles([], outputs, oneName)).rejects.toMatchObject({ code: RANGE });
  expect(oneName).toHaveBeenCalledWith(folder, 'Photo.png', 'photo.png');
  const accents = [at('\u00fc.png'), at('u\u0308.png')];
  await expect(refuseSameFiles([], accents, oneName)).rejects.toMatchObject({ code: RANGE });
  await refuseSameFiles([], outputs, async () => false);
  oneName.mockClear();
  await refuseSameFiles([], [at('one.png'), at('two.png')], oneName);
  expect(oneName).not.toHaveBeenCalled();
});

test('the disk is asked by files of our own, of which none stays', async () => {
  expect(await isOneName(folder, 'photo.png', 'photo.png')).toBe(true);
  expect(await isOneName(at('yet/to/be/made'), 'a.png', 'b.png')).toBe(false);
  expect(await isOneName(at('a.jpg/none'), 'a.png', 'a.png')).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(['a.jpg', 'b.jpg']);
});
