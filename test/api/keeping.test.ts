// What keeps a dream near to its picture: its colours, a share of it, a limit.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dream } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import { inJson } from '../../lib/json.js';
import type { DreamOptions } from '../../lib/options/dream-options.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { meanDifference } from '../support/pictures.js';

const SIZE = { width: 72, height: 56 };
const FEW: DreamOptions = { octaves: 2, iterations: 4, step: 6, keepRange: false, seed: 3n };
const FLOATS = { ...FEW, depth: 'float32' } as const;

let dreamer: Dreamer;
const picture = rawPicture(SIZE.width, SIZE.height) as RawPicture;
const source = picture.data as Uint8Array;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(async () => dreamer.dispose());

const dream = async (options: object): Promise<Dream> => dreamer.dream(picture, options as DreamOptions);
const pixels = (data: ArrayLike<number>): number[][] =>
  Array.from({ length: data.length / 3 }, (_, at) => [0, 1, 2].map((colour) => data[3 * at + colour] as number));
const luma = ([r = 0, g = 0, b = 0]: number[]): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

test('keepColour luminance: the luma of the dream, and what colours differ from it by of the picture', async () => {
  const [plain, kept] = [await dream(FLOATS), await dream({ ...FLOATS, keepColour: 'luminance' })];
  const [dreamed, result, before] = [plain.data, kept.data, source].map(pixels) as [number[][], number[][], number[][]];
  const coloured = dreamed.map((each, at) =>
    Math.abs((each[0] ?? 0) - luma(each) - ((before[at]?.[0] ?? 0) - luma(before[at] ?? []))),
  );
  expect(Math.max(...coloured), 'the dream itself changes colours').toBeGreaterThan(5);
  result.forEach((each, at) => {
    expect(luma(each)).toBeCloseTo(luma(dreamed[at] as number[]), 2);
    for (const colour of [0, 1, 2])
      expect((each[colour] as number) - luma(each)).toBeCloseTo(
        (before[at]?.[colour] as number) - luma(before[at] as number[]),
        2,
      );
  });
});

function statistics(data: ArrayLike<number>): number[] {
  const all = pixels(data);
  const mean = [0, 1, 2].map((i) => all.reduce((sum, each) => sum + (each[i] as number), 0) / all.length);
  const covariance = [0, 1, 2].flatMap((i) =>
    [0, 1, 2].map((j) => {
      const product = (each: number[]): number =>
        ((each[i] as number) - (mean[i] as number)) * ((each[j] as number) - (mean[j] as number));
      return all.reduce((sum, each) => sum + product(each), 0) / all.length;
    }),
  );
  return [...mean, ...covariance];
}

test('keepColour palette: mean and covariance of the colours are those of the picture', async () => {
  const [plain, kept] = [await dream(FLOATS), await dream({ ...FLOATS, keepColour: 'palette' })];
  const wanted = statistics(source);
  const away = (data: ArrayLike<number>): number =>
    Math.max(
      ...statistics(data).map(
        (each, at) => Math.abs(each - (wanted[at] as number)) / (1 + Math.abs(wanted[at] as number)),
      ),
    );
  expect(away(plain.data)).toBeGreaterThan(0.05);
  expect(away(kept.data)).toBeLessThan(1e-3);
});

test('of a grey picture nothing but grey comes back, by palette as by luminance', async () => {
  const data = Uint8Array.from(source, (_, at) => source[3 * Math.floor(at / 3)] as number);
  for (const keepColour of ['luminance', 'palette'] as const) {
    const { data: result } = await dreamer.dream({ ...picture, data }, { ...FLOATS, keepColour });
    const spread = pixels(result).map((each) => Math.max(...each) - Math.min(...each));
    // What rounding a picture to bytes may be off by is taken for colour of its own.
    expect(Math.max(...spread)).toBeLessThan(keepColour === 'luminance' ? 1e-3 : 5);
  }
});

test('blend: so much of the picture, up to all of it', async () => {
  const plain = await dream(FLOATS);
  const quarter = await dream({ ...FLOATS, blend: 0.25 });
  expect(
    meanDifference(
      quarter.data,
      plain.data.map((each, at) => 0.75 * each + 0.25 * (source[at] as number)),
    ),
  ).toBeLessThan(1e-3);
  expect((await dream({ ...FEW, blend: 1 })).data).toEqual(source);
});

