import { describe, expect, test } from 'vitest';
import { channelNumber } from '../../lib/model/channel-names.js';
import { checkDescription } from '../../lib/model/description.js';
import { defaultLayer } from '../../lib/model/objective.js';
import { resolveObjective } from '../../lib/model/resolve.js';
import { readObjective } from '../../lib/options/objective.js';
import { withPresets } from '../../lib/options/preset.js';

const layers = [
  { name: 'body', op: 'Relu', channels: 8 },
  { name: 'head', op: 'BiasAdd', channels: 3 },
];
const model = checkDescription(
  {
    defaultLayer: 'body',
    defaultFilter: 'wings',
    defaultOptions: { octaves: 6, step: 2 },
    channelNames: { head: ['owl', 'lion face', 'Eye'] },
    filters: {
      wings: { layer: 'head', channels: ['owl', { channel: 'eye', weight: 0.5 }], options: { octaves: 5 } },
      body: { layer: 'body' },
    },
  },
  'of this test',
);
const resolve = (given: object): ReturnType<typeof resolveObjective> =>
  resolveObjective(readObjective(given), model, { layers, leftOut: {} });

describe('a channel by its name', () => {
  test('is found in the layer that names it, whatever stands between its words', () => {
    for (const channel of ['lion face', 'Lion-Face', 'LION_FACE']) {
      expect(resolve({ channel }).objective).toEqual({
        layer: 'head',
        kind: 'channels',
        channels: [{ channel: 1, weight: 1 }],
      });
    }
    expect(resolve({ channels: ['eye', { channel: 0, weight: -1 }] }).objective).toMatchObject({
      layer: 'head',
      channels: [
        { channel: 2, weight: 1 },
        { channel: 0, weight: -1 },
      ],
    });
  });

  test('that is not there is refused with the nearest, or the layer without names', () => {
    const refused = (given: object, says: RegExp): void => {
      expect(() => resolve(given)).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_CHANNEL_UNKNOWN' }));
      expect(() => resolve(given)).toThrow(says);
    };
    refused({ channel: 'oul' }, /The model has no channel 'oul'; did you mean 'owl'/);
    refused({ layer: 'body', channel: 'owl' }, /The layer 'body' has no channel 'owl'; its channels have no names/);
    expect(() => channelNumber({}, 'body', 'owl')).toThrow(/no names/);
  });

  test('a number without a layer stays with the default layer', () => {
    expect(resolve({ channel: 7 }).objective).toMatchObject({ layer: 'body', channels: [{ channel: 7 }] });
  });
});

describe("a model's own options", () => {
  const merged = (given: object): object => withPresets(given, ...resolve(given).presets);
  test("are the filter's over the model's, below the caller's", () => {
    expect(merged({})).toEqual({ octaves: 5, step: 2 });
    expect(merged({ filter: 'body' })).toEqual({ filter: 'body', octaves: 6, step: 2 });
    expect(merged({ octaves: 3, step: undefined })).toEqual({ octaves: 3, step: 2 });
    expect(merged({ layer: 'body', iterations: 1 })).toEqual({ layer: 'body', octaves: 6, iterations: 1, step: 2 });
  });
  test('the default is named as the filter that it is', () => {
    expect(resolve({})).toMatchObject({ filter: 'wings', objective: { channels: [{ channel: 0 }, { channel: 2 }] } });
    expect(resolve({ layer: 'body' }).filter).toBeUndefined();
  });
});

test('a network without a description dreams two thirds of the way through its feature maps, not its head', () => {
  const maps = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, op: 'Conv2D', channels: 8 }));
  const heads = ['pool', 'logits', 'classes'].map((name) => ({ name, op: 'MatMul', channels: 8, head: true }) as const);
  expect(defaultLayer({}, maps)).toBe('e');
  expect(defaultLayer({}, [...maps, ...heads])).toBe('e');
});
