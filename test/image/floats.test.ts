// Pictures whose samples are no bytes: raw floats, TIFFs of floats and of integers. Nothing may silently come out black.
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { near, open } from '../support/decoding.js';
import { type Samples, tiff } from '../support/tiff.js';

const floats = (length: number, at: (index: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, i) => at(i));

describe('raw floats are resized', () => {
  const ramp = floats(40 * 20 * 3, (index) => (Math.floor(index / 3) % 40) * 6 + (index % 3));

  test('as bytes are', async () => {
    const picture = { width: 40, height: 20, channels: 3 } as const;
    const { data } = await open({ ...picture, data: ramp }, { size: 20 });
    const bytes = await open({ ...picture, data: Uint8Array.from(ramp) }, { size: 20 });
    expect(data).toBeInstanceOf(Float32Array);
    expect(data).toHaveLength(20 * 10 * 3);
    near(data, [...bytes.data], 1);
  });

  test('with what lies below 0 and above 255', async () => {
    const data = floats(40 * 20 * 3, (index) => [-50.25, 300.5, 1e6][index % 3] as number);
    const smaller = await open({ data, width: 40, height: 20, channels: 3 }, { size: 30 });
    expect(smaller).toMatchObject({ width: 30, height: 15 });
    near(smaller.data.slice(0, 2), [-50.25, 300.5], 1e-3);
    near(smaller.data.slice(2, 3), [1e6], 1);
    const larger = await open({ data, width: 40, height: 20, channels: 3 }, { size: 80 });
    near(larger.data.slice(-3, -1), [-50.25, 300.5], 1e-3);
  });

  test('with finer steps than bytes have', async () => {
    const data = floats(40 * 20, () => 100.4);
    const { data: resized } = await open({ data, width: 40, height: 20, channels: 1 }, { size: 20 });
    near(resized, [100.4, 100.4, 100.4], 1e-3);
  });
});

describe('alpha of raw pixels', () => {
  test('is clamped and rounded where it is of floats', async () => {
    const data = Float32Array.of(1, -5, 1, 300, 1, 127.6, 1, 255);
    expect([...((await open({ data, width: 4, height: 1, channels: 2 })).alpha ?? [])]).toEqual([0, 255, 128, 255]);
    const rgba = Float32Array.of(1, 2, 3, 256);
    expect([...((await open({ data: rgba, width: 1, height: 1, channels: 4 })).alpha ?? [])]).toEqual([255]);
  });

  test('is resized, one byte a pixel', async () => {
    for (const data of [new Uint8Array(40 * 20 * 4).fill(77), new Float32Array(40 * 20 * 4).fill(77)]) {
      const { alpha, data: colours } = await open({ data, width: 40, height: 20, channels: 4 }, { size: 20 });
      expect(alpha).toHaveLength(20 * 10);
      near(alpha ?? [], [77, 77], 1);
      near(colours, [77, 77, 77], 1);
    }
  });
});

describe('a TIFF of floats in 0..1', () => {
  const half = (channels: number): Float32Array => new Float32Array(64 * channels).fill(0.5);

  test('is grey', async () => {
    near((await open(tiff(half(1), 8, 1))).data, [128, 128, 128], 1);
    near((await open(tiff(half(1), 8, 1), { size: 16 })).data, [128, 128, 128], 1);
    const ramp = floats(64, (index) => (index % 8) / 7);
    const { data } = await open(tiff(ramp, 8, 1));
    expect([data[0], data[21]]).toEqual([0, 255]);
    const { alpha, data: colours } = await open(tiff(half(2), 8, 2), { size: 16 });
    near(colours, [128, 128, 128], 1);
    near(alpha ?? [], [128, 128], 1);
  });

  test('is in colour, in linear light as sharp writes it', async () => {
    const made = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c86432' } })
      .toColourspace('scrgb')
      .tiff({ compression: 'none' })
      .toBuffer();
    expect(await sharp(made).metadata()).toMatchObject({ depth: 'float' });
    near((await open(made)).data, [200, 100, 50], 2);
    near((await open(tiff(half(4), 8, 4))).alpha ?? [], [128, 128], 1);
  });

  test('has a colour profile', async () => {
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .withIccProfile('srgb')
      .png()
      .toBuffer();
    const { icc } = await sharp(png).metadata();
    near((await open(tiff(half(1), 8, 1, icc))).data, [128, 128, 128], 1);
    near((await open(tiff(half(3), 8, 3, icc))).data, [188, 188, 188], 2);
  });

  test('has a few lights above 1, or less than 0', async () => {
    const lights = floats(64, (index) => (index === 5 ? 9 : index === 6 ? -3 : 0.5));
    expect([...(await open(tiff(lights, 8, 1))).data.slice(15, 24)]).toEqual([255, 255, 255, 0, 0, 0, 128, 128, 128]);
  });
});

describe('samples of unknown range are refused', () => {
  const bytes = (samples: Samples, channels: 1 | 3): Buffer => tiff(samples, 8, channels);
  const wrong: [string, Buffer, RegExp][] = [
    ['floats in 0..255', bytes(new Float32Array(64).fill(128), 1), /floats must lie in 0\.\.1, and their mean is 128/],
    ['floats in 0..255 in colour', bytes(new Float32Array(192).fill(128), 3), /mean is 128/],
    ['floats that are none', bytes(new Float32Array(64).fill(Number.NaN), 1), /some are not numbers/],
    ['32-bit integers', bytes(new Uint32Array(64).fill(2 ** 31), 1), /type 'uint'.*convert it to 8 or 16 bits/],
    ['32-bit integers in colour', bytes(new Uint32Array(192).fill(2 ** 31), 3), /type 'uint'/],
    ['32-bit integers with a sign', bytes(new Int32Array(64).fill(2 ** 30), 1), /type 'int'/],
    ['16-bit integers with a sign', bytes(new Int16Array(64).fill(128), 1), /type 'short'/],
  ];
  for (const [what, picture, says] of wrong) {
    test(what, async () => {
      await expect(open(picture)).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE',
        message: expect.stringMatching(says),
      });
    });
  }

  test('but not 16-bit integers', async () => {
    near((await open(bytes(new Uint16Array(64).fill(32_768), 1))).data, [128, 128, 128], 1);
  });
});
