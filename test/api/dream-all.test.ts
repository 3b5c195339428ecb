// Many pictures: what is in one batch is what it is alone, what is bad costs nothing else, and memory is bounded.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PictureProgress, PictureResult } from '../../lib/dream-all.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { PictureInput, RawPicture } from '../../lib/image/source.js';
import { smallDreamer } from '../support/dreamers.js';
import { madePicture, meanDifference, SAMPLE } from '../support/pictures.js';

const OPTIONS = { layer: 'mixed3b', channel: 2, octaves: 2, iterations: 3, seed: 5 } as const;
const FLOATS = { ...OPTIONS, depth: 'float32' } as const;
const made = (width: number, height: number, seed: number): RawPicture => ({
  data: Uint8Array.from(madePicture(width, height, seed)),
  ...{ width, height, channels: 3 },
});
const small = [1, 2, 3, 4, 5].map((seed) => made(48, 40, seed));

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(() => dreamer.dispose());

async function all<P extends PictureInput>(results: AsyncIterable<PictureResult<P>>): Promise<PictureResult<P>[]> {
  const found: PictureResult<P>[] = [];
  for await (const each of results) found.push(each);
  return found;
}

const indicesOf = (results: readonly PictureResult[]): number[] => results.map(({ index }) => index);

describe('dreams of many pictures', () => {
  test('are what each is alone, though those of one size are one batch', async () => {
    const pictures = [...small, made(40, 48, 6), made(48, 40, 7)];
    const before = dreamer.statistics().steps;
    const found = await all(dreamer.dreamAll(pictures, FLOATS));
    expect(dreamer.statistics().steps - before).toBe(6 + 6);
    expect(indicesOf(found)).toEqual([0, 1, 2, 3, 4, 6, 5]);
    for (const { index, source, dream } of found) {
      expect(source).toBe(pictures[index]);
      const alone = await dreamer.dream(source, FLOATS);
      expect(meanDifference(dream?.data as Float32Array, alone.data as Float32Array)).toBeLessThan(2e-3);
      expect(dream?.parameters).toEqual({ ...alone.parameters, batch: index === 5 ? 1 : 6 });
      expect(dream?.objectives).toHaveLength(alone.objectives.length);
    }
  });

  test('in tiles have the bytes that each has alone', async () => {
    const options = { ...OPTIONS, octaves: 1, tileSize: 32 };
    const found = await all(dreamer.dreamAll(small.slice(0, 2), options));
    for (const { source, dream } of found) {
      const alone = await dreamer.dream(source, options);
      expect(Buffer.from(dream?.data ?? [])).toEqual(Buffer.from(alone.data));
    }
  });

  test('are made on all devices of a Dreamer', async () => {
    await using both = await smallDreamer({ device: 'cpu,cpu' });
    const large = [1, 2, 3, 4].map((seed) => made(400, 300, seed));
    const before = both.statistics().programsBuilt;
    expect(await all(both.dreamAll(large, { ...OPTIONS, octaves: 1 }))).toHaveLength(4);
    // Each engine builds its own.
    expect(both.statistics().programsBuilt - before).toBe(2);
  });

  test('may be of paths and of what comes later, and keep their alpha', async () => {
    const rgba = { data: new Uint8Array(48 * 40 * 4).fill(77), width: 48, height: 40, channels: 4 } as const;
    async function* coming(): AsyncGenerator<PictureInput> {
      yield SAMPLE;
      await sleep(5);
      yield rgba;
    }
    const found = await all(dreamer.dreamAll(coming(), { ...OPTIONS, size: 48 }));
    expect(found.find(({ index }) => index === 0)?.dream?.width).toBe(48);
    expect(found.find(({ index }) => index === 1)?.dream?.alpha).toEqual(Buffer.alloc(48 * 40, 77));
    expect(indicesOf(await all(dreamer.dreamAll(Readable.from([SAMPLE]), { ...OPTIONS, size: 48 })))).toEqual([0]);
    expect(await all(dreamer.dreamAll([]))).toEqual([]);
  });

  test('tell which picture they are at', async () => {
    const seen: PictureProgress[] = [];
    await all(dreamer.dreamAll(small.slice(0, 3), { ...OPTIONS, onProgress: (progress) => seen.push(progress) }));
    expect(new Set(seen.map(({ index }) => index))).toEqual(new Set([0, 1, 2]));
    const last = seen.filter(({ index }) => index === 1).at(-1);
    expect(last).toMatchObject({ octave: 1, octaves: 2, iteration: 3, iterations: 3 });
    expect(last?.fraction).toBeCloseTo(1);
  });
});

