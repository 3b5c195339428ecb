import { describe, expect, test } from 'vitest';
import { DREAM_OPTIONS, OTHER_DREAM_OPTIONS } from '../../lib/options/dream-options.js';
import { LOAD_OPTIONS } from '../../lib/options/load-options.js';
import { OBJECTIVE_OPTIONS, readObjective } from '../../lib/options/objective.js';
import { readOptions } from '../../lib/options/read.js';

const others = [...OBJECTIVE_OPTIONS, ...OTHER_DREAM_OPTIONS];
const readDream = (given: object): unknown => readOptions(DREAM_OPTIONS, given, others);

describe('options of a dream', () => {
  test('left out, they have the defaults of the algorithm', () => {
    expect(readDream({})).toMatchObject({ octaves: 4, octaveScale: 1.4, iterations: 10, step: 1.5, tileSize: 512 });
    expect(readDream({})).toMatchObject({ jitter: true, seed: 0n, depth: 'uint8', size: undefined });
  });

  test('a seed may be a number, a bigint of 64 bits, or its digits', () => {
    expect(readDream({ seed: 7 })).toMatchObject({ seed: 7n });
    expect(readDream({ seed: '18446744073709551615' })).toMatchObject({ seed: 2n ** 64n - 1n });
    expect(readDream({ seed: 2n ** 64n - 1n })).toMatchObject({ seed: 2n ** 64n - 1n });
  });

  test('iterations and step may be lists, a value for each octave, whose wrong values are named', () => {
    expect(readDream({ iterations: [12, 4], step: [2] })).toMatchObject({ iterations: [12, 4], step: [2] });
    expect(() => readDream({ iterations: [12, 0] })).toThrow(/'iterations\[1\]' must be a whole number.*but is 0/);
    expect(() => readDream({ step: [] })).toThrow(/'step' must be a number above 0.*of 1 to 20 octaves/);
    expect(() => readDream({ step: Array(21).fill(1) })).toThrow(/of 1 to 20 octaves/);
    expect(() => readDream({ step: [1, '2'] })).toThrow(TypeError);
    expect(() => readDream({ octaves: [4] })).toThrow(TypeError);
  });

  const WRONG_VALUES: readonly (readonly [string, unknown])[] = [
    ['octaves', 0],
    ['octaves', 1.5],
    ['octaves', 21],
    ['octaves', Number.NaN],
    ['octaveScale', 1],
    ['octaveScale', Number.POSITIVE_INFINITY],
    ['iterations', -1],
    ['step', 0],
    ['step', Number.NaN],
    ['step', Number.NEGATIVE_INFINITY],
    ['tileSize', 8],
    ['seed', -1],
    ['seed', 2n ** 64n],
    ['seed', 0.5],
    ['seed', '18446744073709551616'],
    ['seed', '0x7'],
    ['seed', ''],
    ['size', 1e9],
    ['depth', 'uint16'],
    ['normalize', 'gauss'],
    ['sigma', 0],
    ['equalize', 'all'],
  ];
  for (const [name, value] of WRONG_VALUES) {
    test(`${name} of ${String(value)} is a RangeError that names option, value and what is allowed`, () => {
      const read = (): unknown => readDream({ [name]: value });
      expect(read).toThrow(RangeError);
      expect(read).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_RANGE' }));
      expect(read).toThrow(new RegExp(`'${name}' must be .+, but is .*${String(value).replace(/[.]/g, '\\.')}`));
    });
  }

  for (const [name, value] of [
    ['octaves', '4'],
    ['step', null],
    ['jitter', 1],
    ['seed', true],
    ['depth', 8],
  ] as const) {
    test(`${name} of type ${typeof value} is a TypeError`, () => {
      const read = (): unknown => readDream({ [name]: value });
      expect(read).toThrow(TypeError);
      expect(read).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_TYPE' }));
    });
  }

  test('an option that does not exist is refused with the nearest that does', () => {
    expect(() => readDream({ octave: 3 })).toThrow(/'octave'.*'octaves'/);
  });
});

describe('options of load', () => {
  test('a precision that there is not is refused, not replaced', () => {
    expect(() => readOptions(LOAD_OPTIONS, { precision: 'int8' } as object)).toThrow(RangeError);
  });
  test('a device must be one of the forms', () => {
    expect(() => readOptions(LOAD_OPTIONS, { device: 'tpu' })).toThrow(/'cpu'/);
    expect(readOptions(LOAD_OPTIONS, { device: 'gpu:1' }).device).toBe('gpu:1');
  });
});

describe('what to dream of', () => {
  test('is the default, a filter, channels or a layer', () => {
    expect(readObjective({})).toEqual({ kind: 'default' });
    expect(readObjective({ filter: 'stars' })).toEqual({ kind: 'filter', filter: 'stars' });
    expect(readObjective({ layer: 'a' })).toEqual({ kind: 'layer', layer: 'a' });
    expect(readObjective({ layer: 'a', channel: 3 })).toMatchObject({ channels: [{ channel: 3, weight: 1 }] });
    expect(readObjective({ channel: 'owl' })).toMatchObject({ layer: undefined, channels: [{ channel: 'owl' }] });
    expect(readObjective({ layer: 'a', channels: [1, { channel: 2, weight: -0.5 }] })).toMatchObject({
      channels: [
        { channel: 1, weight: 1 },
        { channel: 2, weight: -0.5 },
      ],
    });
  });
  for (const given of [
    { filter: 'a', layer: 'b' },
    { channel: 1, channels: [1] },
    { channels: [] },
    { channel: -1 },
    { channel: Number.NaN },
    { channels: [{ channel: 1, weight: Number.NaN }] },
    { channel: '' },
    { layer: '' },
  ]) {
    test(`is not ${JSON.stringify(given)}`, () => {
      expect(() => readObjective(given)).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_RANGE' }));
    });
  }
});
