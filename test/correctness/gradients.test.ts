import { describe, test } from 'vitest';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import {
  type Case,
  CHANNELS,
  expectDerivative,
  FLOAT,
  padded,
  SAME,
  strides,
  VALID,
  window,
} from '../support/derivative.js';

// Every way in which a gradient is made, against the numerical derivative of the objective. Sizes are odd where they can be.

const stem = (
  width: number,
  height: number,
  kernel: readonly number[],
  stride: number,
  padding: Record<string, Uint8Array>,
): Case => ({
  width,
  height,
  first: true,
  build: (network, x) => network.convolution(x, { ...strides(stride), ...padding }, [...kernel]),
  within: 1e-3,
});
const plain = (build: Case['build'], within = 1e-3): Case => ({ width: 23, height: 18, build, within });

const CASES: Readonly<Record<string, Case>> = {
  'a strided stem: 7x7, 2, SAME, even': stem(32, 24, [7, 7], 2, SAME),
  'a strided stem: 7x7, 2, SAME, odd': stem(31, 23, [7, 7], 2, SAME),
  'a strided stem: 3x3, 2, VALID, even': stem(32, 24, [3, 3], 2, VALID),
  'a strided stem: 3x3, 2, VALID, odd': stem(31, 23, [3, 3], 2, VALID),
  'a strided stem: 11x11, 4, VALID': stem(50, 37, [11, 11], 4, VALID),
  'a strided stem: 5x3, 3, SAME': stem(32, 25, [5, 3], 3, SAME),
  'a strided stem: 3x3, 5, SAME': stem(32, 24, [3, 3], 5, SAME),
  'a strided stem: 4x4, 2, EXPLICIT': stem(31, 24, [4, 4], 2, padded([1, 0], [2, 1])),
  Conv2D: plain((network, x) => network.convolution(x, { ...strides(1), ...SAME })),
  'Conv2D, strided': plain((network, x) => network.convolution(x, { ...strides(2), ...VALID })),
  'Conv2D, dilated': plain((network, x) =>
    network.convolution(x, { ...strides(1), ...SAME, dilations: attribute.integers([1, 2, 2, 1]) }),
  ),
  'Conv2D, dilated and padded by hand': plain((network, x) =>
    network.convolution(x, { ...strides(1), ...padded([2, 1], [0, 3]), dilations: attribute.integers([1, 2, 3, 1]) }),
  ),
  'Conv2D, padded by hand': plain((network, x) => network.convolution(x, { ...strides(1), ...padded([2, 1], [0, 3]) })),
  DepthwiseConv2dNative: plain((network, x) =>
    network.node('DepthwiseConv2dNative', 'out', [x, network.weights('w', [3, 3, CHANNELS, 2])], {
      T: FLOAT,
      ...strides(1),
      ...SAME,
    }),
  ),
  'DepthwiseConv2dNative, dilated': plain((network, x) =>
    network.node('DepthwiseConv2dNative', 'out', [x, network.weights('w', [3, 3, CHANNELS, 2])], {
      T: FLOAT,
      ...strides(1),
      ...SAME,
      dilations: attribute.integers([1, 2, 2, 1]),
    }),
  ),
  'BiasAdd and Relu': plain(
    (network, x) => network.relu('out', network.biasAdd('biased', x, network.weights('b', [CHANNELS]))),
    2e-2,
  ),
  Relu6: plain((network, x) => network.node('Relu6', 'out', [x], { T: FLOAT }), 2e-2),
  MaxPool: plain((network, x) => network.node('MaxPool', 'out', [x], { ...window(3, 2), ...SAME }), 2e-2),
  'MaxPool, padded by hand': plain(
    (network, x) => network.node('MaxPool', 'out', [x], { ...window(3, 2), ...padded([1, 1], [0, 1]) }),
    2e-2,
  ),
  AvgPool: plain((network, x) => network.node('AvgPool', 'out', [x], { ...window(3, 2), ...SAME })),
  LRN: plain((network, x) => {
    network.node('LRN', 'out', [x], {
      T: FLOAT,
      depth_radius: attribute.integer(2),
      bias: attribute.float(2),
      alpha: attribute.float(0.3),
      beta: attribute.float(0.6),
    });
  }, 2e-2),
  'Concat of one tensor twice, and of another': plain((network, x) => {
    const other = network.conv2d('other', x, network.weights('other/w', [1, 1, CHANNELS, 5]));
    network.concat('out', [x, other, x], 3);
  }),
  'Concat of rows': plain((network, x) => network.concat('out', [x, x], 1)),
  ConcatV2: plain((network, x) =>
    network.node('ConcatV2', 'out', [x, network.relu('relu', x), network.integer('axis', 3)], {
      T: FLOAT,
      Tidx: attribute.type(3),
      N: attribute.integer(2),
    }),
  ),
  'every position alike': {
    ...plain((network, x) => network.convolution(x, { ...SAME, ...strides(2) })),
    kind: 'evenPositions',
  },
  'every channel alike': {
    ...plain((network, x) => network.convolution(x, { ...SAME, ...strides(2) })),
    kind: 'evenChannels',
  },
  'by TensorFlow: Pad': plain((network, x) =>
    network.node('Pad', 'out', [x, network.integers('p', [4, 2], [0, 0, 1, 2, 3, 0, 0, 0])], {
      T: FLOAT,
      Tpaddings: attribute.type(3),
    }),
  ),
  'by TensorFlow: a product whose one factor comes from the other': plain((network, x) => {
    network.node('Mul', 'out', [x, network.node('Sigmoid', 'gate', [x], { T: FLOAT })], { T: FLOAT });
  }, 2e-2),
  'by TensorFlow: a square as a product, and a sum around it': plain((network, x) => {
    const square = network.node('Mul', 'square', [x, x], { T: FLOAT });
    network.node('AddV2', 'out', [network.node('Tanh', 'small', [square], { T: FLOAT }), x], { T: FLOAT });
  }, 2e-2),
};

describe('the gradient agrees with the numerical derivative of the objective', () => {
  test.each(Object.entries(CASES))('%s', (_name, each) => expectDerivative(each));
});
