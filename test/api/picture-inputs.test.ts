// Pictures that are read while a call is under way: in which order, how far, and how that is stopped.
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import vm from 'node:vm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dream, type DreamParts } from '../../lib/dream.js';
import type { Dreamer } from '../../lib/dreamer.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { madePicture } from '../support/pictures.js';

const QUICK = { octaves: 1, iterations: 1 } as const;
let dreamer: Dreamer;
let png: Buffer;
beforeAll(async () => {
  dreamer = await smallDreamer({ queueLimit: 1, memoryLimit: 2 ** 28 });
  const pixels = Uint8Array.from(madePicture(64, 48));
  png = await sharp(pixels, { raw: { width: 64, height: 48, channels: 3 } })
    .png()
    .toBuffer();
});
afterAll(async () => dreamer.dispose());

/** A stream that begins and then gives nothing, and whether it has been let go of. */
function hanging(): { node: Readable; web: ReadableStream; cancelled: () => unknown } {
  let cancelled: unknown;
  const node = new Readable({ read: () => undefined });
  node.push(png.subarray(0, 10));
  const web = new ReadableStream({
    start: (controller) => controller.enqueue(png.subarray(0, 10)),
    cancel: (reason) => {
      cancelled = reason;
    },
  });
  return { node, web, cancelled: () => cancelled };
}

test('a stream, a Blob and a URL are dreamed as the bytes are', async () => {
  const { data: expected } = await dreamer.dream(png, QUICK);
  for (const input of [Readable.from([png]), new Blob([png]), new Blob([png]).stream(), Uint8Array.from(png).buffer]) {
    const { data } = await dreamer.dream(input, QUICK);
    expect(Buffer.from(data.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
  }
  const { width } = await dreamer.gradient(Readable.from([png]), QUICK);
  expect(width).toBe(64);
});

describe('a stream', () => {
  test('is not touched where there is no place in the queue', async () => {
    const admitted = [1, 2].map(() => dreamer.dream(rawPicture(64, 64), QUICK));
    const { node, web } = hanging();
    for (const stream of [node, web])
      await expect(dreamer.dream(stream, QUICK)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_QUEUE_FULL' });
    expect([node.listenerCount('error'), node.destroyed, web.locked]).toEqual([0, false, false]);
    await Promise.all(admitted);
    node.push(png.subarray(10));
    node.push(null);
    expect(await dreamer.dream(node, QUICK)).toMatchObject({ width: 64, height: 48 });
  });

  test('is let go of on abort, and so is its place', async () => {
    const { node, web, cancelled } = hanging();
    const reason = new Error('enough');
    for (const stream of [node, web]) {
      const controller = new AbortController();
      const dream = dreamer.dream(stream, { ...QUICK, signal: controller.signal });
      setTimeout(() => controller.abort(reason), 20);
      await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', cause: reason });
    }
    await nextTurn();
    expect([node.destroyed, cancelled()]).toEqual([true, reason]);
    const both = [1, 2].map(() => dreamer.dream(rawPicture(64, 64), QUICK));
    expect(await Promise.all(both)).toHaveLength(2);
  });

  test('is read up to the memory limit', async () => {
    const small = await smallDreamer({ memoryLimit: 2 ** 24 });
    const node = new Readable({ read: () => void node.push(Buffer.alloc(2 ** 16)) });
    await expect(small.dream(node, QUICK)).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
      message: expect.stringMatching(/at most 16777216 are read.*larger memoryLimit/),
    });
    expect(node.destroyed).toBe(true);
    await small.dispose();
  });

  test('that fails at once does not end the process', async () => {
    const cause = new Error('gone');
    const node = new Readable({ read: () => undefined });
    const dream = dreamer.dream(node, { ...QUICK, layer: 'mixed3a' });
    node.destroy(cause);
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE', cause });
  });
});

test('floats beyond 0..255 are resized and dreamed', async () => {
  const data = Float32Array.from(madePicture(64, 48), (value) => value * 1.5 - 60);
  const dream = await dreamer.dream(
    { data, width: 64, height: 48, channels: 3 },
    { ...QUICK, size: 32, depth: 'float32' },
  );
  expect(dream).toMatchObject({ width: 32, height: 24 });
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value / values.length, 0);
  // It was black: a mean of 0 and a step.
  expect(Math.abs(mean(dream.data) - mean(data))).toBeLessThan(10);
});

describe('a dream', () => {
  const parts = (width: number, height: number, data?: DreamParts['data']): DreamParts =>
    ({
      width,
      height,
      data: data ?? new Uint8Array(width * height * 3),
      objectives: [],
      choice: {},
    }) as unknown as DreamParts;

  test('too large for a format is refused with the limit', async () => {
    for (const [format, most] of [
      ['webp', 16_383],
      ['avif', 16_384],
      ['jpeg', 65_500],
    ] as const) {
      const refused = {
        code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
        message: expect.stringMatching(new RegExp(`1 x ${most + 1} pixels.*at most ${most} on a side`)),
      };
      const dream = new Dream(parts(1, most + 1));
      await expect(dream.toBuffer(format)).rejects.toMatchObject(refused);
      await expect(dream.toFile(`none/a.${format}`)).rejects.toMatchObject(refused);
      // What is at the limit is within it.
      expect((await sharp(await new Dream(parts(1, most)).toBuffer(format)).metadata()).height).toBe(most);
    }
    const { height } = await sharp(await new Dream(parts(1, 65_536)).toBuffer('tiff')).metadata();
    expect(height).toBe(65_536);
  });

  test('may have arrays of another realm, as the addon gives them in jest', async () => {
    const bytes = vm.runInNewContext('new Uint8Array(12).fill(77)') as Uint8Array;
    expect([...(await new Dream(parts(2, 2, bytes)).toSharp().raw().toBuffer())]).toEqual([...bytes]);
    const floats = vm.runInNewContext('new Float32Array(12)') as Float32Array;
    expect(() => new Dream(parts(2, 2, floats)).toSharp()).toThrow(/depth 'float32'/);
  });
});
