import { type Build, CHANNELS, float, type Operations, type Scene } from './scene.js';

const plain =
  (op: string): Build =>
  (scene, x) =>
    scene.op(op, [x]);
/** Of what is between 0 and 1. */
const ofUnit =
  (op: string): Build =>
  (scene, x) =>
    scene.op(op, [scene.unit(x)]);
/** Of what is above 1.5. */
const above =
  (op: string): Build =>
  (scene, x) =>
    scene.op(op, [scene.op('AddV2', [scene.positive(x), scene.scalar(1)])]);

const scaled = (scene: Scene, x: string, factor: number): string => scene.op('Mul', [x, scene.scalar(factor)]);

const everywhere = [
  ...[
    'Abs',
    'Asinh',
    'Atan',
    'Cos',
    'Cosh',
    'Elu',
    'Erf',
    'Erfc',
    'Exp',
    'Expm1',
    'LogSoftmax',
    'Neg',
    'Relu',
    'Relu6',
  ],
  ...['Selu', 'Sigmoid', 'Sin', 'Sinh', 'Softmax', 'Softplus', 'Softsign', 'Square', 'Tan', 'Tanh'],
  ...['BesselI0', 'BesselI0e', 'BesselI1', 'BesselI1e'],
];
const positive = ['Inv', 'Log', 'Log1p', 'Reciprocal', 'Rsqrt', 'Sqrt'];

/** Functions of one picture, value by value, and the activations that are made of several. */
export const activations: Operations = {
  ...Object.fromEntries(everywhere.map((op) => [op, plain(op)])),
  ...Object.fromEntries(positive.map((op) => [op, (scene, x) => scene.op(op, [scene.positive(x)])])),
  ...Object.fromEntries(['Acos', 'Asin', 'Atanh'].map((op) => [op, ofUnit(op)])),
  Acosh: above('Acosh'),
  'LeakyRelu, alpha': (scene, x) => scene.op('LeakyRelu', [x], { alpha: float(0.3) }),
  'LeakyRelu, its own alpha': plain('LeakyRelu'),
  'Softmax of rows': (scene, x) =>
    scene.op('Transpose', [scene.op('Softmax', [scene.op('Transpose', [x, [0, 3, 1, 2]])]), [0, 2, 3, 1]]),
  Mish: (scene, x) => scene.op('Mul', [x, scene.op('Tanh', [scene.op('Softplus', [x])])]),
  Swish: (scene, x) => scene.op('Mul', [x, scene.op('Sigmoid', [x])]),
  'hard swish': (scene, x) => {
    const gate = scene.op('Relu6', [scene.op('AddV2', [x, scene.scalar(3)])]);
    return scene.op('Mul', [x, scaled(scene, gate, 1 / 6)]);
  },
  'Gelu by Erf': (scene, x) => {
    const erf = scene.op('Erf', [scaled(scene, x, Math.SQRT1_2)]);
    return scene.op('Mul', [scaled(scene, x, 0.5), scene.op('AddV2', [erf, scene.scalar(1)])]);
  },
  'Gelu by Erfc': (scene, x) =>
    scene.op('Mul', [scaled(scene, x, 0.5), scene.op('Erfc', [scaled(scene, x, -Math.SQRT1_2)])]),
  'Gelu by Tanh and Pow': (scene, x) => {
    const cube = scaled(scene, scene.op('Pow', [x, scene.scalar(3)]), 0.044715);
    const tanh = scene.op('Tanh', [scaled(scene, scene.op('AddV2', [x, cube]), Math.sqrt(2 / Math.PI))]);
    return scene.op('Mul', [scaled(scene, x, 0.5), scene.op('AddV2', [tanh, scene.scalar(1)])]);
  },
  'PRelu of two Relus': (scene, x) => {
    const below = scene.op('Mul', [scene.op('Relu', [scene.op('Neg', [x])]), scene.random([CHANNELS])]);
    return scene.op('AddV2', [scene.op('Relu', [x]), below]);
  },
  ...Object.fromEntries(
    // A step has no slope; what goes round it has.
    ['Ceil', 'Floor', 'Rint', 'Round', 'Sign', 'ZerosLike', 'OnesLike'].map((op) => [
      `${op}, and what goes round it`,
      (scene, x) => scene.op('Mul', [x, scene.op(op, [scaled(scene, x, 3)])]),
    ]),
  ),
  ...Object.fromEntries(['Ceil', 'Floor', 'Rint', 'Round', 'StopGradient'].map((op) => [`${op} alone`, plain(op)])),
  'Sign alone': (scene, x) => scene.op('Sign', [x]),
};
