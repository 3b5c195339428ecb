// Terms of an objective that are climbed each in a place of its own.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dream } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import { inJson } from '../../lib/json.js';
import type { DreamOptions } from '../../lib/options/dream-options.js';
import type { ObjectiveOptions } from '../../lib/options/objective.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const SIZE = { width: 128, height: 64 } as const;
const FEW = { octaves: 1, iterations: 4, step: 4, jitter: false, depth: 'float32' } as const;
const LEFT = { rectangle: { left: 0, top: 0, width: 48, height: '100%' } } as const;
const RIGHT = { rectangle: { left: 80, top: 0, width: 48, height: '100%' } } as const;
const ONE = { layer: 'mixed3a', channel: 3 } as const;
const OTHER = { layer: 'mixed3b', channel: 5 } as const;

let dreamer: Dreamer;
const picture = rawPicture(SIZE.width, SIZE.height) as RawPicture;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(async () => dreamer.dispose());

const dream = async (objective: readonly object[], options: object = {}): Promise<Dream> =>
  dreamer.dream(picture, { ...FEW, ...options, objective } as DreamOptions);

/** What was changed from one column to another. */
function change({ data }: Dream, from: number, to: number): number[] {
  return Array.from(data, (each, at) => each - ((picture.data as Uint8Array)[at] as number)).filter(
    (_, at) => Math.floor(at / 3) % SIZE.width >= from && Math.floor(at / 3) % SIZE.width < to,
  );
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, each, at) => sum + each * (y[at] as number), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

test.each([
  // A step is the same but for its length, which is that of the place alone; from there on each goes its own way.
  [1, 0.99],
  [4, 0.6],
])('each is climbed where its mask is, and what lies between stays as it is, in %i steps', async (iterations, alike) => {
  const masked = [
    { ...ONE, mask: LEFT },
    { ...OTHER, mask: RIGHT },
  ];
  const both = await dream(masked, { iterations });
  const [one, other] = [await dream([ONE], { iterations }), await dream([OTHER], { iterations })];
  expect(change(both, 48, 80).every((each) => each === 0)).toBe(true);
  // Away from where the masks end, which the network sees across.
  const [left, right] = [change(both, 0, 32), change(both, 96, 128)];
  expect(correlation(left, change(one, 0, 32))).toBeGreaterThan(alike);
  expect(correlation(right, change(other, 96, 128))).toBeGreaterThan(alike);
  expect(correlation(left, change(other, 0, 32))).toBeLessThan(0.2);
  expect(correlation(right, change(one, 96, 128))).toBeLessThan(0.2);
});

test.each<[string, object]>([
  ['through octaves', { octaves: 3, jitter: true, depth: 'uint8' }],
  ['in tiles, with coloured gradients', { octaves: 2, jitter: true, tileSize: 48, chroma: 2 }],
  ['with a palette, a limit and what holds back', { keepColour: 'palette', limit: 40, totalVariation: 0.5, l2: 0.5 }],
])('outside of all masks not a bit changes, %s', async (_name, options) => {
  const made = await dream(
    [
      { ...ONE, mask: { ...LEFT, feather: 3 } },
      { ...OTHER, mask: RIGHT },
    ],
    options,
  );
  expect(change(made, 60, 80).every((each) => each === 0)).toBe(true);
  expect(change(made, 0, 40).some((each) => each !== 0)).toBe(true);
  expect(change(made, 80, 128).some((each) => each !== 0)).toBe(true);
});

test('a warmed up dream builds nothing more', async () => {
  const objective = [{ ...ONE, mask: LEFT }, OTHER];
  await dreamer.warmUp({ ...SIZE, height: 56 }, { ...FEW, objective } as DreamOptions);
  const of = rawPicture(SIZE.width, 56);
  const { timings } = await dreamer.dream(of, { ...FEW, objective } as DreamOptions);
  expect(timings.programsBuilt).toBe(0);
});

test('pictures side by side have each its own', async () => {
  const objective = [
    { ...ONE, mask: { alpha: true } },
    { ...OTHER, mask: RIGHT, weight: 0.5 },
  ];
  const alpha = (begin: number): RawPicture => {
    const data = new Uint8Array(SIZE.width * SIZE.height * 4);
    for (let at = 0; at < SIZE.width * SIZE.height; at += 1) {
      data.set((picture.data as Uint8Array).subarray(3 * at, 3 * at + 3), 4 * at);
      data[4 * at + 3] = at % SIZE.width >= begin && at % SIZE.width < begin + 20 ? 255 : 0;
    }
    return { ...SIZE, data, channels: 4 };
  };
  const pictures = [alpha(0), alpha(40)];
  for await (const { source, dream: made, error } of dreamer.dreamAll(pictures, { ...FEW, objective } as object)) {
    if (error) throw error;
    const alone = await dreamer.dream(source, { ...FEW, objective } as DreamOptions);
    expect(made.data).toEqual(alone.data);
  }
});

test('in tiles, with a term that is everywhere, and again by its parameters', async () => {
  const terms = [{ ...ONE, mask: { ...LEFT, feather: 4 } }, OTHER];
  const first = await dream(terms, { tileSize: 48, octaves: 2, jitter: true, depth: 'uint8' });
  expect(first.parameters.objective).toMatchObject([{ mask: { ...LEFT, feather: 4 } }, { layer: 'mixed3b' }]);
  expect(first.parameters).not.toHaveProperty('mask');
  const again = await dreamer.dream(picture, JSON.parse(JSON.stringify(inJson(first.parameters))));
  expect(again.data).toEqual(first.data);
});

test.each<[readonly object[], object, RegExp]>([
  [[{ ...ONE, mask: LEFT }], { mask: RIGHT }, /'mask' must be left out where terms of the objective have masks/],
  [[ONE, { ...OTHER, mask: { rectangle: {} } }], {}, /'objective\[1\].mask.rectangle.left' must be pixels/],
  [
    [{ ...ONE, mask: { rectangle: { ...LEFT.rectangle, left: 500 } } }],
    {},
    /'objective\[0\].mask' must be a mask that lets/,
  ],
  [[{ ...ONE, mask: LEFT }], { tileSize: 32, size: 1024 }, /'tileSize' must be so large .* at most 32 tiles, not \d+/],
])('says what is wrong with %o', async (objective, options, message) => {
  await expect(dream(objective, options)).rejects.toThrow(message);
});

test('no stream, gradient or variation has them', async () => {
  const gradient = dreamer.gradient(picture, { objective: [{ ...ONE, mask: LEFT }] } as DreamOptions);
  await expect(gradient).rejects.toThrow(/'objective\[0\].mask' must be left out of a gradient/);
  const varied = async (): Promise<void> => {
    const variations = [{ objective: [{ ...ONE, mask: LEFT }] }] as unknown as readonly ObjectiveOptions[];
    for await (const _ of dreamer.variations(picture, variations)) return;
  };
  await expect(varied).rejects.toThrow(/'objective\[0\].mask' must be left out of a variation/);
  const stream = async (): Promise<void> => {
    for await (const _ of dreamer.stream([picture], { objective: [{ ...ONE, mask: LEFT }] } as object)) return;
  };
  await expect(stream).rejects.toThrow(/'objective\[0\].mask' must be left out of a stream/);
});
