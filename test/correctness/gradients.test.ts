import { describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { NativeTerm } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { uniform } from '../../tools/graphs/random.mjs';
import { notCancelled, planFor } from '../support/engine.js';
import { madePicture } from '../support/pictures.js';

// Every way in which a gradient is made, against the numerical derivative of the objective. Sizes are odd where they can be.

const FLOAT = attribute.type(1);
const CHANNELS = 8;
/** How far the picture is moved for the numerical derivative, in 0..255 at the strongest pixel. */
const STEP = 0.25;

class Network extends GraphDef {
  #random = uniform(5);

  weights(name: string, shape: readonly number[]): string {
    const count = shape.reduce((product, size) => product * size, 1);
    const scale = Math.sqrt(12 / (count / (shape.at(-1) as number)));
    return this.constant(
      name,
      shape,
      Float32Array.from({ length: count }, () => (this.#random() - 0.5) * scale),
    );
  }

  convolution(input: string, attributes: Readonly<Record<string, Uint8Array>>, kernel = [3, 3]): string {
    const filter = this.weights('w', [...kernel, input === 'input' ? 3 : CHANNELS, CHANNELS]);
    return this.node('Conv2D', 'out', [input, filter], { T: FLOAT, ...attributes });
  }
}

const padded = (rows: readonly [number, number], columns: readonly [number, number]): Record<string, Uint8Array> => ({
  padding: attribute.text('EXPLICIT'),
  explicit_paddings: attribute.integers([0, 0, ...rows, ...columns, 0, 0]),
});
const window = (size: number, stride: number): Record<string, Uint8Array> => ({
  T: FLOAT,
  ksize: attribute.integers([1, size, size, 1]),
  strides: attribute.integers([1, stride, stride, 1]),
});
const strides = (stride: number): Record<string, Uint8Array> => ({
  strides: attribute.integers([1, stride, stride, 1]),
});
const SAME = { padding: attribute.text('SAME') };
const VALID = { padding: attribute.text('VALID') };

interface Case {
  readonly width: number;
  readonly height: number;
  /** How the layer is climbed; left out by the mean of its squares. */
  readonly kind?: NativeTerm['kind'];
  /** Whether the operation sees the picture itself, and not a convolution of it. */
  readonly first?: boolean;
  readonly build: (network: Network, x: string) => void;
  /** Largest relative difference: kinks (Relu, MaxPool) bend a numerical derivative. */
  readonly within: number;
}

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

/** The layer's mean of squares and its gradient, as the engine has them. */
async function functionOf(each: Case): Promise<{
  at: (picture: Float32Array) => Promise<{ data: Float32Array; objective: number }>;
  dispose: () => Promise<void>;
}> {
  const network = new Network();
  const input = network.placeholder('input');
  const x = each.first
    ? input
    : network.conv2d('before', input, network.weights('before/w', [3, 3, 3, CHANNELS]), [1, 1], 'same');
  each.build(network, x);
  await openRuntime();
  const addon = loadAddon();
  const engine = new addon.Engine({
    device: 'CPU:0',
    programCacheBytes: 2 ** 28,
    queueLimit: 4,
    threads: 0,
    precision: 'float32',
  });
  const spec = { input: 'input', channelOrder: 'bgr', mean: [110, 120, 130], scale: 1 / 64 } as const;
  await engine.load(await addon.importModel({ graph: network.bytes(), ...spec }, notCancelled()));
  const model = {
    file: '',
    spec,
    objective: { layer: 'out', kind: each.kind ?? 'layer', weight: 3, channels: [] },
  } as const;
  const plan = planFor(model, { width: each.width, height: each.height, octaves: 1 });
  return {
    at: (picture) => engine.gradient(plan, picture, notCancelled()),
    dispose: () => engine.dispose(),
  };
}

describe('the gradient agrees with the numerical derivative of the objective', () => {
  test.each(Object.entries(CASES))('%s', async (_name, each) => {
    const { at, dispose } = await functionOf(each);
    const picture = madePicture(each.width, each.height);
    const { data: gradient } = await at(picture);
    const random = uniform(9);
    const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0);
    // Along the gradient, and along two random halves of it.
    for (const share of [1, 0.5, 0.5]) {
      const direction = gradient.map((value) => (random() < share ? value : 0));
      const length = STEP / largest;
      const along = (sign: number): Float32Array =>
        picture.map((value, i) => value + sign * length * (direction[i] ?? 0));
      const [above, below] = [await at(along(1)), await at(along(-1))];
      const numerical = (above.objective - below.objective) / (2 * length);
      const expected = gradient.reduce((sum, value, i) => sum + value * (direction[i] ?? 0), 0);
      expect(Math.abs(numerical - expected) / expected).toBeLessThan(each.within);
    }
    await dispose();
  });
});
