import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import type { PictureFormat } from '../../lib/formats.js';
import type { PictureInput } from '../../lib/image/source.js';
import type { DreamOptions } from '../../lib/options/dream-options.js';
import { compareParameters } from '../../lib/replay/differences.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { replay } from '../../lib/replay/replay.js';
import { TEST_DEVICE } from '../support/device.js';
import { rawPicture } from '../support/dreamers.js';
import { madePicture } from '../support/pictures.js';

let dreamer: Dreamer;
let photo: Buffer;
let withAlpha: Buffer;

beforeAll(async () => {
  dreamer = await Dreamer.load({ device: TEST_DEVICE });
  const raw = { width: 72, height: 60, channels: 3 } as const;
  const image = sharp(Buffer.from(Uint8Array.from(madePicture(raw.width, raw.height))), { raw });
  photo = await image.clone().jpeg().toBuffer();
  withAlpha = await image.clone().ensureAlpha(0.5).png().toBuffer();
});
afterAll(async () => {
  await dreamer?.dispose();
});

const FEW = { octaves: 2, iterations: 2 } as const;
const FORMATS = ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const satisfies readonly PictureFormat[];

const RECIPES: readonly DreamOptions[] = [
  { ...FEW },
  { ...FEW, seed: 2n ** 64n - 1n },
  { ...FEW, seed: 7 },
  { ...FEW, seed: '9007199254740993' },
  { ...FEW, filter: 'starry' },
  { ...FEW, filter: 'mountains' },
  { ...FEW, filter: 'owl', seed: 3 },
  { ...FEW, layer: 'mixed4d_pool_reduce' },
  { ...FEW, layer: 'mixed4d_pool_reduce', equalize: 'channels' },
  { ...FEW, layer: 'mixed4d_pool_reduce', channel: 5 },
  { ...FEW, layer: 'mixed4d_pool_reduce', channels: [3, { channel: 9, weight: -0.25 }] },
  { ...FEW, channel: 'red apple' },
  { octaves: 3, iterations: [3, 1, 2], step: [1.25, 0.1, 3] },
  { iterations: 1, octaveScale: 1.2 },
  { ...FEW, normalize: 'laplacian' },
  { ...FEW, normalize: 'smooth', sigma: 0.7 },
  { ...FEW, keepRange: false, jitter: false },
  { ...FEW, size: 60 },
  { ...FEW, size: 96, tileSize: 64, batch: 2 },
  { ...FEW, size: 96, tileSize: 64, batch: 1, step: 0.30000000000000004 },
];

test.each(
  RECIPES.map((options, index) => [index, options] as const),
)('recipe %i is dreamed again', async (index, options) => {
  const format = FORMATS[index % FORMATS.length] as PictureFormat;
  const quality = 70 + index;
  const source = index % 4 === 3 && format !== 'jpeg' ? withAlpha : photo;
  const dream = await dreamer.dream(source, options);
  const bytes = await dream.toBuffer(format, { quality });
  const parameters = await readParameters(bytes);
  const again = await replay(dreamer, source, parameters);
  expect(compareParameters(parameters, again.pictureParameters({ quality }) ?? parameters)).toEqual([]);
  expect(Buffer.from(again.data).equals(Buffer.from(dream.data))).toBe(true);
  expect((await again.toBuffer(format, { quality: parameters.quality })).equals(bytes)).toBe(true);
});

test('the recipes differ', async () => {
  const dreams = new Set<string>();
  for (const options of RECIPES) dreams.add(Buffer.from((await dreamer.dream(photo, options)).data).toString('base64'));
  // Some of them say the same in other words for a picture of this size.
  expect(dreams.size).toBeGreaterThan(RECIPES.length - 3);
});

test.each([2, 3])('one of %i that were computed side by side is so again', async (batch) => {
  const sources = Array.from({ length: batch }, () => rawPicture(40, 40));
  const bytes: Buffer[] = [];
  for await (const { dream } of dreamer.dreamAll(sources, { ...FEW, batch, inOrder: true }))
    if (dream) bytes.push(await dream.toBuffer());
  const last = bytes[batch - 1] as Buffer;
  const parameters = await readParameters(last);
  expect(parameters.together).toBe(batch);
  const again = await replay(dreamer, sources[batch - 1] as PictureInput, parameters);
  expect((await again.toBuffer()).equals(last)).toBe(true);
});

test('one of several variations of a photo is dreamed again', async () => {
  const variations = [3, 4, 5].map((channel) => ({ layer: 'mixed4d_pool_reduce', channel }));
  const source = rawPicture(40, 40);
  const pictures = new Map<number, Buffer>();
  for await (const { index, dream } of dreamer.variations(source, variations, { ...FEW, batch: 3 }))
    pictures.set(index, await dream.toBuffer());
  for (const bytes of pictures.values()) {
    const read = await readParameters(bytes);
    expect(read.together).toBe(3);
    expect((await (await replay(dreamer, source, read)).toBuffer()).equals(bytes)).toBe(true);
  }
  expect(pictures.size).toBe(3);
});

test('raw pixels and sharp instances are known by their pixels, whichever way they come', async () => {
  const raw = { width: 40, height: 40, channels: 3 } as const;
  const data = Uint8Array.from(madePicture(40, 40));
  const ways: PictureInput[] = [{ data, ...raw }, sharp(Buffer.from(data), { raw })];
  const file = await sharp(Buffer.from(data), { raw }).png().toBuffer();
  for (const way of ways) {
    const dream = await dreamer.dream(way, FEW);
    const parameters = await readParameters(await dream.toBuffer());
    expect(parameters.source).toMatchObject({ of: 'pixels', width: 40, height: 40 });
    expect((await (await replay(dreamer, file, parameters)).toBuffer()).equals(await dream.toBuffer())).toBe(true);
    const other = { data: data.map((value, at) => (at === 0 ? value ^ 1 : value)), ...raw };
    await expect(replay(dreamer, other, parameters)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_REPLAY_DIFFERS' });
  }
});

test('another photo or model is refused, and dreamed where that is forced', async () => {
  const parameters = await readParameters(await (await dreamer.dream(photo, FEW)).toBuffer());
  const refused = { code: 'ERR_LIVEDREAM_REPLAY_DIFFERS' };
  await expect(replay(dreamer, withAlpha, parameters)).rejects.toMatchObject(refused);
  const other = { ...parameters, modelSha256: '0'.repeat(64) };
  await expect(replay(dreamer, photo, other)).rejects.toMatchObject(refused);
  const forced = await replay(dreamer, photo, other, { force: true });
  const names = compareParameters(other, forced.pictureParameters() ?? other).map(({ name }) => name);
  expect(names).toEqual(['modelSha256']);
  expect((await replay(dreamer, withAlpha, parameters, { force: true })).width).toBe(72);
});

test('the parameters alone, by way of JSON, are options of dream()', async () => {
  const dream = await dreamer.dream(photo, { ...FEW, seed: 2n ** 60n + 1n });
  const parameters = await readParameters(await dream.toBuffer('webp'));
  const again = await dreamer.dream(photo, JSON.parse(JSON.stringify(parameters)));
  expect(Buffer.from(again.data).equals(Buffer.from(dream.data))).toBe(true);
});

test('frames of a stream hang on those before them and hold no parameters', async () => {
  for await (const frame of dreamer.stream([rawPicture(40, 40)], FEW)) {
    expect(frame.pictureParameters()).toBeUndefined();
    await expect(readParameters(await frame.toBuffer())).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_PARAMETERS_MISSING',
    });
  }
});
