import { expect, test } from 'vitest';
import { readObjective } from '../../lib/options/objective.js';
import { TERM_FIELDS, TERM_KINDS } from '../../lib/options/term-fields.js';

const read = (...objective: unknown[]): unknown => readObjective({ objective });

test('every kind of term is read, with its weight', () => {
  expect(
    read(
      { filter: 'eyes' },
      { layer: 'a', weight: -0.5 },
      { layer: 'a', channel: 3, weight: 2 },
      { channels: ['owl', { channel: 1, weight: -1 }] },
      { layer: 'a', direction: Float32Array.of(1, 0) },
      { class: 'owl' },
      { guide: 'photo.jpg', layer: ['a', 'b'], match: 'statistics' },
    ),
  ).toEqual({
    kind: 'sum',
    terms: [
      { kind: 'filter', filter: 'eyes', weight: 1 },
      { kind: 'layer', layer: 'a', weight: -0.5 },
      { kind: 'channels', layer: 'a', channels: [{ channel: 3, weight: 1 }], weight: 2 },
      {
        kind: 'channels',
        layer: undefined,
        channels: [
          { channel: 'owl', weight: 1 },
          { channel: 1, weight: -1 },
        ],
        weight: 1,
      },
      { kind: 'direction', layer: 'a', direction: [1, 0], weight: 1 },
      { kind: 'class', layer: undefined, class: 'owl', weight: 1 },
      { kind: 'guide', guide: 'photo.jpg', layers: ['a', 'b'], match: 'statistics', weight: 1 },
    ],
  });
});

const WRONG: readonly (readonly [string, unknown[], string])[] = [
  ['no terms', [], "'objective' must be 1 to 16 terms"],
  ['too many', Array(17).fill({ layer: 'a' }), "'objective' must be 1 to 16 terms"],
  ['no object', ['a'], "'objective[0]' must be an object"],
  ['an empty one', [{ layer: 'a' }, {}], "'objective[1]' must be an object with one of filter, guide"],
  [
    'a misspelt field',
    [{ layr: 'a' }],
    "'objective[0].layr' must be left out, as there is no such option (did you mean 'layer'?)",
  ],
  [
    'two kinds',
    [{ layer: 'a' }, { filter: 'x', channel: 1 }],
    "'objective[1].channel' must be left out where 'filter' is given",
  ],
  [
    'a match without a guide',
    [{ layer: 'a', match: 'dot' }],
    "'objective[0].match' must be left out where 'layer' is given",
  ],
  ['a weight of 0', [{ layer: 'a', weight: 0 }], "'objective[0].weight' must be another number than 0"],
  ['a weight of text', [{ layer: 'a', weight: '2' }], "'objective[0].weight' must be a number"],
  ['a direction without a layer', [{ direction: [1] }], "'objective[0].layer' must be a layer's name"],
  ['a direction of text', [{ layer: 'a', direction: 'x.npy' }], "'objective[0].direction' must be an array of numbers"],
  ['a direction of zeros', [{ layer: 'a', direction: [0, 0] }], "'objective[0].direction' must be not 0 everywhere"],
  [
    'a direction with a hole',
    [{ layer: 'a', direction: [1, Number.NaN] }],
    "'objective[0].direction[1]' must be a float32",
  ],
  [
    'channels that cancel',
    [{ layer: 'a', channels: [{ channel: 1, weight: 0 }] }],
    "'objective[0].channels' must be of weights",
  ],
  [
    'an unknown match',
    [{ guide: 'x', layer: 'a', match: 'gram' }],
    "'objective[0].match' must be 'dot' or 'statistics'",
  ],
];

test.each(WRONG)('%s is refused, and the field named', (_what, terms, message) => {
  expect(() => read(...terms)).toThrow(message);
  expect(() => read(...terms)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^ERR_LIVEDREAM_OPTION_/) }),
  );
});

test('an objective excludes the other ways to say what to dream of', () => {
  for (const other of [{ filter: 'x' }, { layer: 'x' }, { channel: 1 }, { channels: [1] }])
    expect(() => readObjective({ objective: [{ layer: 'a' }], ...other })).toThrow(
      `'${Object.keys(other)[0]}' must be left out where 'objective' is given`,
    );
  expect(() => readObjective({ objective: { layer: 'a', kind: 'layer', channels: [] } })).toThrow(
    "'objective' must be an array",
  );
});

test("a guide's bytes are the caller's own again after the call", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const { terms } = read({ guide: bytes, layer: 'a' }) as { terms: { guide: Uint8Array }[] };
  bytes.fill(0);
  expect([...(terms[0]?.guide ?? [])]).toEqual([1, 2, 3]);
});

test('every kind is told by a field of its own, and every field belongs to one', () => {
  for (const [kind, { fields }] of Object.entries(TERM_KINDS)) expect(fields[0]).toBe(kind);
  const used = new Set(Object.values(TERM_KINDS).flatMap(({ fields }) => fields as readonly string[]));
  expect([...used].sort()).toEqual(Object.keys(TERM_FIELDS).sort());
});
