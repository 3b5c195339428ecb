import { GraphDef } from '../../../tools/graphs/graph-def.mjs';

const CHANNELS = 16;

/** Half of the channels look for light, half for dark. */
const sign = (channel: number): number => (channel < CHANNELS / 2 ? 1 : -1);

function constant(graph: GraphDef, name: string, shape: readonly number[], value: (index: number) => number): string {
  const size = shape.reduce((product, side) => product * side, 1);
  return graph.constant(
    name,
    shape,
    Float32Array.from({ length: size }, (_, index) => value(index)),
  );
}

interface Block {
  readonly name: string;
  readonly input: string;
  readonly side: number;
  readonly stride?: number;
  readonly from: number;
  /** Of the weight's place: input's channel, then the output's. */
  readonly weight: (from: number, to: number) => number;
  readonly bias: number;
}

function block(graph: GraphDef, { name, input, side, stride = 1, from, weight, bias }: Block): string {
  const weights = constant(graph, `${name}/weights`, [side, side, from, CHANNELS], (index) =>
    weight(Math.floor(index / CHANNELS) % from, index % CHANNELS),
  );
  const biased = graph.biasAdd(
    `${name}/BiasAdd`,
    graph.conv2d(`${name}/Conv2D`, input, weights, [stride, stride], 'valid'),
    constant(graph, `${name}/bias`, [CHANNELS], () => bias),
  );
  return graph.relu(name, biased);
}

const itself = (from: number, to: number): number => (from === to ? 1 : 0);

/**
 * A network for pictures of 0..255 minus their mean, as a trained one is in what it answers to: what is lighter or darker than the mean by
 * 20 wakes its channels.
 */
export function centredNetwork(name = 'conv'): Buffer {
  const graph = new GraphDef();
  const light = (_: number, to: number): number => sign(to) / 3;
  let last = block(graph, {
    name: `${name}1`,
    input: graph.placeholder('input'),
    side: 1,
    from: 3,
    weight: light,
    bias: -20,
  });
  for (const layer of [2, 3, 4])
    last = block(graph, { name: `${name}${layer}`, input: last, side: 1, from: CHANNELS, weight: itself, bias: -3 });
  return graph.bytes();
}

/** A network for pictures of -1..1: it looks for what is dark, for what is light, and for places that are neither. */
export function signedNetwork(): Buffer {
  const graph = new GraphDef();
  const light = (_: number, to: number): number => sign(to) / 3;
  const first = block(graph, {
    name: 'a',
    input: graph.placeholder('input'),
    side: 1,
    from: 3,
    weight: light,
    bias: -0.05,
  });
  const middling = block(graph, {
    name: 'b',
    input: first,
    side: 31,
    stride: 8,
    from: CHANNELS,
    weight: () => -1 / 31 ** 2 / 8,
    bias: 0.6,
  });
  const last = block(graph, { name: 'c', input: middling, side: 1, from: CHANNELS, weight: itself, bias: -0.01 });
  block(graph, { name: 'd', input: last, side: 1, from: CHANNELS, weight: itself, bias: -0.01 });
  return graph.bytes();
}
