import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkReadable } from '../../lib/image/decode.js';
import type { PictureInput } from '../../lib/image/source.js';
import { near, open } from '../support/decoding.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream image '));
});
afterAll(async () => rm(folder, { recursive: true }));

const create = (channels: 3 | 4 = 3) =>
  sharp({ create: { width: 30, height: 20, channels, background: { r: 200, g: 100, b: 50, alpha: 0.5 } } });
/** Both TIFFs in one file; all offsets of the second, which lies behind the first, are moved. */
function twoPages(first: Buffer, second: Buffer): Buffer {
  const both = Buffer.concat([first, second]);
  const offsetAt = (at: number): number => both.readUInt32LE(at);
  const entriesOf = (directory: number): number[] =>
    Array.from({ length: both.readUInt16LE(directory) }, (_, index) => directory + 2 + index * 12);
  const firstDirectory = offsetAt(4);
  const secondDirectory = first.length + offsetAt(first.length + 4);
  for (const entry of entriesOf(secondDirectory)) {
    const bytes = both.readUInt32LE(entry + 4) * ({ 3: 2, 4: 4, 5: 8 }[both.readUInt16LE(entry + 2)] ?? 1);
    const isOffset = bytes > 4 || both.readUInt16LE(entry) === 273;
    if (isOffset) both.writeUInt32LE(offsetAt(entry + 8) + first.length, entry + 8);
  }
  both.writeUInt32LE(secondDirectory, firstDirectory + 2 + 12 * entriesOf(firstDirectory).length);
  return both;
}

describe('a picture is read', () => {
  test('as path, Buffer, Uint8Array, ArrayBuffer and sharp instance', async () => {
    const png = await create().png().toBuffer();
    const file = path.join(folder, 'päth with spaces.png');
    await writeFile(file, png);
    const bytes = new Uint8Array(png);
    for (const input of [file, png, bytes, bytes.buffer, create()]) {
      const picture = await open(input as PictureInput);
      expect(picture).toMatchObject({ width: 30, height: 20 });
      expect(picture.data).toHaveLength(1800);
      near(picture.data, [200, 100, 50]);
    }
  });

  for (const format of ['jpeg', 'webp', 'avif', 'tiff', 'gif'] as const) {
    test(`from ${format}`, async () => {
      const picture = await open(await create().toFormat(format).toBuffer());
      expect(picture).toMatchObject({ width: 30, height: 20 });
      near(picture.data, [200, 100, 50], 12);
    });
  }

  test('with its EXIF orientation applied', async () => {
    const picture = await open(await create().jpeg().withMetadata({ orientation: 6 }).toBuffer());
    expect(picture).toMatchObject({ width: 20, height: 30 });
  });

  test('with its alpha kept apart', async () => {
    const picture = await open(await create(4).png().toBuffer());
    expect(picture.alpha).toHaveLength(600);
    expect(picture.alpha?.[0]).toBe(128);
    expect(picture.data).toHaveLength(1800);
  });

  test('from grey, 16 bits and CMYK as 8-bit RGB', async () => {
    near((await open(await create().greyscale().png().toBuffer())).data, [124, 124, 124], 6);
    const deep = await create().toColourspace('rgb16').png().toBuffer();
    near((await open(deep)).data, [200, 100, 50]);
    near((await open(await create().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer())).data, [200, 100, 50], 40);
  });

  test('resized to a longest side', async () => {
    expect(await open(await create().png().toBuffer(), { size: 15 })).toMatchObject({ width: 15, height: 10 });
  });

  test('as raw pixels of one to four channels, bytes or floats', async () => {
    const grey = await open({ data: Uint8Array.of(7, 9), width: 2, height: 1, channels: 1 });
    expect([...grey.data]).toEqual([7, 7, 7, 9, 9, 9]);
    const greyAlpha = await open({ data: Uint8Array.of(7, 1, 9, 2), width: 2, height: 1, channels: 2 });
    expect([...(greyAlpha.alpha ?? [])]).toEqual([1, 2]);
    const rgba = await open({ data: Uint8Array.of(1, 2, 3, 4), width: 1, height: 1, channels: 4 });
    expect([[...rgba.data], [...(rgba.alpha ?? [])]]).toEqual([[1, 2, 3], [4]]);
    const floats = await open({ data: Float32Array.of(-1.5, 0, 300), width: 1, height: 1, channels: 3 });
    expect([...floats.data]).toEqual([-1.5, 0, 300]);
  });

  test('from a name that libvips would take for options', async () => {
    for (const name of ['x.jpg[1]', 'y.jpg[page=1]', '[id]/z.jpg']) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, await create().jpeg().toBuffer());
      near((await open(file)).data, [200, 100, 50]);
      expect(await checkReadable(file, { page: undefined, size: 15 })).toEqual({ width: 15, height: 10 });
    }
    await expect(open(path.join(folder, 'none.jpg[1]'))).rejects.toThrow(/none\.jpg\[1\]' .*no such file/);
  });

  test('at the size of its own page', async () => {
    const [first, second] = (await Promise.all(
      [30, 10].map((width) =>
        sharp({ create: { width, height: 20, channels: 3, background: '#c86432' } })
          .tiff({ compression: 'none' })
          .toBuffer(),
      ),
    )) as [Buffer, Buffer];
    const both = twoPages(first, second);
    expect(await open(both, { page: 0 })).toMatchObject({ width: 30, height: 20 });
    expect(await open(both, { page: 1, size: 40 })).toMatchObject({ width: 20, height: 40 });
  });

  test('by the frame, where it is animated and a frame was chosen', async () => {
    const frames = Buffer.concat([Buffer.alloc(30 * 20 * 3, 10), Buffer.alloc(30 * 20 * 3, 240)]);
    const gif = await sharp(frames, { raw: { width: 30, height: 40, channels: 3, pageHeight: 20 } })
      .gif()
      .toBuffer();
    await expect(open(gif)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_ANIMATED' });
    const second = await open(gif, { page: 1 });
    expect(second).toMatchObject({ width: 30, height: 20 });
    near(second.data, [240, 240, 240], 8);
    await expect(open(gif, { page: 2 })).rejects.toThrow(/frames 0 to 1, not 2/);
  });
});

