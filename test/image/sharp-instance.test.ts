// A sharp instance is rendered with all that it was asked for, and then dreamed at the size of what came out.
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Size } from '../../lib/size.js';
import { near, open, pixelAt } from '../support/decoding.js';

const [WIDTH, HEIGHT] = [60, 40];
/** Red grows to the right, green downwards. */
const gradient = Buffer.from(
  Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => {
    const [x, y] = [Math.floor(index / 3) % WIDTH, Math.floor(index / 3 / WIDTH)];
    return [x * 4, y * 6, 9][index % 3] as number;
  }),
);
const picture = (): Sharp => sharp(gradient, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

/** What sharp itself makes of it, at that size: the dreamed picture must be the same. */
async function same(instance: Sharp, size: Size, longest?: number): Promise<void> {
  const rendered = await instance.clone().png().toBuffer();
  const expected = await sharp(rendered).resize(size.width, size.height, { fit: 'fill' }).raw().toBuffer();
  const found = await open(instance, { size: longest });
  expect(found).toMatchObject(size);
  near(found.data, [...expected], 3);
}

describe('what it was asked for', () => {
  test('is done before it is sized', async () => {
    await same(picture().rotate(90), { width: 40, height: 60 });
    await same(picture().rotate(90), { width: 20, height: 30 }, 30);
    await same(picture().extract({ left: 30, top: 10, width: 20, height: 25 }), { width: 40, height: 50 }, 50);
    await same(picture().resize(30, 30), { width: 30, height: 30 });
    await same(picture().resize(30, 30), { width: 12, height: 12 }, 12);
    await same(picture().resize(10, 5, { fit: 'fill' }), { width: 40, height: 20 }, 40);
    await same(picture().extract({ left: 0, top: 0, width: 30, height: 40 }).rotate(90), { width: 20, height: 15 }, 20);
    await same(picture().extend({ left: 60, background: 'blue' }), { width: 60, height: 20 }, 60);
    await same(picture().flop(), { width: 60, height: 40 });
  });

  test('may be grey, deep, CMYK or half transparent', async () => {
    near(pixelAt(await open(picture().greyscale()), 59, 0), [125, 125, 125], 12);
    near(pixelAt(await open(picture().toColourspace('rgb16')), 59, 39), [236, 234, 9], 2);
    near(pixelAt(await open(picture().toColourspace('cmyk')), 30, 20), [120, 120, 9], 40);
    near((await open(picture().ensureAlpha(0.5))).alpha ?? [], [128, 128], 1);
  });

  test('is done to what is piped into it', async () => {
    const instance = sharp().extract({ left: 0, top: 0, width: 20, height: 40 });
    const opened = open(instance, { size: 20 });
    instance.end(await picture().png().toBuffer());
    expect(await opened).toMatchObject({ width: 10, height: 20 });
  });

  test('is not changed by what is asked of it after the call', async () => {
    const instance = picture();
    const opened = open(instance);
    instance.resize(5, 5);
    expect(await opened).toMatchObject({ width: WIDTH, height: HEIGHT });
  });
});

describe('its EXIF orientation', () => {
  const sideways = async (): Promise<Buffer> =>
    picture().jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer();

  test('is applied once, whether it is asked to or not', async () => {
    const jpeg = await sideways();
    for (const instance of [
      sharp(jpeg),
      sharp(jpeg).rotate(),
      sharp(jpeg).autoOrient(),
      sharp(jpeg, { autoOrient: true }),
    ]) {
      const found = await open(instance, { size: 30 });
      expect(found).toMatchObject({ width: 20, height: 30 });
      // Upright, what was at the bottom left is at the top left.
      expect(pixelAt(found, 1, 1)[1]).toBeGreaterThan(180);
    }
  });

  test('is left to who turns it by hand', async () => {
    const found = await open(sharp(await sideways()).rotate(90));
    expect(found).toMatchObject({ width: 40, height: 60 });
    expect(pixelAt(found, 1, 1)[1]).toBeGreaterThan(180);
  });
});

describe('its page', () => {
  const frames = Buffer.concat([Buffer.alloc(WIDTH * HEIGHT * 3, 10), Buffer.alloc(WIDTH * HEIGHT * 3, 240)]);
  const gif = async (): Promise<Buffer> =>
    sharp(frames, { raw: { width: WIDTH, height: HEIGHT * 2, channels: 3, pageHeight: HEIGHT } })
      .gif()
      .toBuffer();

  test('is the one that the instance was opened at', async () => {
    near((await open(sharp(await gif(), { page: 1 }))).data, [240, 240, 240], 8);
    near((await open(sharp(await gif(), { page: 0 }))).data, [10, 10, 10], 8);
  });

  test('is the one that the option chooses of all that are rendered', async () => {
    const all = sharp(await gif(), { animated: true }).resize(30);
    const second = await open(all, { page: 1 });
    expect(second).toMatchObject({ width: 30, height: 20 });
    near(pixelAt(second, 15, 10), [240, 240, 240], 8);
    await expect(open(all)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_ANIMATED' });
  });

  test('is never chosen silently', async () => {
    const instance = sharp(await gif());
    for (const page of [undefined, 1])
      await expect(open(instance, { page })).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_IMAGE_ANIMATED',
        message: expect.stringMatching(/2 frames.*sharp\(input, \{ page \}\)/),
      });
    near((await open(instance, { page: 0 })).data, [10, 10, 10], 8);
    await expect(open(sharp(await gif(), { page: 1 }), { page: 1 })).rejects.toThrow(/only frame 0, not 1/);
  });
});

test('a size that cannot be dreamed is refused before it is rendered', async () => {
  const sizes: Size[] = [];
  const refuse = (size: Size): never => {
    sizes.push(size);
    throw new Error('too large');
  };
  // This JPEG ends after its header: rendering it would be another error.
  const jpeg = await picture().jpeg().toBuffer();
  const header = jpeg.subarray(0, jpeg.length - 8);
  await expect(open(sharp(header), { check: refuse })).rejects.toThrow('too large');
  await expect(open(picture().resize(20), { check: refuse })).rejects.toThrow('too large');
  expect(sizes).toEqual([
    { width: 60, height: 40 },
    { width: 20, height: 13 },
  ]);
});

test('an instance that cannot be rendered is refused, saying why', async () => {
  await expect(open(picture().extract({ left: 50, top: 0, width: 60, height: 10 }))).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE',
    message: expect.stringMatching(/sharp instance cannot be read: .*extract/),
  });
});
