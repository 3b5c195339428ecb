import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { DreamPreview } from '../../lib/index.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const SIZE = { width: 96, height: 72 };
const OPTIONS = { octaves: 2, iterations: [8, 8] };
let dreamer: Dreamer;

beforeAll(async () => {
  dreamer = await smallDreamer();
  await dreamer.warmUp(SIZE, OPTIONS);
});
afterAll(() => dreamer.dispose());

const picture = (): ReturnType<typeof rawPicture> => rawPicture(SIZE.width, SIZE.height);

/** Steps enough for a preview of each octave, however fast they are. */
async function previewsOf(options: object = {}): Promise<DreamPreview[]> {
  const previews: DreamPreview[] = [];
  await dreamer.dream(picture(), {
    octaves: 2,
    iterations: [60, 60],
    previewInterval: 20,
    onPreview: (preview) => void previews.push(preview),
    ...options,
  });
  return previews;
}

test('previews are pictures of their octaves, and grow', async () => {
  const previews = await previewsOf();
  expect(new Set(previews.map(({ octave }) => octave))).toEqual(new Set([0, 1]));
  for (const { data, width, height, channels, octaves } of previews) {
    expect([data.length, channels, octaves]).toEqual([width * height * 3, 3, 2]);
    expect(data.some((value) => value !== data[0])).toBe(true);
  }
  expect(previews.at(-1)).toMatchObject(SIZE);
  expect(previews[0]?.width).toBeLessThan(SIZE.width);
  const fractions = previews.map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
});

test('looking at a dream does not change it', async () => {
  const seen: number[] = [];
  const options = { ...OPTIONS, seed: 3 };
  const onPreview = ({ iteration }: DreamPreview): void => void seen.push(iteration);
  const looked = await dreamer.dream(picture(), { ...options, previewInterval: 20, onPreview });
  const alone = await dreamer.dream(picture(), options);
  expect(seen.length).toBeGreaterThan(0);
  expect(Buffer.from(looked.data as Uint8Array).equals(Buffer.from(alone.data as Uint8Array))).toBe(true);
  expect(looked.parameters).toEqual(alone.parameters);
});

test('the preview of an octave’s end is what the octave became', async () => {
  const previews = await previewsOf({ octaves: 1, iterations: 1 });
  const dream = await dreamer.dream(picture(), { octaves: 1, iterations: 1 });
  expect(previews).toHaveLength(1);
  expect(Buffer.from(previews[0]?.data ?? []).equals(Buffer.from(dream.data as Uint8Array))).toBe(true);
});

test('a loop that XLA compiled shows its slices', async () => {
  const compiled = await smallDreamer({ xla: true, loop: 'compiled' });
  const iterations: number[] = [];
  await compiled.dream(picture(), {
    ...{ octaves: 1, iterations: 40, previewInterval: 20 },
    onPreview: ({ iteration }) => void iterations.push(iteration),
  });
  await compiled.dispose();
  expect(iterations.length).toBeGreaterThan(0);
  expect(iterations.at(-1)).toBeLessThanOrEqual(40);
});

test('none comes before the last has been taken', async () => {
  let [calls, open] = [0, 0];
  let most = 0;
  await previewsOf({
    onPreview: async () => {
      calls += 1;
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
    },
  });
  expect(calls).toBeGreaterThan(1);
  expect(most).toBe(1);
  const never = new Promise(() => undefined);
  const controller = new AbortController();
  let held = 0;
  const dreaming = dreamer.dream(picture(), {
    octaves: 1,
    iterations: 200,
    previewInterval: 20,
    signal: controller.signal,
    onProgress: ({ iteration }) => (iteration >= 150 ? controller.abort() : undefined),
    onPreview: () => {
      held += 1;
      return never;
    },
  });
  await expect(dreaming).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
  expect(held).toBe(1);
});

test('what it throws is what the dream rejects with', async () => {
  const wrong = new Error('no more');
  const throws = (): never => {
    throw wrong;
  };
  await expect(previewsOf({ onPreview: throws })).rejects.toBe(wrong);
  await expect(previewsOf({ onPreview: async () => throws() })).rejects.toBe(wrong);
});

test.each([
  [{ onPreview: 'yes' }, 'ERR_LIVEDREAM_OPTION_TYPE'],
  [{ previewInterval: '20' }, 'ERR_LIVEDREAM_OPTION_TYPE'],
  [{ previewInterval: 1 }, 'ERR_LIVEDREAM_OPTION_RANGE'],
])('%j is refused', async (options, code) => {
  await expect(previewsOf(options)).rejects.toMatchObject({ code });
});
