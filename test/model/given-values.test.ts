// Placeholders that are not the picture: values given to them, and branches that hang on these.
import { describe, expect, test } from 'vitest';
import type { ModelDescription } from '../../lib/model/description.js';
import { attribute } from '../../tools/graphs/graph-def.mjs';
import { BOOL, FLOAT, Graph, gradientOf, load, refused, STRING, times } from './support/graph.js';

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
