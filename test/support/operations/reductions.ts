import { type Build, CHANNELS, type Operations } from './scene.js';

type Axes = number | readonly number[];
const reduced =
  (op: string, axes: Axes, keep: boolean): Build =>
  (scene, x) => {
    // A product of many numbers would leave floating point's range.
    const values = op === 'Prod' ? scene.positive(x) : x;
    const small = scene.op(op, [values, axes], { keep_dims: keep });
    if (keep) return small;
    return scene.op('Mul', [x, small.length > 0 && axes === 3 ? scene.op('ExpandDims', [small, 3]) : small]);
  };

const named: readonly (readonly [string, Axes, boolean])[] = [
  ['kept positions', [1, 2], true],
  ['kept channels', -1, true],
  ['kept, negative axes', [-3, -2], true],
  ['a vector', [0, 1, 2], false],
  ['a scalar', [0, 1, -1, 2], false],
  ['positions', 3, false],
];

/** Means, sums and the like, and normalizations made of them. */
export const reductions: Operations = {
  ...Object.fromEntries(
    ['Mean', 'Sum', 'Max', 'Min', 'Prod'].flatMap((op) =>
      named
        .filter(([, axes]) => op !== 'Prod' || (axes as number[]).length === undefined)
        .map(([name, axes, keep]) => [`${op}, ${name}`, reduced(op, axes, keep)]),
    ),
  ),
  'Prod of a few rows': (scene, x) =>
    scene.op('Prod', [scene.op('Reshape', [scene.positive(x), [1, -1, 4, CHANNELS]]), [-2]], { keep_dims: true }),
  'Max of what ties': (scene, x) => scene.op('Max', [scene.op('Relu', [x]), [1]], { keep_dims: true }),
  L2Loss: (scene, x) => scene.op('Mul', [x, scene.op('L2Loss', [scene.unit(x)])]),
  'squeeze and excite': (scene, x) => {
    const small = scene.op('Mean', [x, [1, 2]], { keep_dims: true });
    return scene.op('Mul', [x, scene.op('Sigmoid', [scene.convolution(small, CHANNELS, CHANNELS, [1, 1])])]);
  },
  'a layer normalization': (scene, x) => {
    const mean = scene.op('Mean', [x, [3]], { keep_dims: true });
    const variance = scene.op('Mean', [scene.op('SquaredDifference', [x, mean]), [3]], { keep_dims: true });
    const inverse = scene.op('Rsqrt', [scene.op('AddV2', [variance, scene.scalar(0.01)])]);
    return scene.op('Mul', [scene.op('Sub', [x, mean]), inverse]);
  },
};
