import { attribute } from '../../tools/graphs/graph-def.mjs';
import { FLOAT, INT32, type Layout, LayoutGraph, SAME, VALID } from './layouts.js';

const { integer, integers, text } = attribute;

function convolution(graph: LayoutGraph, name: string, input: string, [from, to]: readonly [number, number]): string {
  const filter = graph.weights(`${name}/w`, [3, 3, from, to]);
  const conv = graph.formatted('Conv2D', `${name}/conv`, [input, filter], {
    strides: graph.sizes(1, 1),
    padding: text('EXPLICIT'),
    explicit_paddings: integers(graph.order([0, 0], [2, 0], [1, 1], [0, 0]).flat()),
  });
  const biased = graph.formatted('BiasAdd', `${name}/biased`, [conv, graph.weights(`${name}/b`, [to], 0, 0.4)]);
  return graph.relu(name, biased);
}

function stem(graph: LayoutGraph, input: string): string {
  const strided = graph.formatted('Conv2D', 'stem/conv', [input, graph.weights('stem/w', [7, 7, 3, 8])], {
    strides: graph.sizes(2, 2),
    ...SAME,
  });
  const relu = graph.relu('stem', graph.formatted('BiasAdd', 'stem/biased', [strided, graph.weights('stem/b', [8])]));
  const window = { ksize: graph.sizes(3, 2), strides: graph.sizes(2, 1) };
  // XLA has no such pools: nothing else is made of it.
  graph.formatted('MaxPool', 'padded', [relu], {
    ...window,
    padding: text('EXPLICIT'),
    explicit_paddings: integers(graph.order([0, 0], [1, 0], [0, 1], [0, 0]).flat()),
  });
  return graph.formatted('MaxPool', 'stem/pool', [relu], { ...window, ...SAME });
}

/** Convolutions of other kinds, joined. 8 channels in, 26 out. */
function branches(graph: LayoutGraph, input: string): string {
  const dilated = graph.formatted('Conv2D', 'dilated', [input, graph.weights('dilated/w', [3, 3, 8, 10])], {
    strides: graph.sizes(1, 1),
    dilations: graph.sizes(2, 2),
    ...SAME,
  });
  const depthwise = graph.formatted(
    'DepthwiseConv2dNative',
    'depthwise',
    [input, graph.weights('depthwise/w', [3, 3, 8, 1])],
    { strides: graph.sizes(1, 1), ...SAME },
  );
  const pooled = graph.formatted('AvgPool', 'averages', [input], {
    ksize: graph.sizes(3, 3),
    strides: graph.sizes(1, 1),
    ...SAME,
  });
  return graph.joined('branches', [dilated, depthwise, pooled], graph.layout === 'first' ? -3 : -1);
}

function normalised(graph: LayoutGraph, input: string, channels: number): string {
  const vectors = ['scale', 'offset', 'mean', 'variance'].map((each) =>
    graph.weights(`normal/${each}`, [channels], each === 'scale' || each === 'variance' ? 1 : 0, 0.4),
  );
  return graph.formatted('FusedBatchNormV3', 'normal', [input, ...vectors], {
    U: FLOAT,
    epsilon: attribute.float(0.001),
    is_training: attribute.boolean(false),
  });
}

/** What leads back to the stem's size, and pools whose windows are inputs. 26 channels in, 2 out. */
function largerAgain(graph: LayoutGraph, input: string): string {
  const upper = graph.formatted(
    'Conv2DBackpropInput',
    'larger',
    [graph.sizeOf('larger/sizes', 'stem'), graph.weights('larger/w', [3, 3, 8, 26]), input],
    { strides: graph.sizes(2, 1), ...SAME },
  );
  const deep = graph.formatted('SpaceToDepth', 'deep', [upper], { block_size: integer(2) });
  const flat = graph.formatted('DepthToSpace', 'flat', [deep], { block_size: integer(4) });
  const size = graph.integers('window/size', [4], graph.order(1, 2, 3, 1));
  const step = graph.integers('window/step', [4], graph.order(1, 1, 2, 1));
  return graph.formatted('MaxPoolV2', 'window', [flat, size, step], VALID);
}

/** Every operation with a data_format, in either layout. */
export function formattedNetwork(layout: Layout): LayoutGraph {
  const graph = new LayoutGraph(layout);
  const input = graph.placeholder('input', graph.order(-1, -1, -1, 3));
  const first = convolution(graph, 'before', stem(graph, input), [8, 8]);
  const residual = graph.simple('AddV2', 'residual', first, convolution(graph, 'inside', first, [8, 8]));
  largerAgain(graph, normalised(graph, branches(graph, residual), 26));
  return graph;
}

