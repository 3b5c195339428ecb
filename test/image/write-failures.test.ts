// What goes wrong while a file is written, which a real disk only does when it is full or torn out.
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toSharp } from '../../lib/image/encode.js';
import { writePicture } from '../../lib/image/write.js';

vi.mock('node:fs/promises', { spy: true });

let folder: string;
beforeEach(async () => {
  folder = await files.mkdtemp(path.join(tmpdir(), 'livedream-failures-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await files.rm(folder, { recursive: true });
});

const image = toSharp({ width: 4, height: 2, data: new Uint8Array(24) });
const system = (code: string): Error => Object.assign(new Error(`${code}: says the system`), { code });

test('a clean-up that fails does not hide what failed first', async () => {
  await files.writeFile(path.join(folder, 'a.png'), 'old');
  vi.mocked(files.rename).mockRejectedValueOnce(system('EXDEV'));
  vi.mocked(files.rm).mockRejectedValueOnce(system('EACCES'));
  const writing = writePicture(image, path.join(folder, 'a.png'), { format: undefined, quality: 92 });
  await expect(writing).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
    message: expect.stringContaining('EXDEV'),
    cause: { code: 'EXDEV' },
  });
  expect(await files.readFile(path.join(folder, 'a.png'), 'utf8')).toBe('old');
});

test('a rename that fails leaves the old file and no temporary one', async () => {
  await files.writeFile(path.join(folder, 'a.png'), 'old');
  vi.mocked(files.rename).mockRejectedValueOnce(system('ENOSPC'));
  const writing = writePicture(image, path.join(folder, 'a.png'), { format: undefined, quality: 92 });
  await expect(writing).rejects.toThrow(/'.*a\.png' cannot be written: the disk is full/);
  expect(await files.readdir(folder)).toEqual(['a.png']);
});

test('a file that cannot be closed does not hide that the disk is full', async () => {
  const { open } = await vi.importActual<typeof files>('node:fs/promises');
  vi.mocked(files.open).mockImplementationOnce(async (...given) => {
    const handle = await open(...given);
    const close = handle.close.bind(handle);
    handle.writeFile = async () => Promise.reject(system('ENOSPC'));
    handle.close = async () => {
      await close();
      throw system('EIO');
    };
    return handle;
  });
  const writing = writePicture(image, path.join(folder, 'a.png'), { format: undefined, quality: 92 });
  await expect(writing).rejects.toMatchObject({ cause: { code: 'ENOSPC' } });
  expect(await files.readdir(folder)).toEqual([]);
});
