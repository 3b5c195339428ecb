// What the defaults do to a photograph: nothing burns out, and an even objective leaves nothing alone.
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import type { ModelInput } from '../../lib/model/source.js';
import { hasShared, SHARED } from '../support/pictures.js';

const photograph = path.join(SHARED, 'images/pilatus800.jpg');
const MODELS: Readonly<Record<string, ModelInput>> = {
  'Inception v3': {
    graph: path.join(SHARED, 'models/inception_v3_2015.pb'),
    preprocessing: { mean: 127.5, scale: 2 / 255 },
  },
  SqueezeNet: {
    graph: path.join(SHARED, 'models/squeezenet_v1.1.pb'),
    preprocessing: { channelOrder: 'bgr', mean: [103.939, 116.779, 123.68] },
  },
};

async function pixelsOf(size: number): Promise<{ data: Uint8Array; width: number; height: number; channels: 3 }> {
  const { data, info } = await sharp(photograph).resize(size).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 };
}

/** The share of pixels of which a colour is now at 0 or 255 and was not. */
function saturated(before: Uint8Array, after: Uint8Array): number {
  const turned = (index: number): boolean => before[index] !== after[index] && (after[index] as number) % 255 === 0;
  let count = 0;
  for (let index = 0; index < before.length; index += 3) {
    if (turned(index) || turned(index + 1) || turned(index + 2)) count += 1;
  }
  return (3 * count) / before.length;
}

/** The share of blocks of 16 x 16 pixels that change less than half as much as the picture does. */
function leftAlone(before: Uint8Array, after: Uint8Array, width: number): number {
  const blocks = new Map<number, number[]>();
  before.forEach((value, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    const place = Math.floor(y / 16) * width + Math.floor(x / 16);
    const block = blocks.get(place) ?? [];
    if (block.push(Math.abs(value - (after[index] as number))) === 1) blocks.set(place, block);
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const changes = [...blocks.values()].filter(({ length }) => length === 3 * 16 * 16).map(mean);
  return changes.filter((change) => change < mean(changes) / 2).length / changes.length;
}

describe.skipIf(!hasShared)('the defaults, on the photograph (../shared)', () => {
  test.each(Object.entries(MODELS))('drive at most 1 %% of the pixels of %s to black or white', async (name, model) => {
    await using dreamer = await Dreamer.load({ model, device: 'cpu' });
    const picture = await pixelsOf(799);
    const kept = await dreamer.dream(picture);
    const free = await dreamer.dream(picture, { keepRange: false });
    const [share, without] = [kept, free].map(({ data }) => saturated(picture.data, data as Uint8Array));
    console.info(
      `${name}: ${((share as number) * 100).toFixed(2)} % saturated, ${((without as number) * 100).toFixed(2)} % without keepRange`,
    );
    expect(share).toBeLessThanOrEqual(0.01);
    expect(share).toBeLessThan((without as number) / 2);
  });

  test('with every position pushed alike a deep layer of SqueezeNet paints all of it', async () => {
    await using dreamer = await Dreamer.load({ model: MODELS['SqueezeNet'] as ModelInput, device: 'cpu' });
    const picture = await pixelsOf(400);
    const alone = async (equalize: 'none' | 'positions' | 'channels'): Promise<number> => {
      const { data } = await dreamer.dream(picture, { layer: 'fire9/concat', equalize });
      return leftAlone(picture.data, data as Uint8Array, picture.width);
    };
    const [plain, positions, channels] = [await alone('none'), await alone('positions'), await alone('channels')];
    console.info(
      `left alone: ${plain.toFixed(3)} of the blocks; positions ${positions.toFixed(3)}; channels ${channels.toFixed(3)}`,
    );
    expect(positions).toBeLessThan(plain / 4);
    expect(channels).toBeLessThan(plain / 1.5);
  });
});
