// Graphs of a few nodes, made for one test each, and what livedream makes of them. No Python is needed.
import { expect } from 'vitest';
import { Dreamer } from '../../../lib/dreamer.js';
import type { ModelDescription } from '../../../lib/model/description.js';
import { attribute, GraphDef } from '../../../tools/graphs/graph-def.mjs';
import { seedOf, uniform } from '../../../tools/graphs/random.mjs';
import { rawPicture } from '../../support/dreamers.js';

export const FLOAT = attribute.type(1);
export const DOUBLE = attribute.type(2);
export const INT32 = attribute.type(3);
export const UINT8 = attribute.type(4);
export const STRING = attribute.type(7);
export const BOOL = attribute.type(10);

export const picture = rawPicture(24, 24);

/** A small network behind an input. */
export class Graph extends GraphDef {
  /** A placeholder of a type; without a shape it declares none. */
  takes(name: string, type: Uint8Array, shape?: readonly number[]): string {
    const declared = shape === undefined ? {} : { shape: attribute.shape(shape) };
    return this.node('Placeholder', name, [], { dtype: type, ...declared });
  }

  simple(op: string, name: string, ...inputs: readonly string[]): string {
    return this.node(op, name, inputs, { T: FLOAT });
  }

  cast(name: string, input: string, from: Uint8Array, to: Uint8Array): string {
    return this.node('Cast', name, [input], { SrcT: from, DstT: to });
  }

  scalar(name: string, value: number): string {
    return this.constant(name, [], Float32Array.of(value));
  }

  truth(name: string, value: boolean): string {
    return this.node('Const', name, [], { dtype: BOOL, value: attribute.tensor(10, [], Buffer.of(value ? 1 : 0)) });
  }

  convolved(name: string, input: string, channels = 4): string {
    const random = uniform(seedOf(name));
    const weights = Float32Array.from({ length: 27 * channels }, () => random() - 0.5);
    return this.conv2d(name, input, this.constant(`${name}/weights`, [3, 3, 3, channels], weights));
  }

  /** `tf.cond` of TensorFlow 1: the picture times 2 where the predicate holds, else times 3. */
  branches(input: string, predicate: string): string {
    this.node('Switch', 'switch', [input, predicate], { T: FLOAT });
    const yes = this.simple('Mul', 'twice', 'switch:1', this.scalar('two', 2));
    const no = this.simple('Mul', 'thrice', 'switch', this.scalar('three', 3));
    return this.node('Merge', 'merge', [no, yes], { T: FLOAT, N: attribute.integer(2) });
  }
}

export const load = (graph: GraphDef, described: ModelDescription = {}): Promise<Dreamer> =>
  Dreamer.load({ model: { graph: graph.bytes(), ...described }, device: 'cpu', xla: false });

export async function refused(
  graph: GraphDef,
  says: readonly string[],
  described: ModelDescription = {},
): Promise<void> {
  const loading = load(graph, described);
  await expect(loading).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNREADABLE' });
  for (const text of says) await expect(loading).rejects.toThrow(text);
}

export async function layersOf(graph: GraphDef, described: ModelDescription = {}): Promise<string[]> {
  const dreamer = await load(graph, described);
  const names = dreamer.layers().map(({ name }) => name);
  await dreamer.dispose();
  return names;
}

export const plain = { preprocessing: { mean: 0, scale: 1 } } as const;

/** The gradient of the layer `out`; it tells which way the graph took. */
export async function gradientOf(graph: GraphDef, described: ModelDescription = {}): Promise<Float32Array> {
  const dreamer = await load(graph, { ...plain, ...described });
  const { data } = await dreamer.gradient(picture, { layer: 'out' });
  await dreamer.dispose();
  return data;
}

/** Of the network without branches, with the picture times a factor. */
export function times(factor: number): Promise<Float32Array> {
  const graph = new Graph();
  graph.convolved('out', graph.simple('Mul', 'times', graph.placeholder('x'), graph.scalar('factor', factor)));
  return gradientOf(graph);
}
