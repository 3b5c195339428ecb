import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { checkReadable } from '../../lib/image/decode.js';
import { near, open, pixelAt } from '../support/decoding.js';

const fixture = (name: string): string => path.join(packageRoot, 'test/image/fixtures', name);

describe('an AVIF of several images', () => {
  test('is its primary one', async () => {
    near((await open(fixture('three-images.avif'))).data, [0, 255, 0]);
    await expect(checkReadable(fixture('three-images.avif'), { page: undefined, size: undefined })).resolves.toEqual({
      width: 64,
      height: 64,
    });
  });

  test('is the one that was chosen', async () => {
    const file = fixture('three-images.avif');
    near((await open(file, { page: 0 })).data, [255, 0, 0]);
    near((await open(file, { page: 1 })).data, [0, 255, 0]);
    near((await open(file, { page: 2 })).data, [0, 0, 255]);
    await expect(open(file, { page: 3 })).rejects.toThrow(/frames 0 to 2, not 3/);
  });

  test('is the whole grid, not a part of it', async () => {
    for (const page of [undefined, 0]) {
      const picture = await open(fixture('grid.avif'), { page });
      expect(picture).toMatchObject({ width: 256, height: 128 });
      for (const [x, y] of [
        [20, 100],
        [236, 100],
      ] as const)
        near(pixelAt(picture, x, y), [x, 2 * y, 128], 16);
    }
  });

  test('may be in a sharp instance', async () => {
    near((await open(sharp(fixture('three-images.avif')))).data, [0, 255, 0]);
    near((await open(sharp(fixture('three-images.avif'), { page: 2 }))).data, [0, 0, 255]);
  });
});

test('HEIC is refused with the reason, by its header and in a sharp instance too', async () => {
  const file = fixture('picture.heic');
  const refused = {
    code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE',
    message: expect.stringMatching(/HEIC, and HEVC.* is not built into sharp.*convert it to AVIF, JPEG or PNG/),
  };
  await expect(open(file)).rejects.toMatchObject(refused);
  await expect(open(sharp(file))).rejects.toMatchObject(refused);
  await expect(checkReadable(file, { page: undefined, size: undefined })).rejects.toMatchObject(refused);
});
