import { describe, expect, test } from 'vitest';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import { type Case, expectDerivative, FLOAT, functionOf, SAME, VALID } from '../support/derivative.js';
import { modeOf } from '../support/engine.js';

// max_pool_masks.h, which XLA alone gets, and kernels/max_pool.h, which processors get without it: against the numerical derivative, and where several taps are the maximum, where
// there is no such thing, against TensorFlow's own operation.

const MODES = {
  'masks, with XLA': { xla: true, precision: 'float32', rewrites: ['maxPoolMaxima', 'maxPoolMasks'] },
  'a kernel, without XLA': { xla: false, precision: 'float32', rewrites: ['maxPoolKernel'] },
} as const;

const pool = (
  [height, width]: readonly [number, number],
  [down, right]: readonly [number, number],
  padding: Readonly<Record<string, Uint8Array>>,
): Case['build'] => {
  const ksize = attribute.integers([1, height, width, 1]);
  const strides = attribute.integers([1, down, right, 1]);
  return (network, x) => network.node('MaxPool', 'out', [x], { T: FLOAT, ksize, strides, ...padding });
};

const BY_HAND = {
  padding: attribute.text('EXPLICIT'),
  explicit_paddings: attribute.integers([0, 0, 1, 0, 0, 1, 0, 0]),
};

const POOLS: Readonly<Record<string, Case['build']>> = {
  '3x3, stride 2, SAME': pool([3, 3], [2, 2], SAME),
  '3x3, stride 2, VALID': pool([3, 3], [2, 2], VALID),
  '3x3, stride 1, SAME': pool([3, 3], [1, 1], SAME),
  '2x2, stride 2, SAME': pool([2, 2], [2, 2], SAME),
  '2x2, stride 3, VALID, some seen by none': pool([2, 2], [3, 3], VALID),
  '5x2, stride 2 and 1, SAME': pool([5, 2], [2, 1], SAME),
  '1x4, stride 3, SAME': pool([1, 4], [3, 3], SAME),
  '3x3, stride 2, padded by hand': pool([3, 3], [2, 2], BY_HAND),
};
const SIZES = [
  { width: 23, height: 18 },
  { width: 24, height: 17 },
];

describe.each(Object.entries(MODES))('the gradient of a max-pool by %s', (_by, mode) => {
  test.each(Object.entries(POOLS))('agrees with the numerical derivative: %s', async (_name, build) => {
    await expectDerivative({ ...(SIZES[0] as (typeof SIZES)[0]), build, within: 2e-2 }, mode);
  });

  test.each(Object.entries(POOLS))('gives ties to the first of them, as TensorFlow does: %s', async (_name, build) => {
    for (const size of SIZES) {
      const each: Case = { ...size, build, first: true, within: 0 };
      // Four levels: nearly every window has its maximum more than once.
      const picture = Float32Array.from(
        { length: size.width * size.height * 3 },
        (_, i) => ((i * 2654435761) >>> 30) * 64,
      );
      const masked = await functionOf(each, mode);
      const stock = await functionOf(each, { xla: false, precision: 'float32', rewrites: [] });
      const [mine, expected] = [await masked.at(picture), await stock.at(picture)];
      expect(expected.data.some((value) => value !== 0)).toBe(true);
      const furthest = mine.data.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (expected.data[i] ?? 0))),
        0,
      );
      expect(furthest).toBeLessThan(1e-6);
      await masked.dispose();
      await stock.dispose();
    }
  });

  test('has wide windows too, which masks leave to TensorFlow', async () => {
    await expectDerivative({ width: 23, height: 18, build: pool([8, 8], [4, 4], SAME), within: 5e-2 }, mode);
  });

  test('is right of more channels than fit a vector', async () => {
    const build = pool([3, 3], [2, 2], SAME);
    await expectDerivative({ width: 31, height: 22, channels: 43, build, within: 2e-2 }, mode);
  });
});

test('each mode gets its own on a CPU', () => {
  expect(modeOf(true).rewrites).toContain('maxPoolMasks');
  expect(modeOf(true).rewrites).not.toContain('maxPoolKernel');
  expect(modeOf(false).rewrites).toContain('maxPoolKernel');
  expect(modeOf(false).rewrites).not.toContain('maxPoolMasks');
});
