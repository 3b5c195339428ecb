import { describe, expect, test } from 'vitest';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import { type Case, expectDerivative, functionOf, padded, SAME, strides, VALID } from '../support/derivative.js';
import { modeOf } from '../support/engine.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';

// plain_gradient.h, which compiled loops get: against the numerical derivative, and against TensorFlow's own operation.

const PLAIN = { xla: true, precision: 'float32', loop: 'compiled', rewrites: ['plainGradient'] } as const;

const convolution = (
  kernel: readonly [number, number],
  attributes: Readonly<Record<string, Uint8Array>>,
  stride = 1,
): Case => ({
  width: 23,
  height: 18,
  within: 1e-3,
  build: (network, x) => network.convolution(x, { ...strides(stride), ...attributes }, [...kernel]),
});
const dilated = { dilations: attribute.integers([1, 2, 3, 1]) };

const CASES: Readonly<Record<string, Case>> = {
  '3x3, SAME': convolution([3, 3], SAME),
  '1x1, SAME': convolution([1, 1], SAME),
  '4x2, SAME, more zeros behind': convolution([4, 2], SAME),
  '5x3, VALID': convolution([5, 3], VALID),
  '3x3, padded by hand': convolution([3, 3], padded([2, 1], [0, 2])),
  '3x3, padded further than it reaches, left to TensorFlow': convolution([3, 3], padded([3, 1], [0, 2])),
  '3x3, dilated, SAME': convolution([3, 3], { ...SAME, ...dilated }),
  '2x3, dilated, VALID': convolution([2, 3], { ...VALID, ...dilated }),
  '3x3, stride 2, left to TensorFlow': convolution([3, 3], SAME, 2),
};

describe('the gradient of a convolution as a plain convolution', () => {
  test.each(Object.entries(CASES))('agrees with the numerical derivative: %s', async (_name, each) => {
    await expectDerivative(each, PLAIN);
  });

  test.each(Object.entries(CASES))('is what TensorFlow computes: %s', async (_name, each) => {
    const picture = madePicture(each.width, each.height);
    const plain = await functionOf(each, PLAIN);
    const stock = await functionOf(each, { xla: false, precision: 'float32', rewrites: [] });
    const [mine, expected] = [await plain.at(picture), await stock.at(picture)];
    expect(meanDifference(mine.data, expected.data)).toBeLessThan(1e-5 * meanMagnitude(expected.data));
    await plain.dispose();
    await stock.dispose();
  });

  test('is what a loop that XLA compiles gets on a CPU', () => {
    expect(modeOf(true, 'float32', 'compiled').rewrites).toContain('plainGradient');
    expect(modeOf(true).rewrites).not.toContain('plainGradient');
    expect(modeOf(false).rewrites).not.toContain('plainGradient');
  });
});
