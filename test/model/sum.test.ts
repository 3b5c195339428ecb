import { describe, expect, test } from 'vitest';
import { checkDescription } from '../../lib/model/description.js';
import { resolveObjective } from '../../lib/model/resolve.js';
import { readObjective } from '../../lib/options/objective.js';

const layers = [
  { name: 'body', op: 'Relu', channels: 4 },
  { name: 'head', op: 'BiasAdd', channels: 3 },
];
const model = checkDescription(
  {
    defaultLayer: 'body',
    defaultOptions: { octaves: 6 },
    channelNames: { head: ['owl', 'lion face', 'eye'] },
    filters: { wings: { layer: 'head', channels: ['owl', { channel: 'eye', weight: 0.5 }], options: { octaves: 5 } } },
  },
  'of this test',
);
const resolve = (...objective: unknown[]): ReturnType<typeof resolveObjective> =>
  resolveObjective(readObjective({ objective }), model, { layers, leftOut: {} });

test('names become layers and numbers, and what is recorded is the same objective again', () => {
  const { objective, terms, presets, filter } = resolve(
    { filter: 'wings', weight: 2 },
    { class: 'Lion-Face', weight: -1 },
    { layer: 'body:0' },
    { layer: 'body', direction: [1, 2, 3, 4], weight: 0.5 },
  );
  expect(objective).toEqual([
    {
      layer: 'head',
      channels: [
        { channel: 0, weight: 1 },
        { channel: 2, weight: 0.5 },
      ],
      weight: 2,
    },
    { layer: 'head', channels: [{ channel: 1, weight: 1 }], weight: -1 },
    { layer: 'body', weight: 1 },
    { layer: 'body', direction: [1, 2, 3, 4], weight: 0.5 },
  ]);
  // A filter's own options are those of a dream of it alone.
  expect(presets).toEqual([{ octaves: 6 }]);
  expect(filter).toBeUndefined();
  expect(resolve(...(objective as unknown[])).terms).toEqual(terms);
});

test('a guide of several layers shares its weight among them, and of none is of the default layer', () => {
  const guide = 'photo.jpg';
  expect(resolve({ guide, layer: ['body', 'head'], weight: 3 }).terms).toMatchObject([
    { layer: 'body', kind: 'guide', weight: 1.5, match: 'dot', field: 'objective[0]' },
    { layer: 'head', kind: 'guide', weight: 1.5, match: 'dot', field: 'objective[0]' },
  ]);
  expect(resolve({ guide }).terms).toMatchObject([{ layer: 'body' }]);
});

const WRONG: readonly (readonly [string, object, string, string])[] = [
  [
    'a layer',
    { layer: 'bdy' },
    'ERR_LIVEDREAM_LAYER_UNKNOWN',
    "'objective[1].layer': The network has no layer 'bdy'. Did you mean 'body'?",
  ],
  [
    'a filter',
    { filter: 'wing' },
    'ERR_LIVEDREAM_FILTER_UNKNOWN',
    "'objective[1].filter': The model has no filter 'wing'",
  ],
  [
    'a class',
    { class: 'owll' },
    'ERR_LIVEDREAM_CHANNEL_UNKNOWN',
    "'objective[1].class': The model has no class 'owll'; did you mean 'owl'?",
  ],
  [
    'a channel',
    { layer: 'head', channel: 'owll' },
    'ERR_LIVEDREAM_CHANNEL_UNKNOWN',
    "'objective[1].channels': The layer 'head' has no channel 'owll'",
  ],
  [
    'a number',
    { layer: 'body', channel: 4 },
    'ERR_LIVEDREAM_CHANNEL_RANGE',
    "Layer 'body' has channels 0 to 3, not 4.",
  ],
  [
    'a direction',
    { layer: 'body', direction: [1] },
    'ERR_LIVEDREAM_OPTION_RANGE',
    "'objective[1].direction' must be 4 numbers, one for each channel of 'body'",
  ],
];

describe('what the model does not have is said of its field', () => {
  test.each(WRONG)('%s', (_what, term, code, message) => {
    const wrong = (): unknown => resolve({ layer: 'body' }, term);
    expect(wrong).toThrow(message);
    expect(wrong).toThrow(expect.objectContaining({ code }));
    expect(wrong).not.toThrow(/(Use one of the names).*\1/);
  });

  test('a class of a model that names none', () => {
    const nameless = checkDescription({ defaultLayer: 'body' }, 'of this test');
    const known = { layers, leftOut: {} };
    const of = (term: object): unknown => resolveObjective(readObjective({ objective: [term] }), nameless, known);
    expect(() => of({ class: 'owl' })).toThrow(/names no classes/);
    expect(of({ class: 2, layer: 'head' })).toMatchObject({ terms: [{ layer: 'head', channels: [{ channel: 2 }] }] });
    expect(() => of({ class: 2 })).toThrow(/Give the layer of its head with the class/);
  });

  test('a number is a class of the last head that is no probability', () => {
    const nameless = checkDescription({ defaultLayer: 'body' }, 'of this test');
    const heads = ['Mean', 'BiasAdd', 'Softmax'].map((op) => ({ name: op, op, channels: 3, head: true }) as const);
    const known = { layers: [...layers, ...heads], leftOut: {} };
    const of = (term: object): unknown => resolveObjective(readObjective({ objective: [term] }), nameless, known);
    expect(of({ class: 2 })).toMatchObject({ terms: [{ layer: 'BiasAdd', channels: [{ channel: 2 }] }] });
    expect(() => of({ class: 'owl' })).toThrow(
      /names no classes: .* Give the class's number, or the layer of its head/,
    );
  });
});
