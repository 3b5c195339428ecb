// Whole layers, pushed evenly: the definitions of docs/algorithm.md, and what they are for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const picture = rawPicture(64, 48);
const layer = 'mixed3b';
let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(() => dreamer.dispose());

describe('an even objective', () => {
  test('of channels is the mean of their root mean squares, the quiet ones raised to a tenth of the layer', async () => {
    const answers = await dreamer.responses(layer, picture, { size: 64 });
    const mean = answers.reduce((sum, { meanSquare }) => sum + meanSquare, 0) / answers.length;
    const even = answers.map(({ meanSquare }) => Math.sqrt(meanSquare + 0.01 * mean));
    const { objective } = await dreamer.gradient(picture, { layer, equalize: 'channels' });
    expect(objective / (even.reduce((sum, value) => sum + value, 0) / even.length)).toBeCloseTo(1, 3);
  });

  test('of positions lies below that of the whole, which is what it is where all positions answer alike', async () => {
    const answers = await dreamer.responses(layer, picture, { size: 64 });
    const mean = answers.reduce((sum, { meanSquare }) => sum + meanSquare, 0) / answers.length;
    const { objective } = await dreamer.gradient(picture, { layer, equalize: 'positions' });
    expect(objective).toBeLessThan(Math.sqrt(1.01 * mean));
    expect(objective).toBeGreaterThan(0.3 * Math.sqrt(mean));
  });

  test.each(['positions', 'channels'] as const)('of %s rises when it is dreamed', async (equalize) => {
    const { objectives } = await dreamer.dream(picture, { layer, equalize, octaves: 1, iterations: 8 });
    expect(objectives.at(-1) as number).toBeGreaterThan((objectives[0] as number) * 1.02);
  });

  test('is refused for channels, where it would say nothing', async () => {
    await expect(dreamer.dream(picture, { layer, channel: 1, equalize: 'positions' })).rejects.toThrow(
      /'equalize' must be left out where channels are dreamed/,
    );
  });

  test('is in the parameters, which make the dream again', async () => {
    const dream = await dreamer.dream(picture, { layer, equalize: 'positions', octaves: 1, iterations: 2 });
    const again = await dreamer.dream(picture, JSON.parse(JSON.stringify(dream.parameters)) as typeof dream.parameters);
    expect(Buffer.from(again.data)).toEqual(Buffer.from(dream.data));
    expect(again.parameters).toEqual(dream.parameters);
    const plain = await dreamer.dream(picture, { layer, octaves: 1, iterations: 2 });
    expect(Buffer.from(plain.data)).not.toEqual(Buffer.from(dream.data));
  });
});
