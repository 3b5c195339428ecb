// A description against the network that it is of.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import type { ModelDescription } from '../../lib/model/description.js';
import { checkFits } from '../../lib/model/fit.js';
import { smallInception } from '../../tools/graphs/small-inception.mjs';

const known = {
  layers: [
    { name: 'mixed3a', op: 'Concat', channels: 64 },
    { name: 'mixed3b', op: 'Concat', channels: 64 },
    { name: 'classes', op: 'Conv2D', channels: 2 },
  ],
  leftOut: { head: "a value for the placeholder 'rate'" },
};

const WRONG: readonly (readonly [string, ModelDescription, RegExp])[] = [
  [
    'a default layer',
    { defaultLayer: 'mixed3c' },
    /'defaultLayer' names the layer 'mixed3c', which the network does not have\. Did you mean 'mixed3a', 'mixed3b'\?/,
  ],
  ['a layer far from all', { defaultLayer: 'wonderful/thing' }, /It has 3 layers, from 'mixed3a' to 'classes'/],
  ["a filter's layer", { filters: { owl: { layer: 'mixd3a' } } }, /filter 'owl' names the layer 'mixd3a'.*'mixed3a'/],
  ["a filter's channel", { filters: { owl: { layer: 'mixed3a', channel: 64 } } }, /'owl' names channel 64.* 0 to 63/],
  [
    'a channel among several',
    { filters: { owl: { layer: 'mixed3a', channels: [1, { channel: 99, weight: 2 }] } } },
    /filter 'owl' names channel 99/,
  ],
  [
    "a channel's name",
    { channelNames: { classes: ['owl', 'cat'] }, filters: { bird: { layer: 'classes', channel: 'oul' } } },
    /filter 'bird' does not fit: .*no channel 'oul'; did you mean 'owl'/,
  ],
  [
    'a default filter',
    { defaultFilter: 'oul', filters: { owl: { layer: 'mixed3a' } } },
    /'defaultFilter' names the filter 'oul', which is none of 'filters'\. Did you mean 'owl'\?/,
  ],
  [
    'a listed layer',
    { layers: [{ name: 'mixed3', channels: 64, stride: 8, leastSize: 1 }] },
    /'layers\[0\]' names the layer 'mixed3'.*'mixed3a'/,
  ],
  [
    "a listed layer's channels",
    { layers: [{ name: 'mixed3a', channels: 63, stride: 8, leastSize: 1 }] },
    /'layers\[0\]' has 63 channels for the layer 'mixed3a', but the layer has 64/,
  ],
];

describe('a description that does not fit its network', () => {
  test.each(WRONG)('by %s is refused with the field', (_what, description, says) => {
    const check = (): void => checkFits(description, known);
    expect(check).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_MODEL_UNREADABLE' }));
    expect(check).toThrow(says);
  });

  test('is refused when the model is loaded', async () => {
    const model = { graph: smallInception(), filters: { owl: { layer: 'mixed3bb' } } };
    await expect(Dreamer.load({ model, device: 'cpu' })).rejects.toThrow(
      /does not fit its network: filter 'owl' names the layer 'mixed3bb'.*'mixed3b'/,
    );
  });
});

describe('a description fits', () => {
  test('by names of tensors, and by layers that only lack a value', () => {
    const filters = { a: { layer: 'mixed3a:0', channel: 63 }, b: { layer: 'head', channel: 7 } };
    expect(() => checkFits({ defaultLayer: 'mixed3b:0', defaultFilter: 'a', filters }, known)).not.toThrow();
  });

  test("where it is the package's: all layers are listed as they are", async () => {
    const file = path.join(packageRoot, 'models/dream/model.json');
    const { layers, bytes } = JSON.parse(readFileSync(file, 'utf8')) as ModelDescription;
    const dreamer = await Dreamer.load({ device: 'cpu' });
    const found = await dreamer.allLayers();
    await dreamer.dispose();
    expect(layers).toEqual(
      found.map(({ name, channels, stride, leastSize }) => ({ name, channels, stride, leastSize })),
    );
    expect(bytes).toBe(readFileSync(path.join(path.dirname(file), 'graph.pb')).length);
  });
});
