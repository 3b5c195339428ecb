// A dream whose terms have masks is made again, with the files that its parameters know by hash alone.
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { recipeOf } from '../../lib/recipe/recipe-of.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { replay } from '../../lib/replay/replay.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const SIZE = { width: 72, height: 56 } as const;
const photo = rawPicture(SIZE.width, SIZE.height);

let dreamer: Dreamer;
let left: Buffer;
let right: Buffer;

const half = async (begin: number): Promise<Buffer> => {
  const data = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => {
    const x = at % SIZE.width;
    return x >= begin && x < begin + SIZE.width / 2 ? 255 : 0;
  });
  return sharp(data, { raw: { ...SIZE, channels: 1 } })
    .png()
    .toBuffer();
};

beforeAll(async () => {
  dreamer = await smallDreamer();
  [left, right] = [await half(0), await half(SIZE.width / 2)];
});
afterAll(() => dreamer.dispose());

const dreamed = async (): Promise<Buffer> => {
  const objective = [
    { layer: 'mixed3a', channel: 3, mask: { picture: left, feather: 4 } },
    { layer: 'mixed3b', channel: 5, mask: right },
    { layer: 'mixed3b', channel: 6, weight: 0.5, mask: { ellipse: { x: 30, y: 20, radiusX: 9, radiusY: 9 } } },
  ];
  const dream = await dreamer.dream(photo, { objective, octaves: 2, iterations: 2 });
  return dream.toBuffer('png');
};

test('the masks are asked for by their hashes, and taken in any order', async () => {
  const written = await dreamed();
  const parameters = await readParameters(written);
  expect(JSON.stringify(parameters)).not.toContain(left.toString('base64').slice(0, 40));
  expect(parameters.objective).toMatchObject([
    { mask: { picture: { of: 'bytes', ...SIZE }, feather: 4 } },
    { mask: { picture: { of: 'bytes', ...SIZE } } },
    { mask: { ellipse: { x: 30 } } },
  ]);
  const again = await replay(dreamer, photo, parameters, { masks: [right, left] });
  expect((await again.toBuffer('png')).equals(written)).toBe(true);
  await expect(replay(dreamer, photo, parameters)).rejects.toThrow(
    /'masks' must be given .*'objective\[0\]\.mask' was the picture/,
  );
  await expect(replay(dreamer, photo, parameters, { masks: [left] })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_REPLAY_DIFFERS',
    message: expect.stringMatching(/'objective\[1\]\.mask' was the picture of SHA-256 [0-9a-f]{64}/),
  });
  const forced = await replay(dreamer, photo, parameters, { masks: [left], force: true });
  expect((await forced.toBuffer('png')).equals(written)).toBe(false);
  expect(recipeOf(parameters).options.objective).toMatchObject([
    { mask: { picture: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } } },
    { mask: { picture: {} } },
    { mask: { ellipse: {} } },
  ]);
});

test('masks that no term had are refused', async () => {
  const dream = await dreamer.dream(photo, { objective: [{ layer: 'mixed3a' }], octaves: 1, iterations: 1 });
  const parameters = await readParameters(await dream.toBuffer('png'));
  await expect(replay(dreamer, photo, parameters, { masks: [left] })).rejects.toThrow(/'masks' must be left out/);
});
