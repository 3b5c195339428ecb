// What a graph's nodes make of it as a model: inputs, values of placeholders, branches, effects. No Python is needed.
import { describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import type { ModelDescription } from '../../lib/model/description.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { seedOf, uniform } from '../../tools/graphs/random.mjs';
import { rawPicture } from '../support/dreamers.js';

const FLOAT = attribute.type(1);
const DOUBLE = attribute.type(2);
const INT32 = attribute.type(3);
const UINT8 = attribute.type(4);
const STRING = attribute.type(7);
const BOOL = attribute.type(10);

const picture = rawPicture(24, 24);

/** A small network behind an input. */
class Graph extends GraphDef {
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

const load = (graph: GraphDef, described: ModelDescription = {}): Promise<Dreamer> =>
  Dreamer.load({ model: { graph: graph.bytes(), ...described }, device: 'cpu', xla: false });

async function refused(graph: GraphDef, says: readonly string[], described: ModelDescription = {}): Promise<void> {
  const loading = load(graph, described);
  await expect(loading).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNREADABLE' });
  for (const text of says) await expect(loading).rejects.toThrow(text);
}

async function layersOf(graph: GraphDef, described: ModelDescription = {}): Promise<string[]> {
  const dreamer = await load(graph, described);
  const names = dreamer.layers().map(({ name }) => name);
  await dreamer.dispose();
  return names;
}

const plain = { preprocessing: { mean: 0, scale: 1 } } as const;

/** The gradient of the layer `out`; it tells which way the graph took. */
async function gradientOf(graph: GraphDef, described: ModelDescription = {}): Promise<Float32Array> {
  const dreamer = await load(graph, { ...plain, ...described });
  const { data } = await dreamer.gradient(picture, { layer: 'out' });
  await dreamer.dispose();
  return data;
}

/** Of the network without branches, with the picture times a factor. */
function times(factor: number): Promise<Float32Array> {
  const graph = new Graph();
  graph.convolved('out', graph.simple('Mul', 'times', graph.placeholder('x'), graph.scalar('factor', factor)));
  return gradientOf(graph);
}

describe("the picture's input", () => {
  test.each(['photo', 'photo:0'])('is the only placeholder, or the one that is named: %s', async (input) => {
    const graph = new Graph();
    graph.convolved('out', graph.placeholder('photo'));
    expect(await layersOf(graph)).toEqual(['out']);
    expect(await layersOf(graph, { input })).toEqual(['out']);
  });

  test('is the only one of several that looks like a picture', async () => {
    const graph = new Graph();
    graph.takes('rate', FLOAT, []);
    graph.takes('labels', INT32, [-1]);
    graph.convolved('out', graph.takes('photo', FLOAT, [-1, -1, -1, 3]));
    const dreamer = await load(graph);
    expect(dreamer.input).toMatchObject({ name: 'photo', layout: 'NHWC', shape: '[?, ?, ?, 3]' });
    // Nothing of the picture waits for the others.
    expect(dreamer.warnings).toEqual([]);
    await dreamer.dispose();
  });

  test('is a node within the graph, which is cut off there', async () => {
    const graph = new Graph();
    const decoded = graph.node('DecodeJpeg', 'decoded', [graph.takes('contents', STRING, [])], {});
    const prepared = graph.simple('Neg', 'prepared', graph.cast('cast', decoded, UINT8, FLOAT));
    graph.convolved('out', prepared);
    const dreamer = await load(graph, { input: 'prepared' });
    expect(dreamer.layers().map(({ name }) => name)).toEqual(['out']);
    expect(dreamer.warnings).toEqual([]);
    await dreamer.dispose();
    await refused(graph, ["The input 'contents' takes string of the shape []", 'Name the first node of floats']);
    await refused(graph, ["The input 'contents' takes string"], { input: 'contents:0' });
  });

  test('is refused where it can be no picture, with its type and shape', async () => {
    const graph = (type: Uint8Array, shape?: readonly number[]): GraphDef => {
      const made = new Graph();
      made.node('Identity', 'out', [made.takes('x', type, shape)], { T: type });
      return made;
    };
    await refused(graph(DOUBLE, [-1, 8, 8, 3]), ["'x' takes float64 of the shape [?, 8, 8, 3]", 'float16, bfloat16']);
    await refused(graph(BOOL), ["'x' takes bool of any shape"]);
    await refused(graph(FLOAT, [-1, 784]), ["'x' takes float32 of the shape [?, 784]", 'three colours']);
    await refused(graph(FLOAT, [1, 28, 28, 1]), ["'x' takes float32 of the shape [1, 28, 28, 1]", 'three colours']);
    await refused(graph(FLOAT, [1000, -1, -1, 3]), ['batches of exactly 1000 pictures', 'at most 64']);
    await refused(graph(FLOAT), ["no input 'y'; its placeholders are 'x' (float32 of any shape)"], { input: 'y' });
  });

  test('is refused where there are two, or none', async () => {
    const two = new Graph();
    two.simple('Add', 'out', two.takes('one', FLOAT, [1, 9, 9, 3]), two.takes('other', FLOAT));
    await refused(two, ["from its input 'one'", "needs a value for the placeholder 'other' (float32 of any shape)"]);
    const alike = new Graph();
    alike.simple('Add', 'out', alike.takes('one', FLOAT, [1, 9, 9, 3]), alike.takes('other', FLOAT, [1, 9, 9, 3]));
    await refused(alike, ["'one' (float32 of the shape [1, 9, 9, 3]), 'other' (float32 of", 'Name one as `input`']);
    const none = new Graph();
    none.simple('Neg', 'out', none.constant('c', [1], Float32Array.of(1)));
    await refused(none, ['it has no placeholder at all', 'as `input`']);
  });

  test('of integers is refused where the graph computes with them before they are floats', async () => {
    const graph = new Graph();
    const wide = graph.cast('wide', graph.takes('bytes', UINT8, [-1, -1, -1, 3]), UINT8, INT32);
    const doubled = graph.node('Mul', 'doubled', [wide, graph.integer('two', 2)], { T: INT32 });
    graph.convolved('out', graph.cast('floats', doubled, INT32, FLOAT));
    await refused(graph, ["'bytes' (uint8 of the shape [?, ?, ?, 3])", "Mul of integers ('doubled')", 'no gradient']);
    expect(await layersOf(graph, { input: 'floats' })).toEqual(['out']);
  });
});

describe("a layer's name", () => {
  test('may end in :0, as a tensor is called', async () => {
    const graph = new Graph();
    graph.convolved('out', graph.placeholder('x'));
    const dreamer = await load(graph, { ...plain, channelNames: { out: ['a', 'b', 'c', 'd'] } });
    expect(await dreamer.layer('out:0')).toEqual(await dreamer.layer('out'));
    expect(dreamer.channelNames('out:0')).toEqual(['a', 'b', 'c', 'd']);
    const asked = { layer: 'out:0', channel: 2, octaves: 1, iterations: 1 } as const;
    expect((await dreamer.dream(picture, asked)).parameters.objective.layer).toBe('out');
    await expect(dreamer.dream(picture, { layer: 'out:1' })).rejects.toThrow("no layer 'out:1'");
    await dreamer.dispose();
  });
});

describe('a placeholder that is not the picture', () => {
  test.each([
    ['a number', 2],
    ['a list of one', [2]],
    ['a list', [2, 2, 2]],
  ])('takes %s', async (_what, value) => {
    const graph = new Graph();
    graph.convolved('out', graph.simple('Mul', 'times', graph.placeholder('x'), graph.takes('factor', FLOAT)));
    expect(await gradientOf(graph, { input: 'x', feeds: { factor: value } })).toEqual(await times(2));
    expect(await gradientOf(graph, { input: 'x', feeds: { 'factor:0': value } })).toEqual(await times(2));
  });

  test('is named, with what it takes, where it has no value', async () => {
    const graph = new Graph();
    const body = graph.convolved('body', graph.placeholder('x'));
    graph.simple('Mul', 'out', body, graph.takes('factor', FLOAT, []));
    const dreamer = await load(graph, { input: 'x' });
    expect(dreamer.warnings).toEqual([
      "The placeholder 'factor' (float32 of the shape []) has no value, so the node that needs it cannot be dreamed; " +
        "give it one with feeds, as in { 'factor': 1 }, or --feed factor=1.",
    ]);
    await expect(dreamer.layer('out')).rejects.toThrow("'out' cannot be dreamed: it needs a value for the placeholder");
    await dreamer.dispose();
  });

  test('is refused a value that it cannot take', async () => {
    const graph = new Graph();
    graph.simple('Mul', 'out', graph.convolved('body', graph.placeholder('x')), graph.takes('pair', FLOAT, [2]));
    graph.takes('text', STRING, []);
    const given = (feeds: ModelDescription['feeds']): ModelDescription => ({ input: 'x', ...(feeds && { feeds }) });
    await refused(graph, ["'pair' takes float32 of the shape [2], and was given 3 values"], given({ pair: [1, 2, 3] }));
    await refused(graph, ["'text' takes string of the shape []", 'only numbers and booleans'], given({ text: 1 }));
    await refused(graph, ["no placeholder 'nothing'"], given({ nothing: 1 }));
    await refused(graph, ["'body'", 'is no placeholder'], given({ body: 1 }));
  });
});

describe('a branch of TensorFlow 1', () => {
  test.each([true, false])('is taken where the predicate is known: %s', async (value) => {
    const expected = await times(value ? 2 : 3);
    const constant = new Graph();
    constant.convolved('out', constant.branches(constant.placeholder('x'), constant.truth('known', value)));
    expect(await gradientOf(constant)).toEqual(expected);
    const byDefault = new Graph();
    const training = byDefault.node('PlaceholderWithDefault', 'training', [byDefault.truth('default', !value)], {
      dtype: BOOL,
      shape: attribute.shape([]),
    });
    const not = byDefault.node('LogicalNot', 'not', [training], {});
    byDefault.convolved('out', byDefault.branches(byDefault.placeholder('x'), not));
    expect(await gradientOf(byDefault, { input: 'x' })).toEqual(expected);
    expect(await gradientOf(byDefault, { input: 'x', feeds: { training: value } })).toEqual(await times(value ? 3 : 2));
    const fed = new Graph();
    fed.convolved('out', fed.branches(fed.placeholder('x'), fed.takes('training', BOOL, [])));
    expect(await gradientOf(fed, { input: 'x', feeds: { training: value } })).toEqual(expected);
  });

  test('that hangs on an unknown predicate is left out, naming it', async () => {
    const graph = new Graph();
    graph.convolved('body', graph.placeholder('x'));
    graph.convolved('out', graph.branches('x', graph.takes('training', BOOL, [])));
    const dreamer = await load(graph, { input: 'x' });
    expect(dreamer.layers().map(({ name }) => name)).toEqual(['body']);
    expect(dreamer.warnings[0]).toContain("'training' (bool of the shape []) has no value");
    expect(dreamer.warnings[0]).toContain("{ 'training': false }");
    await expect(dreamer.layer('out')).rejects.toThrow("a value for the placeholder 'training'");
    await dreamer.dispose();
  });
});

describe('what a graph does beside computing', () => {
  test('is taken out, and what is ordered after it stays', async () => {
    const graph = new Graph();
    const input = graph.placeholder('x');
    const holds = graph.truth('holds', false);
    graph.node('Assert', 'assert', [holds, input], { T: attribute.types([1]) });
    graph.node('NoOp', 'done', ['^assert'], {});
    const seen = graph.node('Print', 'seen', [input, input, '^done'], { T: FLOAT, U: attribute.types([1]) });
    const doubled = graph.node('Mul', 'doubled', [seen, graph.scalar('two', 2), '^assert'], { T: FLOAT });
    graph.convolved('out', doubled);
    graph.node('SaveV2', 'save', ['name', 'names', 'names', 'out'], { dtypes: attribute.types([1]) });
    expect(await gradientOf(graph)).toEqual(await times(2));
  });

  test('may ask for the place of a node that goes', async () => {
    const graph = new Graph();
    const noise = graph.node('RandomStandardNormal', 'noise', [graph.integers('shape', [1], [1])], {
      dtype: FLOAT,
      T: INT32,
    });
    graph.simple('Add', 'noisy', graph.placeholder('x'), noise);
    // AttrValue { list { s: "loc:@noise" } }
    const place = Buffer.from('loc:@noise');
    const beside = Buffer.concat([Buffer.of(0x0a, place.length + 2, 0x12, place.length), place]);
    graph.node('Mul', 'times', ['x', graph.scalar('two', 2)], { T: FLOAT, _class: beside });
    graph.convolved('out', 'times');
    const dreamer = await load(graph, plain);
    expect((await dreamer.gradient(picture, { layer: 'out' })).data).toEqual(await times(2));
    await expect(dreamer.layer('noisy')).rejects.toThrow("'noise' is a RandomStandardNormal, which keeps state");
    await dreamer.dispose();
  });

  test('a dropout keeps everything, and its mask is no layer', async () => {
    const graph = new Graph();
    const input = graph.placeholder('x');
    const shape = graph.node('Shape', 'shape', [input], { T: FLOAT, out_type: INT32 });
    const random = graph.node('RandomUniform', 'random', [shape], { dtype: FLOAT, T: INT32 });
    const keep = graph.takes('keep_prob', FLOAT, []);
    const mask = graph.simple('Floor', 'mask', graph.simple('Add', 'chance', random, keep));
    graph.convolved('out', graph.simple('Mul', 'kept', graph.simple('RealDiv', 'larger', input, keep), mask));
    expect(await gradientOf(graph, { input: 'x', feeds: { keep_prob: 1 } })).toEqual(await times(1));
    expect(await gradientOf(graph, { input: 'x', feeds: { keep_prob: 0.5 } })).toEqual(await times(2));
    expect(await layersOf(graph, { input: 'x', feeds: { keep_prob: 1 } })).toEqual(['larger', 'kept', 'out']);
  });
});

test('a graph with variables is refused, naming them and what to do', async () => {
  const graph = new Graph();
  graph.convolved('body', graph.placeholder('x'));
  for (const name of ['a', 'b', 'c', 'd']) {
    const handle = graph.node('VarHandleOp', name, [], { dtype: FLOAT, shape: attribute.shape([1]) });
    graph.node('VarIsInitializedOp', `${name}/there`, [handle], {});
  }
  await refused(graph, [
    "not frozen: the values of its variables 'a' (VarHandleOp), 'b' (VarHandleOp), 'c' (VarHandleOp) and 1 more",
    'convert_variables_to_constants_v2',
    'SavedModel',
  ]);
});
