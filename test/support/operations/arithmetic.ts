import { attribute } from '../../../tools/graphs/graph-def.mjs';
import { BOOL, type Build, CHANNELS, FLOAT, float, HALF, INT32, type Operations, type Scene, type } from './scene.js';

const NONE = { T: null } as const;

/** A number a channel. The factor keeps what is compared from lying side by side, where a rounding would decide. */
const vector = (scene: Scene, x: string): string =>
  scene.op('Mul', [scene.positive(scene.op('Mean', [x, [0, 1, 2]])), scene.scalar(0.93)]);

/** Both arguments come from the picture, in one shape, and with one or the other of them broadcast. */
const inPairs = (op: string): [string, Build][] => [
  [op, (scene, x) => scene.op(op, [scene.positive(x), scene.positive(scene.branch(x))])],
  [`${op}, by a vector`, (scene, x) => scene.op(op, [scene.positive(x), vector(scene, x)])],
  [`${op}, of a vector`, (scene, x) => scene.op(op, [vector(scene, x), scene.positive(x)])],
];

const binary = [
  ...[
    'Add',
    'AddV2',
    'Atan2',
    'Div',
    'DivNoNan',
    'FloorMod',
    'Maximum',
    'Minimum',
    'Mul',
    'MulNoNan',
    'Pow',
    'RealDiv',
  ],
  ...['SquaredDifference', 'Sub', 'Xdivy', 'Xlogy'],
];
const above = (scene: Scene, x: string): string => scene.op('Greater', [x, scene.scalar(0.1)]);
const cast = (scene: Scene, x: string, from: number, to: number): string =>
  scene.op('Cast', [x], { ...NONE, SrcT: type(from), DstT: type(to) });