describe('what is no picture is refused, saying why', () => {
  test('a missing file, a folder, an empty file, text', async () => {
    await expect(open(path.join(folder, 'none.jpg'))).rejects.toThrow(/none\.jpg.*no such file/);
    await expect(open(folder)).rejects.toThrow(/it is a folder/);
    await writeFile(path.join(folder, 'empty.png'), '');
    await expect(open(path.join(folder, 'empty.png'))).rejects.toThrow(/it is empty/);
    await writeFile(path.join(folder, 'text.png'), 'no picture at all');
    for (const name of ['text.png', 'empty.png']) {
      await expect(open(path.join(folder, name))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' });
    }
    await expect(open(new Uint8Array(0))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' });
  });

  test('a truncated JPEG and PNG', async () => {
    const noise = sharp(Buffer.from(Uint8Array.from({ length: 60_000 }, (_, i) => (i * 7919) % 251)), {
      raw: { width: 200, height: 100, channels: 3 },
    });
    for (const bytes of [await noise.jpeg().toBuffer(), await noise.png().toBuffer()]) {
      const half = bytes.subarray(0, Math.floor(bytes.length / 2));
      await expect(open(half)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' });
    }
  });

  test('raw pixels whose numbers contradict each other', async () => {
    const data = new Uint8Array(12);
    await expect(open({ data, width: 2, height: 3, channels: 3 })).rejects.toThrow(/18 values/);
    await expect(open({ data, width: 0, height: 3, channels: 3 })).rejects.toThrow(RangeError);
    const nan = Float32Array.of(0, Number.NaN, 0);
    await expect(open({ data: nan, width: 1, height: 1, channels: 3 })).rejects.toThrow(/finite/);
    await expect(open(42 as never)).rejects.toThrow(TypeError);
  });

  test('a size that is refused, before any pixel is decoded', async () => {
    const refuse = (): never => {
      throw new Error('too large');
    };
    // This JPEG ends after its header: decoding its pixels would be another error.
    const jpeg = await create().jpeg().toBuffer();
    const header = jpeg.subarray(0, jpeg.length - 8);
    await expect(open(header)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' });
    await expect(open(header, { check: refuse })).rejects.toThrow('too large');
  });
});
