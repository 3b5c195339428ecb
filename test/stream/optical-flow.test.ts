// The search for motion, against motions that are known.
import { describe, expect, test } from 'vitest';
import type { RawPicture } from '../../lib/image/source.js';
import { knownShare, opticalFlow } from '../../lib/stream/optical-flow.js';
import { madePicture } from '../support/pictures.js';
import { type Camera, endPointError, layers, motionBetween, view } from './support/motions.js';

const SIZE = { width: 480, height: 360 } as const;
const STILL: Camera = {};

/** What is found of cameras' motion, and the mean error in pixels. */
async function errorOf(camera: Camera): Promise<number> {
  const { motion } = await opticalFlow(await view(camera, SIZE), await view(STILL, SIZE));
  return endPointError(motion, motionBetween(camera, STILL, SIZE));
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const made = (width: number, height: number, seed: number): RawPicture => ({
  ...{ data: Uint8Array.from(madePicture(width, height, seed)), width, height, channels: 3 },
});

describe('optical flow', () => {
  // The bound is a pixel; OpenCV's DIS, medium, has 0.04 to 0.3: docs/performance-streams.md.
  test.each<[string, Camera, number]>([
    ['a slow pan', { x: 5, y: 2 }, 0.2],
    ['a fast pan', { x: 31, y: 9 }, 0.5],
    ['a rotation', { angle: 2 }, 0.3],
    ['a fast rotation', { angle: 5 }, 0.5],
    ['a zoom', { zoom: 1.04 }, 0.3],
  ])('finds %s', async (_, camera, most) => {
    expect(await errorOf(camera)).toBeLessThan(most);
  });

  test('finds two layers, and doubts what one of them hid', async () => {
    const { now, before, motion } = await layers(SIZE);
    const found = await opticalFlow(now, before);
    expect(endPointError(found.motion, motion)).toBeLessThan(0.5);
    const of = (hidden: boolean): number =>
      mean(found.confidence.filter((_, pixel) => Number.isNaN(motion[2 * pixel]) === hidden));
    expect(of(false)).toBeGreaterThan(0.85);
    expect(of(true)).toBeLessThan(of(false) / 2);
  });

  test('of the same picture is nothing, with all confidence', async () => {
    const picture = await view(STILL, SIZE);
    const { motion, confidence } = await opticalFlow(picture, picture);
    expect(motion.every((each) => Math.abs(each) < 1e-3)).toBe(true);
    expect(confidence.every((each) => each > 0.99)).toBe(true);
  });

  test('of another scene has no confidence', async () => {
    const { confidence } = await opticalFlow(made(160, 120, 1), made(160, 120, 9));
    expect(mean(confidence)).toBeLessThan(0.3);
  });

  test.each([
    [1, 1],
    [3, 200],
    [8, 8],
    [63, 65],
    [64, 64],
    [101, 77],
  ])('takes pictures of %i x %i', async (width, height) => {
    const { motion, confidence } = await opticalFlow(made(width, height, 1), made(width, height, 1));
    expect(motion).toHaveLength(width * height * 2);
    expect(confidence).toHaveLength(width * height);
    expect(motion.every(Number.isFinite)).toBe(true);
  });

  test('is the same each time', async () => {
    const [now, before] = [await view({ x: 3, angle: 1 }, SIZE), await view(STILL, SIZE)];
    const first = await opticalFlow(now, before);
    expect(await opticalFlow(now, before)).toEqual(first);
  });

  test('refuses pictures of two sizes, and pixels that are not of their size', async () => {
    await expect(opticalFlow(made(16, 16, 1), made(16, 17, 1))).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_OPTION_RANGE',
      message: expect.stringContaining('16 x 16'),
    });
    const short = { ...made(16, 16, 1), width: 17 };
    await expect(opticalFlow(short, short)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    await expect(knownShare(short, short)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    await expect(knownShare(made(16, 16, 1), made(16, 17, 1))).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_OPTION_RANGE',
    });
  });
});
