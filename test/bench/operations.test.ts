// The count of floating-point operations that a benchmark divides by time.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { randomNetwork } from '../../tools/graphs/random-network.mjs';
import { smallDreamer } from '../support/dreamers.js';
import { type Build, CHANNELS, graphOf } from '../support/operations/scene.js';
import { hasShared, SHARED } from '../support/pictures.js';

const SIZE = { width: 18, height: 12 };
const PIXELS = SIZE.width * SIZE.height;
const ONE_STEP = { octaves: 1, iterations: 1, layer: 'out' };
/** Every case begins with it: 3 x 3 from the picture's colours, forward and back, a multiplication and an addition each. */
const FIRST = 2 * 2 * PIXELS * 9 * 3 * CHANNELS;
const BRANCH = 2 * 2 * PIXELS * CHANNELS * CHANNELS;
const SAME = { strides: [1, 1, 1, 1], padding: 'SAME' };

const CASES: Readonly<Record<string, readonly [Build, number]>> = {
  'nothing but the convolution': [(scene, x) => scene.op('Tanh', [x]), 0],
  'a strided convolution': [
    (scene, x) =>
      scene.op('Conv2D', [x, scene.random([5, 5, CHANNELS, 7])], { strides: [1, 2, 2, 1], padding: 'SAME' }),
    2 * 2 * (9 * 6) * 25 * CHANNELS * 7,
  ],
  'a grouped convolution': [
    (scene, x) => scene.op('Conv2D', [x, scene.random([3, 3, CHANNELS / 2, 6])], SAME),
    2 * 2 * PIXELS * 9 * (CHANNELS / 2) * 6,
  ],
  'a depthwise convolution': [
    (scene, x) => scene.op('DepthwiseConv2dNative', [x, scene.random([3, 3, CHANNELS, 2])], SAME),
    2 * 2 * PIXELS * 9 * CHANNELS * 2,
  ],
  'a transposed convolution': [
    (scene, x) =>
      scene.op('Conv2DBackpropInput', [[1, 24, 36, 5], scene.random([3, 3, 5, CHANNELS]), x], {
        strides: [1, 2, 2, 1],
        padding: 'SAME',
      }),
    2 * 2 * PIXELS * 9 * CHANNELS * 5,
  ],
  'a matrix product of two that see the picture, back by each': [
    (scene, x) => {
      const second = scene.op('Reshape', [scene.branch(x), [16, -1]]);
      const product = scene.op('MatMul', [scene.op('Reshape', [x, [16, -1]]), second], { transpose_a: true });
      return scene.op('Reshape', [product, [1, 4, 4, -1]]);
    },
    BRANCH + 3 * 2 * ((PIXELS * CHANNELS) / 16) ** 2 * 16,
  ],
  'a batch of matrix products': [
    (scene, x) => scene.op('BatchMatMulV2', [x, scene.random([CHANNELS, 5])]),
    2 * 2 * PIXELS * CHANNELS * 5,
  ],
  'an Einsum': [
    (scene, x) => scene.op('Einsum', [x, scene.random([CHANNELS, 5])], { N: 2, equation: 'bhwc,cd->bhwd' }),
    2 * 2 * PIXELS * CHANNELS * 5,
  ],
};

async function countOf(build: Build): Promise<number> {
  await using dreamer = await Dreamer.load({ model: { graph: graphOf(build) }, device: 'cpu' });
  return await dreamer.operations(SIZE, ONE_STEP);
}

describe('the operations of one step of', () => {
  for (const [name, [build, operations]] of Object.entries(CASES)) {
    test(name, async () => {
      expect((await countOf(build)) - FIRST).toBe(operations);
    });
  }
});

test('steps, octaves and tiles add up, as they are computed', async () => {
  await using dreamer = await smallDreamer();
  const one = await dreamer.operations({ width: 96, height: 64 }, { octaves: 1, iterations: 1 });
  expect(await dreamer.operations({ width: 96, height: 64 }, { octaves: 1, iterations: 7 })).toBe(7 * one);
  const smaller = await dreamer.operations({ width: 48, height: 32 }, { octaves: 1, iterations: 2 });
  const both = { octaves: 2, octaveScale: 2, iterations: [2, 3] };
  expect(await dreamer.operations({ width: 96, height: 64 }, both)).toBe(3 * one + smaller);
  // 2 x 2 tiles of 96 x 64 each.
  const tiled = await dreamer.operations({ width: 192, height: 128 }, { octaves: 1, iterations: 1, tileSize: 96 });
  expect(tiled).toBe(4 * (await dreamer.operations({ width: 96, height: 64 }, { octaves: 1, iterations: 1 })));
  await expect(dreamer.operations({ width: 0, height: 64 })).rejects.toThrow(RangeError);
});

test.skipIf(!hasShared)('a step of inception5h at 480 x 360 is 16.4 billion operations', async () => {
  const structure = JSON.parse(readFileSync(path.join(SHARED, 'models/inception5h-structure.json'), 'utf8'));
  await using dreamer = await Dreamer.load({ model: { graph: randomNetwork(structure) }, device: 'cpu' });
  const options = { octaves: 1, iterations: 1, layer: 'mixed4d_3x3_bottleneck_pre_relu', channel: 139 };
  expect((await dreamer.operations({ width: 480, height: 360 }, options)) / 1e9).toBeCloseTo(16.4, 1);
});