/** Convolutions as converters from PyTorch write them: the picture channels first, each convolution between Transposes. */
function converted(
  graph: LayoutGraph,
  name: string,
  input: string,
  [size, from, to, stride = 1]: readonly number[],
): string {
  const pads = Math.floor((size as number) / 2);
  const padded = graph.listed(
    'Pad',
    `${name}/pad`,
    input,
    graph.integers(`${name}/pads`, [4, 2], [0, 0, 0, 0, pads, pads, pads, pads]),
  );
  const last = graph.transpose(`${name}/last`, padded, [0, 2, 3, 1]);
  const filter = graph.weights(`${name}/w`, [size as number, size as number, from as number, to as number]);
  const conv = graph.conv2d(`${name}/conv`, last, filter, [stride, stride], 'valid');
  const first = graph.transpose(`${name}/first`, conv, [0, 3, 1, 2]);
  const scaled = graph.simple(
    'Mul',
    `${name}/scaled`,
    first,
    graph.weights(`${name}/s`, [1, to as number, 1, 1], 1, 0.4),
  );
  return graph.simple('AddV2', name, scaled, graph.weights(`${name}/o`, [1, to as number, 1, 1], 0, 0.4));
}

function scalar(graph: LayoutGraph, name: string, value: number): string {
  return graph.constant(name, [], Float32Array.of(value));
}

function hardSigmoid(graph: LayoutGraph, name: string, input: string): string {
  const raised = graph.simple('AddV2', `${name}/raised`, input, scalar(graph, `${name}/three`, 3));
  return graph.simple(
    'Mul',
    name,
    graph.simple('Relu6', `${name}/clipped`, raised),
    scalar(graph, `${name}/sixth`, 1 / 6),
  );
}

function hardSwish(graph: LayoutGraph, name: string, input: string): string {
  return graph.simple('Mul', name, input, hardSigmoid(graph, `${name}/gate`, input));
}

function squeezeExcite(graph: LayoutGraph, name: string, input: string, channels: number): string {
  const mean = graph.listed('Mean', `${name}/mean`, input, graph.integers(`${name}/axes`, [2], [2, 3]), {
    keep_dims: attribute.boolean(true),
  });
  const squeezed = graph.relu(`${name}/squeezed`, converted(graph, `${name}/down`, mean, [1, channels, 4]));
  const gate = hardSigmoid(graph, `${name}/gate`, converted(graph, `${name}/up`, squeezed, [1, 4, channels]));
  return graph.simple('Mul', name, input, gate);
}

/** PyTorch's channel shuffle: five axes, channels first. */
function shuffled(graph: LayoutGraph, name: string, input: string, channels: number): string {
  const size = graph.sizeOf(`${name}/size`, input);
  const parts = [graph.integers(`${name}/begin`, [1], [2]), graph.integers(`${name}/two`, [1], [2])];
  const rest = graph.node('Slice', `${name}/rest`, [size, ...parts], { T: INT32, Index: INT32 });
  const start = graph.integers(`${name}/start`, [3], [-1, 2, channels / 2]);
  const five = graph.joined(`${name}/five`, [start, rest], 0, INT32);
  const groups = graph.listed('Reshape', `${name}/groups`, input, five);
  const order = graph.integers(`${name}/order`, [5], [0, 2, 1, 3, 4]);
  return graph.listed('Reshape', name, graph.listed('Transpose', `${name}/swapped`, groups, order), size);
}

/** The rest of the network, from a picture that is channels first. */
function convertedBody(graph: LayoutGraph, picture: string): string {
  const stemmed = hardSwish(graph, 'stem', converted(graph, 'stem/bn', picture, [3, 3, 8, 2]));
  const excited = squeezeExcite(graph, 'excite', stemmed, 8);
  const other = graph.simple('Relu6', 'other', converted(graph, 'other/bn', excited, [3, 8, 8]));
  const joined = graph.joined('joined', [excited, other], 1);
  const mixed = shuffled(graph, 'shuffle', joined, 16);
  const merged = hardSwish(graph, 'merged', converted(graph, 'merged/bn', mixed, [3, 16, 16]));
  return graph.simple('AddV2', 'out', merged, mixed);
}

/** As PyTorch has it: channels first from the picture to the layer 'out'. */
export function convertedNetwork(): LayoutGraph {
  const graph = new LayoutGraph('first');
  convertedBody(graph, graph.placeholder('input', [1, 3, 24, 32]));
  return graph;
}

/** The same function for the reference, which takes pictures and layers channels last: 'out/last'. */
export function convertedReference(): LayoutGraph {
  const graph = new LayoutGraph('first');
  const first = graph.transpose('picture', graph.placeholder('input'), [0, 3, 1, 2]);
  graph.transpose('out/last', convertedBody(graph, first), [0, 2, 3, 1]);
  return graph;
}
