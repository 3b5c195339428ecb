import { attribute } from '../../tools/graphs/graph-def.mjs';
import { FLOAT, INT32, LayoutGraph } from './layouts.js';

const { boolean, integer } = attribute;

/** Channels of the tensor that the ways begin with. */
export const CHANNELS = 4;

type Body = (graph: LayoutGraph, x: string) => string;

/** An operation or several on a tensor [batch, 4, height, width] that end in 'out', of four axes too. */
export interface Way {
  readonly build: (graph: LayoutGraph) => LayoutGraph;
  /** Of 'out'. */
  readonly channels: number;
  /** Of the picture's sides, where the graph decides it. */
  readonly side?: number;
}

/** A graph whose layout livedream cannot see: its Transposes' permutations are computed. TensorFlow runs it as it is. */
class OpaqueGraph extends LayoutGraph {
  override transpose(name: string, input: string, permutation: readonly number[]): string {
    const zeros = this.integers(`${name}/zeros`, [4], [0, 0, 0, 0]);
    const order = this.integers(`${name}/order`, [4], permutation);
    const computed = this.node('AddV2', `${name}/computed`, [order, zeros], { T: INT32 });
    return this.listed('Transpose', name, input, computed, { Tperm: INT32 });
  }
}

/** The same function computed channels first, whose result is channels last: 'out/last'. */
export function untouched(build: Way['build']): LayoutGraph {
  const graph = new OpaqueGraph('first');
  build(graph);
  graph.transpose('out/last', 'out', [0, 2, 3, 1]);
  return graph;
}

function way(body: Body, channels = CHANNELS): Way {
  return {
    channels,
    build: (graph) => {
      const input = graph.placeholder('input', [-1, -1, -1, 3]);
      const mixed = graph.conv2d('mixed', input, graph.weights('mixed/w', [3, 3, 3, CHANNELS]));
      body(graph, graph.transpose('x', mixed, [0, 3, 1, 2]));
      return graph;
    },
  };
}

const list = (graph: LayoutGraph, name: string, values: readonly number[]): string =>
  graph.integers(name, [values.length], values);
/** Of rows, columns and channels. */
const pads = (graph: LayoutGraph): string => graph.integers('pads', [4, 2], [0, 0, 1, 2, 3, 0, 0, 1]);
const ones = (graph: LayoutGraph, name: string, shape: readonly number[]): string => graph.weights(name, shape, 1, 1);

function strided(
  graph: LayoutGraph,
  x: string,
  [begin, end, step]: readonly (readonly number[])[],
  masks: Readonly<Record<string, number>> = {},
  name = 'out',
): string {
  const bounds = [begin, end, step].map((each, i) => list(graph, `bound${i}`, each ?? []));
  const attributes = Object.fromEntries(Object.entries(masks).map(([key, value]) => [key, integer(value)]));
  return graph.node('StridedSlice', name, [x, ...bounds], { T: FLOAT, Index: INT32, ...attributes });
}

const reduced =
  (op: string, axes: readonly number[]): Body =>
  (graph, x) =>
    graph.listed(op, 'out', x, list(graph, 'axes', axes), { keep_dims: boolean(true) });

/** Reduced without keeping the axes, which a Reshape or ExpandDims then gives back. */
const gated =
  (op: string, axes: readonly number[], back: (graph: LayoutGraph, x: string) => string): Body =>
  (graph, x) =>
    graph.simple('Mul', 'out', x, back(graph, graph.listed(op, 'reduced', x, list(graph, 'axes', axes))));

const expanded =
  (axis: number) =>
  (graph: LayoutGraph, x: string): string =>
    graph.node('ExpandDims', 'expanded', [x, graph.integer('expanded/axis', axis)], { T: FLOAT, Tdim: INT32 });

const added =
  (shape: readonly number[]): Body =>
  (graph, x) =>
    graph.simple('Mul', 'out', x, ones(graph, 'other', shape));

const sliced =
  (bounds: readonly (readonly number[])[], masks?: Readonly<Record<string, number>>): Body =>
  (graph, x) =>
    strided(graph, x, bounds, masks);

function split(graph: LayoutGraph, op: string, inputs: readonly string[]): string {
  graph.node(op, 'split', inputs, { T: FLOAT, num_split: integer(2), ...(op === 'SplitV' ? { Tlen: INT32 } : {}) });
  return graph.joined('out', ['split:1', graph.simple('Tanh', 'tanh', 'split')], 1);
}

/** The size that layers are listed for: what fits no other can be dreamed at no other. */
const side = 512;