/** Functions of several pictures. */
export const arithmetic: Operations = {
  ...Object.fromEntries(binary.flatMap(inPairs)),
  // Numbers that have no gradient, beside what has.
  'FloorDiv, and what goes round it': (scene, x) => scene.op('Mul', [x, scene.op('FloorDiv', [x, scene.scalar(0.3)])]),
  'TruncateDiv, and what goes round it': (scene, x) =>
    scene.op('Mul', [
      x,
      cast(
        scene,
        scene.op('TruncateDiv', [cast(scene, scene.op('Exp', [x]), FLOAT, INT32), 2], { T: type(INT32) }),
        INT32,
        FLOAT,
      ),
    ]),
  'FloorDiv alone': (scene, x) => scene.op('FloorDiv', [x, scene.scalar(0.3)]),
  'Mod alone': (scene, x) => scene.op('Mod', [x, scene.scalar(0.3)]),
  'TruncateMod alone': (scene, x) => scene.op('TruncateMod', [x, scene.scalar(0.3)]),
  'Pow of what may be negative': (scene, x) => scene.op('Pow', [x, scene.scalar(2)]),
  'Maximum of a constant': (scene, x) => scene.op('Maximum', [x, scene.scalar(0.2)]),
  'Minimum, a constant first': (scene, x) => scene.op('Minimum', [scene.scalar(0.2), x]),
  'Xlogy of zeros': (scene, x) => scene.op('Xlogy', [scene.op('Relu', [x]), scene.positive(scene.branch(x))]),
  'Xdivy of zeros': (scene, x) => scene.op('Xdivy', [scene.op('Relu', [x]), scene.positive(scene.branch(x))]),
  // Nothing that is nearly zero: by how much it is, is a matter of the last bit, and the quotient is as large as that.
  'DivNoNan by zeros': (scene, x) => {
    const divisor = scene.op('Relu', [scene.branch(x)]);
    return scene.op('DivNoNan', [x, scene.op('AddV2', [divisor, scene.op('Sign', [divisor])])]);
  },
  'MulNoNan by zeros': (scene, x) => scene.op('MulNoNan', [x, scene.op('Relu', [scene.branch(x)])]),
  AddN: (scene, x) => scene.op('AddN', [x, scene.branch(x), x], { N: 3 }),
  'ClipByValue, constants': (scene, x) => scene.op('ClipByValue', [x, scene.scalar(-0.4), scene.scalar(0.6)]),
  'ClipByValue, bounds from the picture': (scene, x) => {
    const low = scene.op('Neg', [scene.unit(scene.branch(x))]);
    return scene.op('ClipByValue', [x, low, scene.unit(scene.branch(x))]);
  },
  'ClipByValue, a bound a picture': (scene, x) =>
    scene.op('ClipByValue', [x, scene.scalar(-0.4), scene.op('Mean', [scene.unit(x), [0, 1, 2, 3]])]),
  Select: (scene, x) => scene.op('Select', [above(scene, x), scene.branch(x), scene.op('Tanh', [x])]),
  'Select, one condition a picture': (scene, x) =>
    scene.op('Select', [scene.booleans([1], [true]), scene.op('Tanh', [x]), scene.branch(x)]),
  SelectV2: (scene, x) => scene.op('SelectV2', [above(scene, x), scene.branch(x), scene.op('Tanh', [x])]),
  'SelectV2, broadcast': (scene, x) => {
    const condition = above(scene, scene.op('Mean', [x, 3], { keep_dims: true }));
    return scene.op('SelectV2', [condition, x, scene.op('Mean', [x, [1, 2]], { keep_dims: true })]);
  },
  'SelectV2 of a constant': (scene, x) => scene.op('SelectV2', [above(scene, x), scene.scalar(0), x]),
  // livedream computes in float32 what a graph computes in half precision, so that is what it is compared with.
  'Cast to half and back': {
    build: (scene, x) => cast(scene, scene.op('Tanh', [cast(scene, x, FLOAT, HALF)], { T: type(HALF) }), HALF, FLOAT),
    reference: (scene, x) => scene.op('Tanh', [x]),
  },
  'Cast to an integer, and what goes round it': (scene, x) =>
    scene.op('Mul', [x, cast(scene, cast(scene, x, FLOAT, INT32), INT32, FLOAT)]),
  'a mask by Cast': (scene, x) => scene.op('Mul', [x, cast(scene, above(scene, x), BOOL, FLOAT)]),
  'Cast alone': (scene, x) => cast(scene, cast(scene, x, FLOAT, INT32), INT32, FLOAT),
  'Greater alone': (scene, x) => cast(scene, above(scene, x), BOOL, FLOAT),
  ...Object.fromEntries(
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].flatMap(([a, b]): [string, Build][] => [
      [
        `MatMul${a ? ', first transposed' : ''}${b ? ', second transposed' : ''}`,
        (scene, x) => {
          const first = scene.op('Reshape', [x, a ? [16, -1] : [-1, 16]]);
          const second = scene.op('Reshape', [scene.branch(x), b ? [-1, 16] : [16, -1]]);
          const product = scene.op('MatMul', [first, second], { transpose_a: a as boolean, transpose_b: b as boolean });
          return scene.op('Reshape', [product, [1, 4, 4, -1]]);
        },
      ],
      [
        `BatchMatMulV2${a ? ', first adjoint' : ''}${b ? ', second adjoint' : ''}, broadcast`,
        (scene, x) => {
          const first = a ? scene.op('Transpose', [x, [0, 1, 3, 2]]) : x;
          const square = scene.op(
            'MatMul',
            [scene.op('Reshape', [x, [-1, CHANNELS]]), scene.op('Reshape', [scene.branch(x), [-1, CHANNELS]])],
            { transpose_a: true },
          );
          const second = scene.op('Slice', [scene.op('Tanh', [square]), [0, 0], b ? [5, CHANNELS] : [CHANNELS, 5]], {
            Index: type(INT32),
          });
          return scene.op('BatchMatMulV2', [first, second], { adj_x: a as boolean, adj_y: b as boolean });
        },
      ],
    ]),
  ),
  'BatchMatMul, both adjoint': (scene, x) => {
    const turned = scene.op('Transpose', [scene.branch(x), [0, 1, 3, 2]]);
    return scene.op('BatchMatMul', [x, turned], { adj_x: true, adj_y: true });
  },
  BatchMatMulV3: (scene, x) => {
    const float32 = type(FLOAT);
    return scene.op('BatchMatMulV3', [x, scene.branch(x)], {
      T: null,
      Ta: float32,
      Tb: float32,
      Tout: float32,
      adj_y: true,
    });
  },
  'Einsum, a matrix product': (scene, x) =>
    scene.op('Einsum', [x, scene.random([CHANNELS, 5])], { N: 2, equation: 'bhwc,cd->bhwd' }),
  'Einsum, attention': (scene, x) => scene.op('Einsum', [x, scene.branch(x)], { N: 2, equation: 'bhwc,bhvc->bhwv' }),
  'Einsum, of one': (scene, x) => scene.op('Einsum', [x], { N: 1, equation: 'bhwc->bchw' }),
  'Einsum, a sum': (scene, x) => scene.op('ExpandDims', [scene.op('Einsum', [x], { N: 1, equation: 'bhwc->bhc' }), 1]),
  'Einsum, with dots': (scene, x) =>
    scene.op('Einsum', [x, scene.random([CHANNELS, 5])], { N: 2, equation: '...c,cd->...d' }),
  'Einsum, dots that broadcast': (scene, x) =>
    scene.op('Einsum', [scene.op('Mean', [x, 1], { keep_dims: true }), scene.branch(x)], {
      N: 2,
      equation: '...wc,...vc->...wv',
    }),
  'Einsum, a trace': (scene, x) =>
    scene.op(
      'Einsum',
      [scene.op('Slice', [x, [0, 0, 0, 0], [1, 6, 6, -1]], { Index: type(INT32) }), scene.random([4])],
      {
        N: 2,
        equation: 'biic,d->bicd',
      },
    ),
  'a ramp by LinSpace': (scene, x) => {
    const ramp = scene.op('LinSpace', [scene.scalar(0.5), scene.scalar(1), CHANNELS]);
    return scene.op('Mul', [x, ramp]);
  },
  'LinSpace up to what the picture says': (scene, x) => {
    const ramp = scene.op('LinSpace', [scene.scalar(0.5), scene.op('Mean', [x, [0, 1, 2, 3]]), CHANNELS]);
    return scene.op('Mul', [x, ramp]);
  },
  'a ramp over the picture, by Range': (scene, x) => {
    const width = scene.op('StridedSlice', [scene.op('Shape', [x]), [2], [3], [1]], {
      T: type(INT32),
      Index: type(INT32),
      shrink_axis_mask: 1,
    });
    const ramp = cast(scene, scene.op('Range', [0, width, 1], NONE), INT32, FLOAT);
    return scene.op('Mul', [x, scene.op('ExpandDims', [ramp, 1])]);
  },
  'Fill of what the picture says': (scene, x) => scene.op('Fill', [[1, 5, 5, 3], scene.op('Mean', [x, [0, 1, 2, 3]])]),
  'a factor': (scene, x) =>
    scene.op('Mul', [
      x,
      scene.op('Const', [], {
        T: null,
        dtype: type(FLOAT),
        value: attribute.tensor(FLOAT, [], new Uint8Array(Float32Array.of(1.5).buffer)),
      }),
    ]),
  BatchNormWithGlobalNormalization: (scene, x) => batchNorm(scene, x, true),
  'BatchNormWithGlobalNormalization, no scale': (scene, x) => batchNorm(scene, x, false),
};

function batchNorm(scene: Scene, x: string, scale: boolean): string {
  const [mean, variance] = [scene.random([CHANNELS]), scene.random([CHANNELS], 0.5, 2)];
  return scene.op(
    'BatchNormWithGlobalNormalization',
    [x, mean, variance, scene.random([CHANNELS]), scene.random([CHANNELS])],
    {
      variance_epsilon: float(0.01),
      scale_after_normalization: scale,
    },
  );
}
