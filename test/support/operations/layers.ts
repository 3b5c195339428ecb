import {
  type Build,
  CHANNELS,
  FLOAT,
  float,
  HALF,
  INT32,
  type Operation,
  type Operations,
  type Scene,
  type,
} from './scene.js';

const NO_KERNEL = 'XLA has no kernel for it';
const SAME = { strides: [1, 1, 1, 1], padding: 'SAME' } as const;
const STRIDED = { strides: [1, 2, 2, 1], padding: 'VALID' } as const;
const explicit = { padding: 'EXPLICIT', explicit_paddings: [0, 0, 2, 1, 0, 3, 0, 0] } as const;
const cast = (scene: Scene, x: string, from: number, to: number): string =>
  scene.op('Cast', [x], { T: null, SrcT: type(from), DstT: type(to) });
const toFirst = (scene: Scene, x: string): string => scene.op('Transpose', [x, [0, 3, 1, 2]]);
const toLast = (scene: Scene, x: string): string => scene.op('Transpose', [x, [0, 2, 3, 1]]);

const resizes = ['ResizeBilinear', 'ResizeNearestNeighbor', 'ResizeBicubic'].flatMap((op) =>
  [
    ['larger', [21, 40], {}],
    ['three times as large, centres', [36, 54], { half_pixel_centers: true }],
    ['smaller', [7, 9], {}],
    ['corners', [25, 31], { align_corners: true }],
    ['centres', [25, 31], { half_pixel_centers: true }],
  ].map(([name, size, attributes]): [string, Operation] => [
    `${op}, ${name}`,
    {
      build: (scene, x) => scene.op(op, [x, size as number[]], attributes as Record<string, boolean>),
      ...(op === 'ResizeBicubic' ? { withoutXla: NO_KERNEL } : {}),
    },
  ]),
);

/** `[1, height, width, channels]` of what a transposed convolution takes, and its filter. */
function transposed(
  attributes: Record<string, string | readonly number[]>,
  [height, width]: readonly number[],
  filter = [3, 3],
): Build {
  return (scene, x) => {
    const weights = scene.random([...filter, 5, CHANNELS], -0.3, 0.3);
    return scene.op('Conv2DBackpropInput', [[1, height as number, width as number, 5], weights, x], attributes);
  };
}

interface Normalization {
  readonly data_format?: string;
  readonly is_training: boolean;
}

function normalized(version: string, attributes: Normalization, output = 0): Build {
  return (scene, x) => {
    const statistics = attributes.is_training
      ? [scene.floats([0], []), scene.floats([0], [])]
      : [scene.random([CHANNELS]), scene.random([CHANNELS], 0.5, 2)];
    const first = attributes.data_format === 'NCHW';
    const node = scene.op(
      `FusedBatchNorm${version}`,
      [first ? toFirst(scene, x) : x, scene.random([CHANNELS]), scene.random([CHANNELS]), ...statistics],
      { ...attributes, epsilon: float(0.02), ...(version === '' ? {} : { U: type(FLOAT) }) },
    );
    const result = output === 0 ? node : `${node}:${output}`;
    if (output > 0) return scene.op('Mul', [x, scene.op('AddV2', [result, node])]);
    return first ? toLast(scene, result) : result;
  };
}

const normalizations = ['', 'V2', 'V3'].flatMap((version): [string, Build | Operation][] =>
  ['NHWC', 'NCHW'].flatMap((data_format): [string, Build | Operation][] => [
    [`FusedBatchNorm${version}, ${data_format}`, normalized(version, { data_format, is_training: false })],
    [`FusedBatchNorm${version}, ${data_format}, training`, normalized(version, { data_format, is_training: true })],
  ]),
);

const depthwise =
  (attributes: Record<string, string | readonly number[]>, kernel = [3, 3]): Build =>
  (scene, x) =>
    scene.op('DepthwiseConv2dNative', [x, scene.random([...kernel, CHANNELS, 2])], attributes);

/**
 * As tf.nn.depthwise_conv2d goes round the gradient of a dilated one, which the ordinary kernels get wrong: 3x3, 12 x 18.
 */