describe('a bad picture', () => {
  test('has an error of its own, and the others their dreams', async () => {
    const pictures = ['nowhere.jpg', small[0], 7, new Uint8Array(9), made(4, 4, 1), small[1], 'https://example.org/a'];
    const found = await all(dreamer.dreamAll(pictures as PictureInput[], OPTIONS));
    const byIndex = found.sort((one, other) => one.index - other.index);
    expect(byIndex.map(({ error }) => (error as { code?: string } | undefined)?.code)).toEqual([
      'ERR_LIVEDREAM_IMAGE_UNREADABLE',
      undefined,
      'ERR_LIVEDREAM_OPTION_TYPE',
      'ERR_LIVEDREAM_IMAGE_UNREADABLE',
      'ERR_LIVEDREAM_IMAGE_TOO_SMALL',
      undefined,
      'ERR_LIVEDREAM_IMAGE_UNREADABLE',
    ]);
    expect(byIndex[1]?.dream?.width).toBe(48);
    expect(byIndex[0]?.source).toBe('nowhere.jpg');
  });

  test('does not take the others of its batch with it', async () => {
    const floats = [1, 2, 3].map((seed) => ({ ...made(48, 40, seed), data: madePicture(48, 40, seed) }));
    (floats[1] as RawPicture).data.fill(3e38);
    const found = await all(dreamer.dreamAll(floats, OPTIONS));
    expect(found.find(({ index }) => index === 1)?.error).toMatchObject({ code: 'ERR_LIVEDREAM_NOT_FINITE' });
    expect(indicesOf(found.filter(({ dream }) => dream !== undefined))).toEqual([0, 2]);
  });
});

/** Endless, and counts what was taken of it. */
function* endless(count: { taken: number; returned: boolean }, picture: RawPicture): Generator<RawPicture> {
  try {
    for (;;) {
      count.taken += 1;
      yield picture;
    }
  } finally {
    count.returned = true;
  }
}

describe('pictures without end', () => {
  const large = made(400, 300, 1);

  test('are read no further than a little ahead of what is taken, and let go of where the loop is left', async () => {
    const count = { taken: 0, returned: false };
    let results = 0;
    for await (const _ of dreamer.dreamAll(endless(count, large), { ...OPTIONS, octaves: 1, iterations: 1 })) {
      await sleep(50);
      results += 1;
      // One in hand, and places for four of this size.
      expect(count.taken).toBeLessThanOrEqual(results + 5);
      if (results === 8) break;
    }
    expect(count.returned).toBe(true);
    const { steps } = dreamer.statistics();
    await sleep(100);
    expect(dreamer.statistics().steps).toBe(steps);
  });

  test('end by a signal, with the dreams before it', async () => {
    const controller = new AbortController();
    const found: number[] = [];
    const count = { taken: 0, returned: false };
    const reading = (async () => {
      const { signal } = controller;
      for await (const { index } of dreamer.dreamAll(endless(count, large), { ...OPTIONS, signal })) {
        found.push(index);
        controller.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError', cause: new Error('enough') });
    expect(found[0]).toBe(0);
    expect(count.returned).toBe(true);
  });

  test('that do not come hold up neither those before nor an abort', async () => {
    async function* stuck(): AsyncGenerator<RawPicture> {
      yield small[0] as RawPicture;
      await new Promise(() => undefined);
    }
    const controller = new AbortController();
    const results = dreamer.dreamAll(stuck(), { ...OPTIONS, signal: controller.signal });
    expect((await results.next()).value).toMatchObject({ index: 0 });
    controller.abort();
    await expect(results.next()).rejects.toThrow(/cancelled/);
  });

  test('that end in an error give it after the dreams of those before', async () => {
    function* broken(): Generator<RawPicture> {
      yield small[0] as RawPicture;
      yield small[1] as RawPicture;
      throw new Error('the camera fell');
    }
    const results = dreamer.dreamAll(broken(), OPTIONS);
    expect([(await results.next()).value, (await results.next()).value]).toMatchObject([{ index: 0 }, { index: 1 }]);
    await expect(results.next()).rejects.toThrow('the camera fell');
  });
});

describe('what is no picture of many', () => {
  test('is refused at the call', () => {
    for (const one of [SAMPLE, new Uint8Array(9), Readable.from([Buffer.alloc(3)], { objectMode: false }), 7, null])
      expect(() => dreamer.dreamAll(one as unknown as string[])).toThrow(
        expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_TYPE' }),
      );
  });

  test('and wrong options, or a queue that is full, in the loop', async () => {
    await expect(all(dreamer.dreamAll(small, { layer: 'mixed3' }))).rejects.toThrow(/no layer 'mixed3'/);
    await expect(all(dreamer.dreamAll(small, { step: -1 }))).rejects.toThrow(/'step'/);
    await using narrow = await smallDreamer({ queueLimit: 1 });
    const both = Promise.all([all(narrow.dreamAll(small, OPTIONS)), all(narrow.dreamAll(small, OPTIONS))]);
    await expect(all(narrow.dreamAll(small, OPTIONS))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_QUEUE_FULL' });
    expect((await both).map(({ length }) => length)).toEqual([5, 5]);
  });
});
