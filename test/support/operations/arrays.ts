import { type Build, CHANNELS, INT32, type Operations, type Scene, type } from './scene.js';

const INDEX = { Index: type(INT32) };
const nth = (node: string, output: number): string => (output === 0 ? node : `${node}:${output}`);

const MASKS = { begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0 };
function strided(begin: number[], end: number[], strides: number[], masks: Partial<typeof MASKS>): Build {
  return (scene, x) => scene.op('StridedSlice', [x, begin, end, strides], { ...INDEX, ...MASKS, ...masks });
}
const gather = (
  scene: Scene,
  x: string,
  indices: string | number | readonly number[],
  axis: number,
  rest = {},
): string =>
  scene.op('GatherV2', [x, indices, axis], {
    T: null,
    Tparams: type(1),
    Tindices: type(INT32),
    Taxis: type(INT32),
    ...rest,
  });
const cumulative = (op: string, exclusive: boolean, reverse: boolean, axis: number): [string, Build] => [
  `${op}, axis ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
  (scene, x) => scene.op(op, [scene.positive(x), axis], { exclusive, reverse }),
];

/** What moves numbers without changing them, and sums that run along an axis. */
export const arrays: Operations = {
  Reshape: (scene, x) => scene.op('Tanh', [scene.op('Reshape', [x, [1, -1, 8, 4]])]),
  Squeeze: (scene, x) => scene.op('ExpandDims', [scene.op('Squeeze', [x]), 0]),
  'Squeeze, a dimension': (scene, x) =>
    scene.op('ExpandDims', [scene.op('Softmax', [scene.op('Squeeze', [x], { squeeze_dims: [0] })]), 0]),
  'Squeeze, a negative dimension': (scene, x) =>
    scene.op('ExpandDims', [
      scene.op('Squeeze', [scene.op('Mean', [x, 2], { keep_dims: true })], { squeeze_dims: [-2] }),
      1,
    ]),
  Transpose: (scene, x) => scene.op('Softmax', [scene.op('Transpose', [x, [0, 3, 1, 2]])]),
  Slice: (scene, x) => scene.op('Slice', [x, [0, 2, 3, 1], [1, 5, -1, 3]], INDEX),
  'StridedSlice, strides': strided([0, 1, 2, 0], [1, 10, 15, 8], [1, 2, 3, 1], {}),
  'StridedSlice, backwards': strided([0, -1, 15, 0], [1, 0, 2, 8], [1, -1, -2, 1], { begin_mask: 8, end_mask: 1 }),
  'StridedSlice, begin and end masks': strided([9, 9, 3, 9], [9, 9, 9, 2], [1, 2, 2, 1], {
    begin_mask: 11,
    end_mask: 7,
  }),
  'StridedSlice, ellipsis': strided([0, 2], [0, 7], [1, 2], { ellipsis_mask: 1 }),
  'StridedSlice, a new axis and a lost one': strided([0, 0, 3, 1], [1, 0, 4, 9], [1, 1, 1, 2], {
    new_axis_mask: 2,
    shrink_axis_mask: 4,
  }),
  'StridedSlice, all masks': strided([0, 0, 0, -3, 1], [0, 0, 0, -1, 6], [1, 1, 1, 1, 2], {
    new_axis_mask: 1,
    shrink_axis_mask: 2,
    ellipsis_mask: 4,
    end_mask: 8,
    begin_mask: 16,
  }),
  'Pack, axis': (scene, x) => {
    const row = (begin: number): string =>
      scene.op('Squeeze', [scene.op('Slice', [x, [0, begin, 0, 0], [1, 1, -1, -1]], INDEX)], { squeeze_dims: [1] });
    return scene.op('Pack', [row(2), scene.op('Tanh', [row(5)]), row(2)], { N: 3, axis: -2 });
  },
  'Unpack, all': (scene, x) => {
    const parts = scene.op('Unpack', [x], { num: CHANNELS, axis: -1 });
    return scene.op('Pack', [parts, nth(parts, 3), nth(parts, 1)], { N: 3, axis: 2 });
  },
  'Unpack, one used': (scene, x) =>
    scene.op('ExpandDims', [nth(scene.op('Unpack', [x], { num: CHANNELS, axis: 3 }), 5), 3]),
  'Split, all': (scene, x) => {
    const parts = scene.op('Split', [3, x], { num_split: 2 });
    return scene.op('Mul', [parts, scene.op('Sigmoid', [nth(parts, 1)])]);
  },
  'Split, one used': (scene, x) => nth(scene.op('Split', [-1, x], { num_split: 4 }), 2),
  'Split, the first used': (scene, x) => scene.op('Split', [-1, x], { num_split: 4 }),
  'SplitV, one used': (scene, x) => nth(scene.op('SplitV', [x, [2, 5, 1], 3], { num_split: 3, Tlen: type(INT32) }), 1),
  'SplitV, the rest as -1': (scene, x) => {
    const parts = scene.op('SplitV', [x, [2, -1, 3], -1], { num_split: 3, Tlen: type(INT32) });
    return scene.op('Concat', [3, nth(parts, 2), parts, nth(parts, 2)], { N: 3 });
  },
  'a shuffle of channels': (scene, x) => {
    const groups = scene.op('Reshape', [x, [1, -1, 2, CHANNELS / 2]]);
    return scene.op('Reshape', [scene.op('Transpose', [groups, [0, 1, 3, 2]]), [1, -1, 2, CHANNELS]]);
  },
  Tile: (scene, x) => scene.op('Softmax', [scene.op('Tile', [x, [1, 2, 1, 3]])]),
  BroadcastTo: (scene, x) =>
    scene.op('BroadcastTo', [scene.op('Mean', [x, [1, 2]], { keep_dims: true }), [1, 3, 4, CHANNELS]]),
  'BroadcastTo, a new axis': (scene, x) =>
    scene.op('BroadcastTo', [scene.op('Mean', [x, [0, 1, 2]]), [1, 3, 4, CHANNELS]]),
  'Gather of channels': (scene, x) => {
    const turned = scene.op('Transpose', [x, [3, 1, 2, 0]]);
    const gathered = scene.op('Gather', [turned, [4, 1, 4, 7]], { T: null, Tparams: type(1), Tindices: type(INT32) });
    return scene.op('Transpose', [gathered, [3, 1, 2, 0]]);
  },
  'GatherV2, axis': (scene, x) => gather(scene, x, [4, 1, 4, 7], 3),
  'GatherV2, a negative axis': (scene, x) => gather(scene, x, [4, 1, 4], -2),
  'GatherV2, a matrix of indices': (scene, x) => {
    const rows = scene.op('Mean', [x, 1]);
    return gather(
      scene,
      rows,
      scene.integers([
        [1, 2],
        [7, 1],
      ]),
      2,
    );
  },
  'GatherV2, batch dimensions from the end': (scene, x) =>
    gather(scene, x, scene.integers([[1, 2, 1]]), -2, { batch_dims: -1 }),
  'GatherV2, batch dimensions': (scene, x) => gather(scene, x, scene.integers([[1, 2, 1]]), 2, { batch_dims: 1 }),
  GatherNd: (scene, x) => {
    const rows = scene.op(
      'GatherNd',
      [
        x,
        [
          [0, 3],
          [0, 5],
          [0, 3],
        ],
      ],
      { T: null, Tparams: type(1), Tindices: type(INT32) },
    );
    return scene.op('ExpandDims', [rows, 0]);
  },
  'Roll, two axes': (scene, x) => {
    const rolled = scene.op('Roll', [x, [3, -5], [1, 2]], { Tshift: type(INT32), Taxis: type(INT32) });
    return scene.op('Mul', [rolled, scene.branch(x)]);
  },
  Reverse: (scene, x) =>
    scene.op('Mul', [x, scene.op('Reverse', [x, scene.booleans([4], [false, true, false, true])])]),
  ReverseV2: (scene, x) => scene.op('Mul', [x, scene.op('ReverseV2', [x, [1, -1]])]),
  MatrixBandPart: (scene, x) => scene.op('MatrixBandPart', [x, 2, -1], { Tindex: type(INT32) }),
  'Concat, an axis from the end': (scene, x) => scene.op('ConcatV2', [x, scene.branch(x, 3), -1], { N: 2 }),
  TopKV2: (scene, x) => scene.op('TopKV2', [x, 3]),
  'TopKV2 alone': (scene, x) =>
    scene.op('Cast', [`${scene.op('TopKV2', [x, 3])}:1`], { T: null, SrcT: type(INT32), DstT: type(1) }),
  ...Object.fromEntries(
    ['Cumsum', 'Cumprod'].flatMap((op) => [
      cumulative(op, false, false, 3),
      cumulative(op, true, false, -1),
      cumulative(op, false, true, 3),
      cumulative(op, true, true, 1),
    ]),
  ),
  'ArgMax, and what goes round it': (scene, x) => {
    const best = scene.op('ArgMax', [x, 3], { output_type: type(INT32) });
    const asFloat = scene.op('Cast', [best], { T: null, SrcT: type(INT32), DstT: type(1) });
    return scene.op('Mul', [x, scene.op('ExpandDims', [asFloat, 3])]);
  },
  'OneHot, and what goes round it': (scene, x) => {
    const best = scene.op('ArgMax', [x, 3], { output_type: type(INT32) });
    return scene.op('Mul', [
      x,
      scene.op('OneHot', [best, CHANNELS, scene.scalar(2), scene.scalar(0.5)], { TI: type(INT32) }),
    ]);
  },
};