function dilatedDepthwise(scene: Scene, x: string, filter: string): string {
  const small = scene.op('SpaceToBatchND', [
    x,
    [2, 2],
    [
      [2, 2],
      [2, 2],
    ],
  ]);
  const made = scene.op('DepthwiseConv2dNative', [small, filter], { strides: [1, 1, 1, 1], padding: 'VALID' });
  return scene.op('BatchToSpaceND', [
    made,
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ]);
}

/** A filter that the picture makes: [3, 3, CHANNELS, `outputs`]. */
function ownFilter(scene: Scene, x: string, outputs: number): string {
  const means = scene.op('Mean', [x, [0, 1, 2]]);
  return scene.op('Mul', [scene.op('Reshape', [means, [1, 1, CHANNELS, 1]]), scene.random([3, 3, 1, outputs])]);
}

const filterOf = (scene: Scene): string => scene.random([3, 3, CHANNELS, 4]);

const pool =
  (op: string, attributes: Record<string, string | readonly number[]>): Build =>
  (scene, x) =>
    scene.op(op, [x], { ksize: [1, 3, 2, 1], strides: [1, 2, 1, 1], padding: 'SAME', ...attributes });

/** Convolutions, pools, resizes and normalizations. */
function statisticsOf(scene: Scene): string[] {
  return [0, 1, 2].map(() => scene.random([CHANNELS])).concat(scene.random([CHANNELS], 0.5, 2));
}

