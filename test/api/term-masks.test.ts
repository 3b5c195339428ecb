// Terms of an objective that are climbed each in a place of its own.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dream } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import { inJson } from '../../lib/json.js';
import type { DreamOptions } from '../../lib/options/dream-options.js';
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

test('each is climbed where its mask is, and what lies between stays as it is', async () => {
  const both = await dream([
    { ...ONE, mask: LEFT },
    { ...OTHER, mask: RIGHT },
  ]);
  const [one, other] = [await dream([ONE]), await dream([OTHER])];
  expect(change(both, 48, 80).every((each) => each === 0)).toBe(true);
  // Away from where the masks end, which the network sees across.
  const [left, right] = [change(both, 0, 32), change(both, 96, 128)];
  expect(correlation(left, change(one, 0, 32))).toBeGreaterThan(0.8);
  expect(correlation(right, change(other, 96, 128))).toBeGreaterThan(0.8);
  expect(correlation(left, change(other, 0, 32))).toBeLessThan(0.5);
  expect(correlation(right, change(one, 96, 128))).toBeLessThan(0.5);
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
])('says what is wrong with %o', async (objective, options, message) => {
  await expect(dream(objective, options)).rejects.toThrow(message);
});

test('no stream has them', async () => {
  const stream = async (): Promise<void> => {
    for await (const _ of dreamer.stream([picture], { objective: [{ ...ONE, mask: LEFT }] } as object)) return;
  };
  await expect(stream).rejects.toThrow(/'objective\[0\].mask' must be left out of a stream/);
});
