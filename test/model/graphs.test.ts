// What a graph does beside computing, as a model: effects, dropouts, variables.
import { describe, expect, test } from 'vitest';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import { FLOAT, Graph, gradientOf, INT32, layersOf, load, picture, plain, refused, times } from './support/graph.js';

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