/** Every way in which the rewriting treats a node. */
export const WAYS: Readonly<Record<string, Way>> = {
  'element by element': way((graph, x) => graph.simple('Mul', 'out', x, graph.simple('Sigmoid', 'gate', x))),
  'with a number': way((graph, x) => graph.simple('Sub', 'out', ones(graph, 'one', []), graph.simple('Tanh', 't', x))),
  'with a number of each channel': way(added([1, CHANNELS, 1, 1])),
  'with one of each channel, of three axes': way(added([CHANNELS, 1, 1])),
  'with a vector, which is along the width': { ...way(added([side])), side },
  'with rows and columns': { ...way(added([side, side])), side },
  'with channels, rows and columns': { ...way(added([CHANNELS, side, side])), side },
  'with four axes that are rows': { ...way(added([1, 1, side, 1])), side },
  'with five axes, and back': way((graph, x) => {
    const five = graph.simple('Mul', 'five', x, ones(graph, 'other', [1, 1, CHANNELS, 1, 1]));
    return graph.listed('Reshape', 'out', five, graph.sizeOf('size', x));
  }),
  'weights that channels-last nodes use too': way((graph, x) => {
    const shared = ones(graph, 'shared', [1, CHANNELS, 1, 1]);
    const product = graph.simple('Mul', 'product', graph.simple('Mul', 'twice', x, shared), shared);
    const odd = graph.listed('Sum', 'odd', shared, list(graph, 'odd/axes', [0, 1]), { keep_dims: boolean(true) });
    return graph.simple('Mul', 'out', product, odd);
  }),
  'Concat on axis 1': way((graph, x) => graph.concat('out', [x, graph.relu('relu', x)], 1), 8),
  'ConcatV2 on axis -2': way((graph, x) => graph.joined('out', [x, graph.relu('relu', x)], -2)),
  Split: way((graph, x) => split(graph, 'Split', [graph.integer('axis', 1), x])),
  'SplitV into unlike parts': way((graph, x) =>
    split(graph, 'SplitV', [x, list(graph, 'parts', [1, 3]), graph.integer('axis', -3)]),
  ),
  ReverseV2: way((graph, x) => graph.listed('ReverseV2', 'out', x, list(graph, 'axes', [1, 3]), { Tidx: INT32 })),
  Pad: way((graph, x) => graph.listed('Pad', 'out', x, pads(graph)), 7),
  'Pad by paddings that are computed': way((graph, x) => {
    const paddings = graph.node(
      'AddV2',
      'sum',
      [pads(graph), graph.integers('more', [4, 2], [0, 0, 1, 0, 0, 0, 0, 0])],
      { T: INT32 },
    );
    return graph.listed('Pad', 'out', x, paddings);
  }, 8),
  'PadV2 with a number': way((graph, x) => {
    return graph.node('PadV2', 'out', [x, pads(graph), ones(graph, 'one', [])], { T: FLOAT });
  }, 7),
  MirrorPad: way((graph, x) =>
    graph.listed('MirrorPad', 'out', x, graph.integers('pads', [4, 2], [0, 0, 0, 0, 3, 1, 0, 2]), {
      mode: attribute.text('REFLECT'),
    }),
  ),
  Tile: way((graph, x) => graph.listed('Tile', 'out', x, list(graph, 'times', [1, 3, 2, 1])), 12),
  Slice: way((graph, x) => {
    const bounds = [list(graph, 'begin', [0, 1, 2, 3]), list(graph, 'size', [-1, 2, 5, -1])];
    return graph.node('Slice', 'out', [x, ...bounds], { T: FLOAT, Index: INT32 });
  }, 2),
  'StridedSlice of the first axes': way(
    sliced(
      [
        [0, 1],
        [0, 3],
        [1, 1],
      ],
      { begin_mask: 1, end_mask: 1 },
    ),
    2,
  ),
  'StridedSlice of every other pixel': way(
    sliced(
      [
        [0, 0, 1, 0],
        [0, 0, 0, 11],
        [1, 1, 2, 3],
      ],
      { begin_mask: 9, end_mask: 7 },
    ),
  ),
  'StridedSlice that drops an axis, and back': way((graph, x) => {
    const bounds = [
      [0, 1],
      [0, 2],
      [1, 1],
    ];
    const first = strided(graph, x, bounds, { begin_mask: 1, end_mask: 1, shrink_axis_mask: 2 }, 'first');
    return graph.simple('Mul', 'out', x, expanded(1)(graph, first));
  }),
  'Mean of rows and columns': way(reduced('Mean', [2, 3])),
  'Max of channels': way(reduced('Max', [-3]), 1),
  'Mean that loses rows and columns': way(
    gated('Mean', [2, 3], (graph, x) => graph.listed('Reshape', 'back', x, list(graph, 'four', [-1, CHANNELS, 1, 1]))),
  ),
  'Sum that loses channels': way(gated('Sum', [1], expanded(1))),
  'Sum that loses rows, so that the others change places': way(gated('Sum', [2], expanded(2))),
  'Transpose of rows and columns': way((graph, x) => graph.transpose('out', x, [0, 1, 3, 2])),
  'Transpose to channels last and back': way((graph, x) => {
    const last = graph.simple('Softmax', 'last', graph.transpose('there', x, [0, 2, 3, 1]));
    return graph.transpose('out', last, [0, 3, 1, 2]);
  }),
  'an operation that has no rule': way((graph, x) => graph.simple('Softmax', 'out', x)),
  'GatherV2 of channels': way((graph, x) => {
    const inputs = [x, list(graph, 'which', [2, 0, 3]), graph.integer('axis', 1)];
    return graph.node('GatherV2', 'out', inputs, { Tparams: FLOAT, Tindices: INT32, Taxis: INT32 });
  }, 3),
  'a channel shuffle, and what follows it': {
    side,
    ...way((graph, x) => {
      const five = graph.listed('Reshape', 'five', x, list(graph, 'five/size', [-1, 2, 2, side, side]));
      const order = list(graph, 'order', [0, 2, 1, 3, 4]);
      const back = graph.listed('Transpose', 'swapped', five, order, { Tperm: INT32 });
      const four = graph.listed('Reshape', 'four', back, list(graph, 'four/size', [-1, CHANNELS, side, side]));
      return graph.listed('Pad', 'out', four, pads(graph));
    }, 7),
  },
  'resized, as only channels last can be': way((graph, x) => {
    const last = graph.transpose('there', x, [0, 2, 3, 1]);
    const larger = graph.listed('ResizeBilinear', 'larger', last, list(graph, 'size', [20, 24]));
    return graph.transpose('out', larger, [0, 3, 1, 2]);
  }),
};
