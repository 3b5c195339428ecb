// A classifier's head of two axes: listed, dreamed by a class's number or label, or refused where one size alone fits it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { rawPicture } from '../support/dreamers.js';
import { networkWithHead } from '../support/network-with-head.js';
import { meanDifference } from '../support/pictures.js';

const NAMES = ['tench', 'owl', 'hen', 'jay', 'kite'];
const SETTINGS = { octaves: 2, iterations: 2, jitter: false } as const;

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await Dreamer.load({ model: { graph: networkWithHead({ flat: true }) }, device: 'cpu' });
});
afterAll(() => dreamer?.dispose());

test('layers() tells heads from feature maps, and what a flatten makes is no layer', async () => {
  const layers = dreamer.layers();
  const heads = layers.filter(({ head }) => head).map(({ name }) => name);
  expect(heads).toEqual(['pooled', 'logits/matmul', 'logits', 'probabilities']);
  expect(layers.find(({ name }) => name === 'far')).toEqual({ name: 'far', op: 'Relu', channels: 8 });
  expect(layers.map(({ name }) => name)).not.toContain('flat');
  expect(await dreamer.layer('logits')).toMatchObject({ channels: 5, head: true, stride: 1, leastSize: 1 });
});

test("a class's number is one of the last head that is no probability", async () => {
  const dream = await dreamer.dream(rawPicture(64, 48), { ...SETTINGS, objective: [{ class: 3 }] });
  expect(dream.parameters.objective).toEqual([{ layer: 'logits', channels: [{ channel: 3, weight: 1 }], weight: 1 }]);
  const named = await dreamer.dream(rawPicture(64, 48), { ...SETTINGS, layer: 'logits', channel: 3 });
  expect(meanDifference(named.data, dream.data)).toBeLessThan(0.1);
  await expect(dreamer.dream(rawPicture(64, 48), { ...SETTINGS, objective: [{ class: 5 }] })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_CHANNEL_RANGE',
  });
});

test('a class goes by its label where the description has names for the head', async () => {
  const model = { graph: networkWithHead(), channelNames: { logits: NAMES } };
  await using named = await Dreamer.load({ model, device: 'cpu' });
  const dream = await named.dream(rawPicture(64, 48), {
    ...SETTINGS,
    objective: [{ class: 'Jay' }, { layer: 'near' }],
  });
  expect(dream.parameters.objective).toMatchObject([
    { layer: 'logits', channels: [{ channel: 3 }] },
    { layer: 'near' },
  ]);
});

test('a dense matrix behind a flatten is refused, as octaves are of several sizes', async () => {
  const dreamed = dreamer.dream(rawPicture(64, 48), { ...SETTINGS, layer: 'flat/logits' });
  await expect(dreamed).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_LAYER_UNKNOWN' });
  await expect(dreamed).rejects.toThrow(
    "The layer 'flat/logits' cannot be dreamed: it needs pictures of one size alone: what 'flat/logits/matmul' (MatMul) takes does not come of 512 x 512 pixels, as for a dense matrix behind a flatten. With a global pool in the flatten's place a network takes all sizes.",
  );
  await expect(dreamer.dream(rawPicture(64, 48), { ...SETTINGS, layer: 'flat' })).rejects.toThrow(
    /'flat' cannot be dreamed: it needs a number of channels that is the same for pictures of all sizes/,
  );
});