test('limit: no byte goes further, from the first step on', async () => {
  const limit = 10;
  const far = (data: ArrayLike<number>): number =>
    Math.max(...Array.from(data, (each, at) => Math.abs(each - (source[at] as number))));
  const held = await dream({ ...FEW, limit });
  expect(far(held.data)).toBe(limit);
  // What was only cut off in the end would be another picture.
  const { data } = await dream(FLOATS);
  const cut = data.map((each, at) => {
    const from = source[at] as number;
    return Math.round(Math.min(from + limit, Math.max(from - limit, each)));
  });
  expect(far(data)).toBeGreaterThan(2 * limit);
  expect(meanDifference(held.data, cut)).toBeGreaterThan(0.5);
  for (const keepColour of ['luminance', 'palette'] as const)
    expect(far((await dream({ ...FEW, limit, keepColour })).data)).toBe(limit);
});

test('another limit, blend or colour compiles nothing', async () => {
  await dream({ ...FEW, limit: 20 });
  const { programsBuilt } = dreamer.statistics();
  await dream({ ...FEW, limit: 40, blend: 0.5, keepColour: 'palette' });
  expect(dreamer.statistics().programsBuilt).toBe(programsBuilt);
});

test('pictures of a batch keep each its own palette', async () => {
  const other: RawPicture = { ...picture, data: source.map((each) => 255 - each) };
  const options = { ...FLOATS, keepColour: 'palette', batch: 2 } as const;
  for await (const { dream: made, source: of } of dreamer.dreamAll([picture, other], options)) {
    const [mean] = statistics((of as RawPicture).data);
    expect(statistics(made?.data ?? [])[0]).toBeCloseTo(mean as number, 1);
  }
});

test('previews look as the dream will', async () => {
  const limit = 5;
  const apart: number[] = [];
  await dreamer.dream(picture, {
    ...FEW,
    ...{ limit, octaves: 1, previewInterval: 20, iterations: 40 },
    onPreview: ({ data }) => apart.push(Math.max(...data.map((each, at) => Math.abs(each - (source[at] as number))))),
  });
  expect(apart.length).toBeGreaterThan(0);
  expect(Math.max(...apart)).toBeLessThanOrEqual(limit);
});

test('parameters hold them, by way of JSON too, and none that is as it would be anyway', async () => {
  const asked = { keepColour: 'palette', blend: 0.3, limit: 30 } as const;
  const first = await dream({ ...FEW, ...asked });
  expect(first.parameters).toMatchObject(asked);
  const again = await dreamer.dream(picture, JSON.parse(JSON.stringify(inJson(first.parameters))));
  expect(again.data).toEqual(first.data);
  const { parameters } = await dream({ ...FEW, blend: 0 });
  for (const name of [...Object.keys(asked), 'totalVariation', 'l2', 'tileable'])
    expect(parameters).not.toHaveProperty(name);
});

test('a stream keeps colours and limits; its blend is another, and it is no texture', async () => {
  const options = { ...FEW, iterations: 2, keepColour: 'luminance', limit: 12 } as const;
  let count = 0;
  for await (const made of dreamer.stream([picture, picture], options)) {
    count += 1;
    const far = Math.max(...Array.from(made.data, (each, at) => Math.abs(each - (source[at] as number))));
    expect(far).toBeLessThanOrEqual(12);
    expect(far).toBeGreaterThan(3);
  }
  expect(count).toBe(2);
  const refused = async (): Promise<unknown> => {
    for await (const _ of dreamer.stream([picture], { ...FEW, tileable: true } as object)) return undefined;
    return undefined;
  };
  await expect(refused).rejects.toThrow(/'tileable' must be left out of a stream/);
});

test.each([
  [{ keepColour: 'hue' }, /'keepColour' must be one of 'none', 'luminance', 'palette'/],
  [{ blend: 1.5 }, /'blend' must be a number from 0 to 1/],
  [{ limit: 0 }, /'limit' must be a whole number from 1 to 255 of 255/],
  [{ limit: 2.5 }, /'limit' must be a whole number/],
])('says what is wrong with %o', async (wrong, message) => {
  await expect(dream(wrong)).rejects.toThrow(message);
});
