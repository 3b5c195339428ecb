import { describe, expect, test } from 'vitest';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import { type Case, expectDerivative, FLOAT, functionOf } from '../support/derivative.js';
import { modeOf } from '../support/engine.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';

// response_expression.h, which XLA alone gets, and kernels/local_response.h, which processors get without it: against the numerical derivative, and against TensorFlow's own operations.

const MODES = {
  'as an expression, with XLA': { xla: true, precision: 'float32', rewrites: ['responseExpression'] },
  'by a kernel, without XLA': { xla: false, precision: 'float32', rewrites: ['responseKernel'] },
} as const;

const normalization = (radius: number, beta: number, alpha = 0.3): Case => ({
  width: 23,
  height: 18,
  within: 2e-2,
  build: (network, x) =>
    network.node('LRN', 'out', [x], {
      T: FLOAT,
      depth_radius: attribute.integer(radius),
      bias: attribute.float(2),
      alpha: attribute.float(alpha),
      beta: attribute.float(beta),
    }),
});

const CASES: Readonly<Record<string, Case>> = {
  'beta 0.5': normalization(2, 0.5),
  'beta 0.75': normalization(2, 0.75),
  'another beta': normalization(2, 0.6),
  'beta 1': normalization(1, 1),
  'a radius of 0': normalization(0, 0.5),
  'more around than there are channels': normalization(8, 0.75, 0.05),
  'too much around, left to TensorFlow': normalization(9, 0.75, 0.05),
  'more channels than fit a vector': { ...normalization(5, 0.75, 0.02), channels: 43 },
  'the defaults': {
    ...normalization(5, 0.5),
    build: (network, x) => network.node('LRN', 'out', [x], { T: FLOAT }),
  },
};

describe.each(Object.entries(MODES))('local response normalization %s', (_by, mode) => {
  test.each(Object.entries(CASES))('has the numerical derivative: %s', async (_name, each) => {
    await expectDerivative(each, mode);
  });

  test.each(Object.entries(CASES))('is what TensorFlow computes: %s', async (_name, each) => {
    const picture = madePicture(each.width, each.height);
    const expression = await functionOf(each, mode);
    const stock = await functionOf(each, { xla: false, precision: 'float32', rewrites: [] });
    const [mine, expected] = [await expression.at(picture), await stock.at(picture)];
    expect(Math.abs(mine.objective / expected.objective - 1)).toBeLessThan(1e-5);
    expect(meanDifference(mine.data, expected.data)).toBeLessThan(1e-5 * meanMagnitude(expected.data));
    await expression.dispose();
    await stock.dispose();
  });
});

test('each mode gets its own on a CPU', () => {
  expect(modeOf(true).rewrites).toContain('responseExpression');
  expect(modeOf(true).rewrites).not.toContain('responseKernel');
  expect(modeOf(false).rewrites).toContain('responseKernel');
  expect(modeOf(false).rewrites).not.toContain('responseExpression');
});
