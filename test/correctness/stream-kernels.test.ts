// What frames of a stream take besides their steps: our kernels for processors, and the ordinary operations that XLA compiles.
import { describe, expect, test } from 'vitest';
import type { StreamCheckpoint } from '../../lib/stream/checkpoint.js';
import type { StreamedFrame } from '../../lib/stream/frame.js';
import { view, warpedDifference } from '../stream/support/motions.js';

import { smallDreamer } from '../support/dreamers.js';
import { madePicture, meanDifference } from '../support/pictures.js';

/** Steps that move nothing worth telling: what is left is what was carried, and held. */
const OPTIONS = { layer: 'mixed3b', octaves: 1, iterations: 1, step: 1e-4, depth: 'float32', strength: 20 } as const;

/** A dream that is all made up, so that much is carried: coarse and fine, to both sides of 0. */
async function checkpoint(width: number, height: number, strength: number): Promise<StreamCheckpoint> {
  const { data } = await view({}, { width, height });
  const change = madePicture(width, height, 3).map((value) => (value - 128) / 4);
  return { width, height, source: data, change, strength, mean: [1, -2, 0.5], frames: 0 };
}

async function frame(xla: boolean, width: number, height: number, strength = 20): Promise<StreamedFrame> {
  await using dreamer = await smallDreamer({ xla });
  const now = await view({ x: 2.4, y: -1.3, angle: 1 }, { width, height });
  const from = await checkpoint(width, height, strength);
  for await (const found of dreamer.stream([now], { ...OPTIONS, from })) return found;
  throw new Error('no frame');
}

describe('what is carried to a frame', () => {
  // Odd sides, where the motion is found at half the size and a pixel more; and small ones, where at their own.
  test.each([
    [120, 90],
    [121, 87],
    [60, 44],
  ])('is the same by kernels and by operations, of %i x %i', async (width, height) => {
    const [kernels, operations] = [await frame(false, width, height), await frame(true, width, height)];
    expect(kernels.carry).toBe('carried');
    expect(kernels.strength).toBeGreaterThan(3);
    expect(meanDifference(kernels.data, operations.data)).toBeLessThan(1e-3);
    expect(Math.abs(kernels.strength - operations.strength)).toBeLessThan(1e-3);
  });

  test('is held to the strength and towards the brightness that the stream began with, by both', async () => {
    const [kernels, operations] = [await frame(false, 120, 90, 0.1), await frame(true, 120, 90, 0.1)];
    // 20 times 0.1, but for brightness, by which it is off a little.
    expect(Math.abs(kernels.strength - 2)).toBeLessThan(0.3);
    expect(meanDifference(kernels.data, operations.data)).toBeLessThan(1e-3);
  });

  test('begins with nothing, by both', async () => {
    for (const xla of [false, true]) {
      await using dreamer = await smallDreamer({ xla });
      const now = await view({}, { width: 64, height: 64 });
      for await (const found of dreamer.stream([now], OPTIONS)) {
        expect(found.carry).toBe('first');
        expect(meanDifference(found.data, now.data)).toBeLessThan(1e-3);
      }
    }
  });

  test('is the change of the frame before, where it moved to', async () => {
    const size = { width: 240, height: 180 };
    await using dreamer = await smallDreamer();
    // Fine waves: coarse structures are meant to fade.
    const waves = new Float32Array(size.width * size.height * 3).map((_, at) => {
      const pixel = Math.floor(at / 3);
      return 30 * Math.sin(1.1 * (pixel % size.width) + 0.7 * Math.floor(pixel / size.width) + (at % 3));
    });
    const from = { ...(await checkpoint(size.width, size.height, 20)), change: waves };
    // By whole pixels, so that nothing is to be found between them.
    const now = await view({ x: 4, y: -3 }, size);
    for await (const found of dreamer.stream([now], { ...OPTIONS, from })) {
      const change = (found.data as Float32Array).map((value, at) => value - (now.data[at] as number));
      const motion = Float32Array.from({ length: size.width * size.height * 2 }, (_, at) => (at % 2 === 0 ? 4 : -3));
      const left = warpedDifference({ ...size, data: change }, { ...size, data: from.change }, motion);
      const whole = meanDifference(from.change, new Float32Array(from.change.length));
      expect(left / whole).toBeLessThan(0.15);
    }
  });
});
