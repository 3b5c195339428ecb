import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkWritable, toSharp, writePicture } from '../../lib/image/encode.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-encode-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const picture = { width: 4, height: 2, data: new Uint8Array(24).fill(77), alpha: new Uint8Array(8).fill(9) };

test('every known extension is written in its format, alpha put back', async () => {
  for (const [extension, format] of [
    ['png', 'png'],
    ['jpg', 'jpeg'],
    ['webp', 'webp'],
    ['avif', 'heif'],
    ['tif', 'tiff'],
  ]) {
    const file = path.join(folder, `out.${extension}`);
    await writePicture(toSharp(picture), file);
    const metadata = await sharp(file).metadata();
    expect(metadata).toMatchObject({ format, width: 4, height: 2 });
    if (format !== 'heif') expect(metadata.hasAlpha).toBe(extension !== 'jpg');
  }
  const raw = await sharp(path.join(folder, 'out.png')).raw().toBuffer();
  expect([...raw.subarray(0, 4)]).toEqual([77, 77, 77, 9]);
});

test('an unknown extension, a missing folder and a folder are refused, and nothing is left', async () => {
  const before = await readdir(folder);
  for (const file of [path.join(folder, 'a.xyz'), path.join(folder, 'a'), path.join(folder, 'none/a.png'), folder]) {
    await expect(checkWritable(file)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' });
    await expect(writePicture(toSharp(picture), file)).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
    });
  }
  expect(await readdir(folder)).toEqual(before);
});

test.skipIf(process.getuid?.() === 0)('a folder that may not be written to is refused (not as root)', async () => {
  await chmod(folder, 0o500);
  await expect(checkWritable(path.join(folder, 'x.png'))).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
  });
  await chmod(folder, 0o700);
});

test('a failure while encoding leaves the old file as it was and no temporary one', async () => {
  const file = path.join(folder, 'kept.png');
  await writeFile(file, 'old');
  const broken = sharp(new Uint8Array(3), { raw: { width: 9, height: 9, channels: 3 } });
  await expect(writePicture(broken, file)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' });
  expect(await readFile(file, 'utf8')).toBe('old');
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
