import { attribute } from '../../../tools/graphs/graph-def.mjs';
import { type Build, CHANNELS, FLOAT, float, type Operations, SCALAR, type Scene, type } from './scene.js';

const identity: Build = (scene, x) => scene.op('Identity', [x]);
const two = attribute.types([FLOAT, FLOAT]);
const pairOf =
  (use: (scene: Scene, node: string) => string): Build =>
  (scene, x) =>
    use(scene, scene.op('IdentityN', [scene.branch(x), scene.op('Tanh', [x])], { T: two }));

/** Operations through which a gradient passes as if they were not there, or nearly. */
export const passes: Operations = {
  Identity: identity,
  'IdentityN, both': pairOf((scene, node) => scene.op('Mul', [node, `${node}:1`])),
  'IdentityN, the second': pairOf((_scene, node) => `${node}:1`),
  Snapshot: { build: (scene, x) => scene.op('Snapshot', [x]), reference: identity },
  PreventGradient: { build: (scene, x) => scene.op('PreventGradient', [x], { message: 'no' }), reference: identity },
  CheckNumerics: (scene, x) => scene.op('CheckNumerics', [x], { message: 'not a number' }),
  PlaceholderWithDefault: (scene, x) => {
    const mean = scene.op('Mean', [x, [0, 1, 2, 3]]);
    const given = scene.op('PlaceholderWithDefault', [mean], { T: null, dtype: type(FLOAT), shape: SCALAR });
    return scene.op('Mul', [x, given]);
  },
  QuantizeAndDequantizeV2: (scene, x) =>
    scene.op('QuantizeAndDequantizeV2', [x, scene.scalar(-1), scene.scalar(1)], { range_given: true, num_bits: 6 }),
  QuantizeAndDequantizeV3: (scene, x) =>
    scene.op('QuantizeAndDequantizeV3', [x, scene.scalar(-1), scene.scalar(1), 6], { range_given: true }),
  FakeQuantWithMinMaxArgs: (scene, x) =>
    scene.op('FakeQuantWithMinMaxArgs', [x], {
      T: null,
      min: float(-0.5),
      max: float(0.8),
      num_bits: 5,
      narrow_range: true,
    }),
  FakeQuantWithMinMaxVars: (scene, x) =>
    scene.op('FakeQuantWithMinMaxVars', [x, scene.scalar(-0.5), scene.scalar(0.8)], {
      T: null,
      num_bits: 5,
      narrow_range: true,
    }),
  FakeQuantWithMinMaxVarsPerChannel: (scene, x) =>
    scene.op(
      'FakeQuantWithMinMaxVarsPerChannel',
      [x, scene.random([CHANNELS], -1, -0.3), scene.random([CHANNELS], 0.3, 1)],
      { T: null, num_bits: 5 },
    ),
  'FakeQuantWithMinMaxVars, bounds from the picture': (scene, x) => {
    const mean = scene.op('Mean', [scene.positive(x), [0, 1, 2, 3]]);
    const least = scene.op('Mul', [mean, scene.scalar(-0.7)]);
    return scene.op('FakeQuantWithMinMaxVars', [x, least, mean], { T: null });
  },
};
