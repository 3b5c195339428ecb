import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodingOf, PICTURE_FORMATS } from '../../lib/formats.js';
import { encode, encodingFor, toSharp } from '../../lib/image/encode.js';

const UNWRITABLE = 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE';
const picture = { width: 4, height: 2, data: new Uint8Array(24).fill(77), alpha: new Uint8Array(8).fill(9) };

test('every format is written as what it says, alpha put back', async () => {
  for (const format of PICTURE_FORMATS) {
    const encoding = encodingOf(format) ?? 'png';
    const bytes = await encode(toSharp(picture), encoding, 92);
    const metadata = await sharp(bytes).metadata();
    expect(metadata).toMatchObject({ format: encoding === 'avif' ? 'heif' : encoding, width: 4, height: 2 });
    if (encoding !== 'avif') expect(metadata.hasAlpha).toBe(encoding !== 'jpeg');
  }
  const raw = await sharp(await encode(toSharp(picture), 'png', 92))
    .raw()
    .toBuffer();
  expect([...raw.subarray(0, 4)]).toEqual([77, 77, 77, 9]);
});

test('a file is encoded as its extension says, or as is asked where that says nothing', () => {
  expect(encodingFor('A.PNG', undefined)).toBe('png');
  expect(encodingFor('a.jpg', 'jpeg')).toBe('jpeg');
  expect(encodingFor('a', 'webp')).toBe('webp');
  expect(encodingFor('a.out', 'tif')).toBe('tiff');
  expect(() => encodingFor('a.png', 'webp')).toThrow(/'format' must be left out or 'png' for the file 'a.png'.*"webp"/);
});

test('names of Object.prototype are no extensions', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(encodingOf(name)).toBeUndefined();
    expect(() => encodingFor(`file.${name}`, undefined)).toThrow(expect.objectContaining({ code: UNWRITABLE }));
    expect(() => encodingFor(`file.${name}`, undefined)).toThrow(/is none of png, jpg/);
  }
});

test('a picture too large for its format is refused in words', async () => {
  const data = new Uint8Array(3 * 17_000);
  const long = encode(toSharp({ width: 17_000, height: 1, data }), 'webp', 92);
  await expect(long).rejects.toMatchObject({ code: UNWRITABLE, message: expect.stringMatching(/WEBP cannot hold it/) });
});

test('pixels that were transferred away are missed', () => {
  const data = new Uint8Array(24);
  structuredClone(data, { transfer: [data.buffer] });
  expect(() => toSharp({ width: 4, height: 2, data })).toThrow(expect.objectContaining({ code: UNWRITABLE }));
  const alpha = new Uint8Array(7);
  expect(() => toSharp({ ...picture, alpha })).toThrow(expect.objectContaining({ code: UNWRITABLE }));
});

test('quality counts', async () => {
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * index * 31) % 251);
  const sizes = await Promise.all(
    [30, 95].map((quality) => encode(toSharp({ width: 64, height: 64, data: noise }), 'jpeg', quality)),
  );
  expect(sizes[0]?.length).toBeLessThan((sizes[1]?.length ?? 0) / 2);
});
