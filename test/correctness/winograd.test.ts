import { describe, expect, test } from 'vitest';
import { fromNative } from '../../lib/binding/errors.js';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import {
  type Case,
  expectDerivative,
  FLOAT,
  functionOf,
  type Network,
  padded,
  SAME,
  strides,
  VALID,
} from '../support/derivative.js';
import { modeOf } from '../support/engine.js';
import { hasOneDnn } from '../support/onednn.js';
import { madePicture, meanDifference, meanMagnitude } from '../support/pictures.js';

// winograd.h, which ordinary programs on a processor get: against the numerical derivative, and against TensorFlow's own
// convolutions.

const WINOGRAD = { xla: false, precision: 'float32', rewrites: ['winograd', 'maskedSum'] } as const;
const STOCK = { xla: false, precision: 'float32', rewrites: [] } as const;

type Attributes = Readonly<Record<string, Uint8Array>>;

/** What each convolution has besides the channels before it. */
interface Shape {
  readonly kernel?: readonly [number, number];
  readonly inputs?: number;
  readonly outputs?: number;
  readonly attributes?: Attributes;
}

const convolve = (
  network: Network,
  name: string,
  x: string,
  { kernel = [3, 3], inputs = 24, outputs = 37, attributes = SAME }: Shape = {},
): string => {
  const filter = network.weights(`${name}/w`, [...kernel, inputs, outputs]);
  return network.node('Conv2D', name, [x, filter], { T: FLOAT, ...strides(1), ...attributes });
};
const biased = (network: Network, name: string, x: string, channels = 37): string =>
  network.node('BiasAdd', name, [x, network.weights(`${name}/b`, [channels])], { T: FLOAT });
const relu = (network: Network, name: string, x: string): string => network.node('Relu', name, [x], { T: FLOAT });

const of = (build: Case['build'], size: Partial<Case> = {}): Case => ({
  width: 23,
  height: 18,
  channels: 24,
  within: 1e-3,
  build,
  ...size,
});
const alone = (shape: Shape, size: Partial<Case> = {}): Case =>
  of((network, x) => convolve(network, 'out', x, shape), { channels: shape.inputs ?? 24, ...size });

const TAKEN: Readonly<Record<string, Case>> = {
  '3x3, SAME': alone({}),
  '5x5, SAME': alone({ kernel: [5, 5] }),
  '4x4, SAME': alone({ kernel: [4, 4] }),
  '4x4, VALID': alone({ kernel: [4, 4], attributes: VALID }),
  '3x3, VALID': alone({ attributes: VALID }),
  '5x5, VALID': alone({ kernel: [5, 5], attributes: VALID }),
  '3x3, padded by hand': alone({ attributes: padded([2, 1], [0, 2]) }),
  'whole lines of channels': alone({ inputs: 48, outputs: 64 }),
  'more channels than a panel': alone({ inputs: 17, outputs: 83 }),
  'a picture smaller than a square': alone({}, { width: 5, height: 3 }),
  'a row of pixels': alone({ kernel: [5, 5] }, { width: 19, height: 1 }),
  'with a bias': of((network, x) => biased(network, 'out', convolve(network, 'c', x))),
  'with a bias and Relu': of((network, x) => relu(network, 'out', biased(network, 'b', convolve(network, 'c', x))), {
    within: 2e-2,
  }),
  'with Relu alone': of((network, x) => relu(network, 'out', convolve(network, 'c', x)), { within: 2e-2 }),
  'behind a Relu, whose mask it lays on': of((network, x) => convolve(network, 'out', relu(network, 'r', x)), {
    within: 2e-2,
  }),
  'one behind another': of(
    (network, x) => {
      const first = relu(network, 'r', biased(network, 'b', convolve(network, 'c', x)));
      relu(network, 'out', biased(network, 'b2', convolve(network, 'c2', first, { inputs: 37, outputs: 29 }), 29));
    },
    { within: 2e-2 },
  ),
  'with a Relu beside which others read its input': of(
    (network, x) => {
      const sum = biased(network, 'b', convolve(network, 'c', x));
      network.node('AddV2', 'out', [relu(network, 'r', sum), sum], { T: FLOAT });
    },
    { within: 2e-2 },
  ),
  'two of one Relu': of(
    (network, x) => {
      const from = relu(network, 'r', x);
      network.node('AddV2', 'out', [convolve(network, 'c', from), convolve(network, 'd', from, { kernel: [5, 5] })], {
        T: FLOAT,
      });
    },
    { within: 2e-2 },
  ),
};

const LEFT: Readonly<Record<string, Case>> = {
  'few channels': alone({ inputs: 8, outputs: 12 }),
  '1x1': alone({ kernel: [1, 1] }),
  '3x5': alone({ kernel: [3, 5] }),
  'stride 2': alone({ attributes: { ...SAME, ...strides(2) } }),
};

/** Those whose gradients only oneDNN has. */
const LEFT_TO_ONEDNN: Readonly<Record<string, Case>> = {
  dilated: alone({ attributes: { ...SAME, dilations: attribute.integers([1, 2, 2, 1]) } }),
  'in groups': of((network, x) => convolve(network, 'out', x, { inputs: 12, outputs: 32 })),
};

const bothOf = async (each: Case): Promise<readonly [Gradient, Gradient]> => {
  const picture = madePicture(each.width, each.height);
  const ours = await functionOf(each, WINOGRAD);
  const stock = await functionOf(each, STOCK);
  const both = [await ours.at(picture), await stock.at(picture)] as const;
  await ours.dispose();
  await stock.dispose();
  return both;
};
type Gradient = Awaited<ReturnType<Awaited<ReturnType<typeof functionOf>>['at']>>;

describe("a convolution by Winograd's minimal filtering", () => {
  test.each(Object.entries(TAKEN))('agrees with the numerical derivative: %s', async (_name, each) => {
    await expectDerivative(each, WINOGRAD);
  });

  test.each(Object.entries(TAKEN))('is what TensorFlow computes, to rounding: %s', async (_name, each) => {
    const [ours, stock] = await bothOf(each);
    expect(ours.data).not.toEqual(stock.data);
    expect(meanDifference(ours.data, stock.data)).toBeLessThan(1e-5 * meanMagnitude(stock.data));
    expect(Math.abs(ours.objective - stock.objective)).toBeLessThan(1e-5 * Math.abs(stock.objective));
  });

  test.each(Object.entries(LEFT))('is left to TensorFlow: %s', async (_name, each) => {
    const [ours, stock] = await bothOf(each);
    expect(ours.data).toEqual(stock.data);
  });

  test.skipIf(!hasOneDnn).each(Object.entries(LEFT_TO_ONEDNN))(
    'is left to TensorFlow: %s (a processor with oneDNN)',
    async (_name, each) => {
      const [ours, stock] = await bothOf(each);
      expect(ours.data).toEqual(stock.data);
    },
  );

  test.skipIf(hasOneDnn).each(Object.entries(LEFT_TO_ONEDNN))(
    'cannot be had of TensorFlow, which says what does: %s (a processor without oneDNN)',
    async (_name, each) => {
      const failed = fromNative(await bothOf(each).catch((error: unknown) => error));
      expect(failed.message).toMatch(/TF_ENABLE_ONEDNN_OPTS=1/);
    },
  );

  test('is what ordinary programs on a processor get', () => {
    expect(modeOf(false).rewrites).toContain('winograd');
    expect(modeOf(true).rewrites).not.toContain('winograd');
  });
});
