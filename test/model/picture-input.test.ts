// What of a graph is its picture, and its layers' names.
import { describe, expect, test } from 'vitest';
import type { GraphDef } from '../../tools/graphs/graph-def.mjs';
import {
  BOOL,
  DOUBLE,
  FLOAT,
  Graph,
  INT32,
  layersOf,
  load,
  picture,
  plain,
  refused,
  STRING,
  UINT8,
} from './support/graph.js';

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
    expect((await dreamer.dream(picture, asked)).parameters.objective).toMatchObject({ layer: 'out' });
    await expect(dreamer.dream(picture, { layer: 'out:1' })).rejects.toThrow("no layer 'out:1'");
    await dreamer.dispose();
  });
});
