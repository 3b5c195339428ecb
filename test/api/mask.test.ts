// Where to dream and how strongly: outside a mask the picture stays as it is, bit by bit.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dream } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import { inJson } from '../../lib/json.js';
import type { DreamOptions } from '../../lib/options/dream-options.js';
import type { Mask } from '../../lib/options/mask.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const SIZE = { width: 72, height: 56 } as const;
const FEW = { octaves: 3, iterations: 3, step: 5, tileSize: 512 } as const;

let dreamer: Dreamer;
const folder = mkdtempSync(path.join(os.tmpdir(), 'livedream-mask-'));
const picture = rawPicture(SIZE.width, SIZE.height) as RawPicture;
const source = picture.data as Uint8Array;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(async () => {
  await dreamer.dispose();
  rmSync(folder, { recursive: true });
});

const dream = async (mask: Mask, options: DreamOptions = {}): Promise<Dream> =>
  dreamer.dream(picture, { ...FEW, ...options, mask } as DreamOptions);

/** How many pixels are other than before, of those that are inside and of those that are not. */
function changed(
  data: ArrayLike<number>,
  inside: (x: number, y: number) => boolean,
): { within: number; outside: number } {
  const count = { within: 0, outside: 0 };
  for (let at = 0; at < SIZE.width * SIZE.height; at += 1) {
    const other = [0, 1, 2].some((colour) => data[3 * at + colour] !== source[3 * at + colour]);
    if (other) count[inside(at % SIZE.width, Math.floor(at / SIZE.width)) ? 'within' : 'outside'] += 1;
  }
  return count;
}

const RECTANGLE = { left: 20, top: '25%', width: '25%', height: 14 } as const;
const inRectangle = (x: number, y: number): boolean => x >= 20 && x < 38 && y >= 14 && y < 28;
const EVERY = 18 * 14;

describe('outside a rectangle every byte stays', () => {
  const cases: Record<string, DreamOptions> = {
    'through octaves': {},
    'in tiles': { tileSize: 32, octaves: 2 },
    "with the picture's luminance": { keepColour: 'luminance' },
    "with the picture's palette": { keepColour: 'palette' },
    'blended, limited and held back': { blend: 0.2, limit: 40, totalVariation: 0.5, l2: 0.5 },
    normalized: { normalize: 'laplacian' },
    'and in floats': { depth: 'float32', keepRange: false },
  };
  test.each(Object.entries(cases))('%s', async (_name, options) => {
    const { data } = await dream({ rectangle: RECTANGLE }, options);
    const { within, outside } = changed(data, inRectangle);
    expect(outside).toBe(0);
    expect(within).toBeGreaterThan(0.95 * EVERY);
  });

  test('and in the file', async () => {
    const file = path.join(folder, 'dream.png');
    await (await dream({ rectangle: RECTANGLE })).toFile(file);
    expect(changed(await sharp(file).raw().toBuffer(), inRectangle).outside).toBe(0);
  });
});

test('inverted, every byte stays inside', async () => {
  const { data } = await dream({ rectangle: RECTANGLE, invert: true });
  const { within, outside } = changed(data, (x, y) => !inRectangle(x, y));
  expect(outside).toBe(0);
  expect(within).toBeGreaterThan(0.95 * (SIZE.width * SIZE.height - EVERY));
});

test('an ellipse is one, and a feather fades its edge', async () => {
  const ellipse = { x: '50%', y: '50%', radiusX: 16, radiusY: 12 } as const;
  const away = (x: number, y: number): number => Math.hypot((x + 0.5 - 36) / 16, (y + 0.5 - 28) / 12);
  const hard = changed((await dream({ ellipse })).data, (x, y) => away(x, y) < 1.1);
  expect(hard.outside).toBe(0);
  expect(hard.within).toBeGreaterThan(0.95 * Math.PI * 16 * 12);
  const soft = changed((await dream({ ellipse, feather: 8 })).data, (x, y) => away(x, y) < 1.1);
  expect(soft.outside).toBeGreaterThan(100);
});

test('a grey picture is the strength of the step', async () => {
  const grey = (value: number): RawPicture => ({
    ...SIZE,
    channels: 1,
    data: new Uint8Array(SIZE.width * SIZE.height).fill(value),
  });
  const options = { octaves: 1, iterations: 1, depth: 'float32', keepRange: false } as const;
  const full = (await dreamer.dream(picture, { ...FEW, ...options })).data;
  const third = (await dream(grey(85), options)).data;
  full.forEach((each, at) => {
    const from = source[at] as number;
    expect((third[at] as number) - from).toBeCloseTo((each - from) / 3, 2);
  });
  expect((await dream(grey(255), options)).data).toEqual(full);
});

test("the picture's own alpha, and that of another one", async () => {
  const alpha = (at: number): number => (inRectangle(at % SIZE.width, Math.floor(at / SIZE.width)) ? 255 : 0);
  const data = Uint8Array.from({ length: 4 * SIZE.width * SIZE.height }, (_, at) =>
    at % 4 === 3 ? alpha(Math.floor(at / 4)) : (source[3 * Math.floor(at / 4) + (at % 4)] as number),
  );
  const rgba: RawPicture = { ...SIZE, channels: 4, data };
  const own = await dreamer.dream(rgba, { ...FEW, mask: { alpha: true } });
  const other = await dream({ picture: rgba, channel: 'alpha' });
  expect(changed(own.data, inRectangle).outside).toBe(0);
  expect(own.data).toEqual(other.data);
});