export const layers: Operations = {
  'Conv2D, dilated and padded by hand': {
    build: (scene, x) =>
      scene.op('Conv2D', [x, filterOf(scene)], { strides: [1, 1, 1, 1], dilations: [1, 2, 3, 1], ...explicit }),
    reference: (scene, x) => {
      const filter = filterOf(scene);
      const padded = scene.op('Pad', [
        x,
        [
          [0, 0],
          [2, 1],
          [0, 3],
          [0, 0],
        ],
      ]);
      return scene.op('Conv2D', [padded, filter], { strides: [1, 1, 1, 1], dilations: [1, 2, 3, 1], padding: 'VALID' });
    },
  },
  'Conv2D, grouped': (scene, x) => scene.op('Conv2D', [x, scene.random([3, 3, CHANNELS / 2, 6])], SAME),
  'Conv2D, a filter from the picture': (scene, x) =>
    scene.op('Conv2D', [x, ownFilter(scene, x, 4)], { strides: [1, 2, 2, 1], padding: 'VALID' }),
  'Conv2D, dilated, a filter from the picture': (scene, x) =>
    scene.op('Conv2D', [x, ownFilter(scene, x, 4)], { ...SAME, dilations: [1, 2, 2, 1] }),
  'Conv2D, padded by hand, a filter from the picture': (scene, x) =>
    scene.op('Conv2D', [x, ownFilter(scene, x, 4)], { strides: [1, 1, 1, 1], ...explicit }),
  'DepthwiseConv2dNative, dilated': {
    build: depthwise({ ...SAME, dilations: [1, 2, 2, 1] }),
    reference: (scene, x) => dilatedDepthwise(scene, x, scene.random([3, 3, CHANNELS, 2])),
  },
  'DepthwiseConv2dNative, strided': depthwise(STRIDED, [5, 3]),
  'DepthwiseConv2dNative, padded by hand': depthwise({ strides: [1, 2, 2, 1], ...explicit }),
  'DepthwiseConv2dNative, a filter from the picture': (scene, x) =>
    scene.op('DepthwiseConv2dNative', [x, ownFilter(scene, x, 2)], SAME),
  'DepthwiseConv2dNative, dilated, a filter from the picture': {
    build: (scene, x) =>
      scene.op('DepthwiseConv2dNative', [x, ownFilter(scene, x, 2)], { ...SAME, dilations: [1, 2, 2, 1] }),
    reference: (scene, x) => dilatedDepthwise(scene, x, ownFilter(scene, x, 2)),
  },
  'Conv2DBackpropInput, strided': transposed({ strides: [1, 2, 2, 1], padding: 'SAME' }, [23, 36]),
  'Conv2DBackpropInput, strided, odd': transposed({ strides: [1, 2, 2, 1], padding: 'VALID' }, [26, 37], [4, 2]),
  'Conv2DBackpropInput, dilated': transposed({ ...SAME, dilations: [1, 2, 2, 1] }, [12, 18]),
  'Conv2DBackpropInput, padded by hand': transposed({ strides: [1, 1, 1, 1], ...explicit }, [11, 17]),
  'Conv2DBackpropInput, filter and picture from the picture': (scene, x) => {
    const filter = scene.op('Transpose', [ownFilter(scene, x, 5), [0, 1, 3, 2]]);
    return scene.op('Conv2DBackpropInput', [[1, 23, 36, 5], filter, x], { strides: [1, 2, 2, 1], padding: 'SAME' });
  },
  'Conv2DBackpropInput, sizes by Shape and Pack': (scene, x) => {
    const shape = scene.op('Shape', [x]);
    const height = scene.op('StridedSlice', [shape, [1], [2], [1]], {
      T: type(INT32),
      Index: type(INT32),
      shrink_axis_mask: 1,
    });
    const twice = scene.op('Mul', [height, 2], { T: type(INT32) });
    const sizes = scene.op('Pack', [1, twice, 36, 5], { T: type(INT32), N: 4 });
    return scene.op('Conv2DBackpropInput', [sizes, scene.random([3, 3, 5, CHANNELS]), x], {
      strides: [1, 2, 2, 1],
      padding: 'SAME',
    });
  },
  DepthwiseConv2dNativeBackpropInput: (scene, x) =>
    scene.op(
      'DepthwiseConv2dNativeBackpropInput',
      [[1, 23, 35, CHANNELS / 2], scene.random([3, 3, CHANNELS / 2, 2]), x],
      {
        strides: [1, 2, 2, 1],
        padding: 'SAME',
      },
    ),
  'DepthwiseConv2dNativeBackpropInput, its filter from the picture': (scene, x) => {
    const means = scene.op('Reshape', [scene.op('Mean', [x, [0, 1, 2]]), [1, 1, CHANNELS / 2, 2]]);
    const filter = scene.op('Mul', [means, scene.random([3, 3, 1, 1])]);
    return scene.op('DepthwiseConv2dNativeBackpropInput', [[1, 12, 18, CHANNELS / 2], filter, x], SAME);
  },
  Dilation2D: {
    build: (scene, x) =>
      scene.op('Dilation2D', [x, scene.random([3, 2, CHANNELS])], {
        strides: [1, 2, 1, 1],
        rates: [1, 1, 2, 1],
        padding: 'SAME',
      }),
    withoutXla: NO_KERNEL,
  },
  'Dilation2D, a filter from the picture': {
    build: (scene, x) => {
      const filter = scene.op('Mul', [scene.op('Mean', [x, [0, 1, 2]]), scene.random([3, 2, CHANNELS])]);
      return scene.op('Dilation2D', [x, filter], { strides: [1, 1, 1, 1], rates: [1, 1, 1, 1], padding: 'VALID' });
    },
    withoutXla: NO_KERNEL,
  },
  'BiasAdd, channels first': (scene, x) =>
    toLast(scene, scene.op('BiasAdd', [toFirst(scene, x), scene.random([CHANNELS])], { data_format: 'NCHW' })),
  'BiasAdd, a bias from the picture': (scene, x) => scene.op('BiasAdd', [x, scene.op('Mean', [x, [0, 1, 2]])]),
  'BiasAdd, channels first, a bias from the picture': (scene, x) =>
    toLast(scene, scene.op('BiasAdd', [toFirst(scene, x), scene.op('Mean', [x, [0, 1, 2]])], { data_format: 'NCHW' })),
  BiasAddV1: (scene, x) => scene.op('BiasAddV1', [x, scene.random([CHANNELS])]),
  'BiasAddV1, a bias from the picture': (scene, x) => scene.op('BiasAddV1', [x, scene.op('Mean', [x, [0, 1, 2]])]),
  AvgPool: pool('AvgPool', {}),
  MaxPool: pool('MaxPool', { padding: 'VALID' }),
  'MaxPool, padded by hand': {
    build: pool('MaxPool', { padding: 'EXPLICIT', explicit_paddings: [0, 0, 1, 0, 0, 1, 0, 0] }),
    withoutXla: NO_KERNEL,
  },
  MaxPoolV2: (scene, x) => scene.op('MaxPoolV2', [x, [1, 3, 2, 1], [1, 2, 1, 1]], { padding: 'SAME' }),
  LRN: (scene, x) => scene.op('LRN', [x], { depth_radius: 2, bias: float(2), alpha: float(0.3), beta: float(0.6) }),
  ...Object.fromEntries(resizes),
  'ResizeArea alone': (scene, x) => scene.op('ResizeArea', [x, [7, 9]]),
  ...Object.fromEntries(
    ['bilinear', 'nearest'].map((method) => [
      `CropAndResize, ${method}`,
      {
        build: (scene: Scene, x: string) => {
          const boxes = scene.floats([1, 4], [-0.2, 0.2, 0.9, 0.7]);
          return scene.op('CropAndResize', [x, boxes, [0], [6, 9]], { method, extrapolation_value: float(0.5) });
        },
        withoutXla: NO_KERNEL,
      },
    ]),
  ),
  'CropAndResize, boxes from the picture': {
    build: (scene, x) => {
      const boxes = scene.op('Reshape', [scene.unit(scene.op('Mean', [scene.branch(x, 4), [0, 1, 2]])), [1, 4]]);
      return scene.op('CropAndResize', [x, boxes, [0], [6, 9]]);
    },
    withoutXla: NO_KERNEL,
  },
  ExtractImagePatches: (scene, x) =>
    scene.op('ExtractImagePatches', [x], {
      ksizes: [1, 3, 2, 1],
      strides: [1, 2, 1, 1],
      rates: [1, 1, 2, 1],
      padding: 'SAME',
    }),
  ...Object.fromEntries(normalizations),
  'FusedBatchNormV3, training, its mean used': normalized('V3', { is_training: true }, 1),
  'FusedBatchNormV2, of half precision': {
    build: (scene, x) => {
      const half = cast(scene, x, FLOAT, HALF);
      const attributes = { T: type(HALF), U: type(FLOAT), is_training: false };
      return cast(scene, scene.op('FusedBatchNormV2', [half, ...statisticsOf(scene)], attributes), HALF, FLOAT);
    },
    reference: (scene, x) => {
      // In the place of the Cast, as a scene's random numbers hang on how many nodes it has.
      const same = scene.op('Identity', [x]);
      return scene.op('FusedBatchNormV2', [same, ...statisticsOf(scene)], { U: type(FLOAT), is_training: false });
    },
  },
  'FusedBatchNorm, a scale from the picture': (scene, x) => {
    const scale = scene.op('Mean', [x, [0, 1, 2]]);
    return scene.op('FusedBatchNorm', [x, scale, scale, scene.random([CHANNELS]), scene.random([CHANNELS], 0.5, 2)], {
      is_training: false,
    });
  },
  'FusedBatchNormV3, training, a scale from the picture': (scene, x) => {
    const scale = scene.op('Mean', [x, [0, 1, 2]]);
    return scene.op('FusedBatchNormV3', [x, scale, scale, scene.floats([0], []), scene.floats([0], [])], {
      U: type(FLOAT),
      is_training: true,
    });
  },
  RGBToHSV: (scene, x) => scene.op('RGBToHSV', [scene.unit(scene.branch(x, 3))]),
  'HSVToRGB alone': (scene, x) => scene.op('HSVToRGB', [scene.unit(scene.branch(x, 3))]),
  'AdjustContrastv2 alone': (scene, x) => scene.op('AdjustContrastv2', [scene.branch(x, 3), scene.scalar(1.5)]),
  'AdjustHue alone': (scene, x) => scene.op('AdjustHue', [scene.branch(x, 3), scene.scalar(0.2)]),
  'AdjustSaturation alone': (scene, x) => scene.op('AdjustSaturation', [scene.branch(x, 3), scene.scalar(1.5)]),
};