test('a mask of another size is resized, and that is said', async () => {
  const mask: RawPicture = {
    width: 36,
    height: 28,
    channels: 1,
    data: Uint8Array.from({ length: 36 * 28 }, (_, at) => (at % 36 < 18 ? 255 : 0)),
  };
  const { data, warnings } = await dream(mask);
  expect(changed(data, (x) => x <= 36).outside).toBe(0);
  expect(warnings).toEqual(["'mask' has 36 x 28 pixels and was resized to the picture's 72 x 56."]);
  expect((await dream({ rectangle: RECTANGLE })).warnings).toEqual([]);
});

test('a mask is made again by its parameters; of a picture they hold the hash alone', async () => {
  const shaped = await dream({ rectangle: RECTANGLE, feather: 3, invert: true });
  expect(shaped.parameters.mask).toEqual({ rectangle: RECTANGLE, feather: 3, invert: true });
  const json = JSON.parse(JSON.stringify(inJson(shaped.parameters)));
  expect((await dreamer.dream(picture, json)).data).toEqual(shaped.data);

  const file = path.join(folder, 'private-name.png');
  await sharp({ create: { ...SIZE, channels: 3, background: '#808080' } })
    .png()
    .toFile(file);
  const drawn = await dream({ picture: file, feather: 2 });
  expect(JSON.stringify(inJson(drawn.parameters))).not.toContain('private-name');
  const { sha256 } = (drawn.parameters.mask as { picture: { sha256: string } }).picture;
  const recorded = JSON.parse(JSON.stringify(inJson(drawn.parameters)));
  await expect(dreamer.dream(picture, recorded)).rejects.toThrow(
    `'mask' must be given: the picture of SHA-256 ${sha256}`,
  );
  const again = await dreamer.dream(picture, { ...recorded, mask: { ...recorded.mask, picture: file } });
  expect(again.data).toEqual(drawn.data);
});

test('all pictures of dreamAll and all variations have the mask', async () => {
  const mask = { rectangle: RECTANGLE } as const;
  for await (const { dream: made } of dreamer.dreamAll([picture, picture], { ...FEW, mask }))
    expect(changed(made?.data ?? [], inRectangle)).toMatchObject({ outside: 0 });
  const channels = [{ channel: 1 }, { channel: 2 }].map((each) => ({ layer: 'mixed3b', ...each }));
  let count = 0;
  for await (const { dream: made } of dreamer.variations(picture, channels, { ...FEW, mask })) {
    count += 1;
    expect(changed(made.data, inRectangle).outside).toBe(0);
    expect(made.parameters.mask).toEqual(mask);
  }
  expect(count).toBe(2);
});

test('another mask compiles nothing', async () => {
  await dream({ rectangle: RECTANGLE });
  const { programsBuilt } = dreamer.statistics();
  await dream({ ellipse: { x: 30, y: 30, radiusX: 9, radiusY: 9 }, feather: 4 });
  expect(dreamer.statistics().programsBuilt).toBe(programsBuilt);
});

const black: RawPicture = { ...SIZE, channels: 1, data: new Uint8Array(SIZE.width * SIZE.height) };
test.each<[unknown, RegExp]>([
  [black, /'mask' must be a mask that lets something be dreamed, not one that is 0 in all of a picture of 72 x 56/],
  [{ rectangle: { ...RECTANGLE, left: 100 } }, /'mask' must be a mask that lets something be dreamed/],
  [{ rectangle: { ...RECTANGLE, width: 0 } }, /'mask.rectangle.width' must be pixels, or a share/],
  [{ rectangle: { left: 1 } }, /'mask.rectangle.top' must be pixels/],
  [{ ellipse: { x: '5', y: 1, radiusX: 1, radiusY: 1 } }, /'mask.ellipse.x' must be pixels, or a share such as '25%'/],
  [{ ellipse: {}, rectangle: RECTANGLE }, /'mask.ellipse' must be left out where 'rectangle' is given/],
  [{ rectangle: RECTANGLE, channel: 'alpha' }, /'mask.channel' must be left out where there is no 'picture'/],
  [{ rectangle: RECTANGLE, fether: 2 }, /'mask.fether' must be left out.*did you mean 'feather'/],
  [{ rectangle: RECTANGLE, feather: -1 }, /'mask.feather' must be a number from 0 to 2000 pixels/],
  [{ alpha: true }, /'mask.alpha' must be left out of a picture without an alpha channel/],
  [{ picture: black, channel: 'alpha' }, /'mask.channel' must be 'grey' of a picture without an alpha channel/],
  [5, /'mask' must be a picture, or an object/],
  ['no-such-mask.png', /no-such-mask.png.*there is no such file/],
])('says what is wrong with %o', async (mask, message) => {
  await expect(dream(mask as Mask)).rejects.toThrow(message);
});

test('no stream and no variation has one of its own', async () => {
  const mask = { rectangle: RECTANGLE } as const;
  const stream = async (): Promise<void> => {
    for await (const _ of dreamer.stream([picture], { ...FEW, mask } as object)) return;
  };
  await expect(stream).rejects.toThrow(/'mask' must be left out of a stream/);
  const varied = async (): Promise<void> => {
    for await (const _ of dreamer.variations(picture, [{ mask } as object])) return;
  };
  await expect(varied).rejects.toThrow(/'mask' must be left out of a variation/);
});
