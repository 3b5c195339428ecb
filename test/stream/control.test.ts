// How a stream takes its frames, and how it ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import type { StreamedFrame, StreamInput } from '../../lib/stream/frame.js';
import { smallDreamer } from '../support/dreamers.js';
import { view } from './support/motions.js';

const OPTIONS = { layer: 'mixed3b', octaves: 2, iterations: 2 } as const;
const SIZE = { width: 120, height: 90 } as const;

let dreamer: Dreamer;
let frame: RawPicture;
beforeAll(async () => {
  dreamer = await smallDreamer();
  frame = await view({}, SIZE);
});
afterAll(() => dreamer.dispose());

describe('a source', () => {
  test('is asked for no more than is dreamed and taken, and is closed where the loop is left', async () => {
    let given = 0;
    let closed = false;
    async function* source(): AsyncGenerator<RawPicture> {
      try {
        for (;;) {
          given += 1;
          yield frame;
        }
      } finally {
        closed = true;
      }
    }
    let taken = 0;
    for await (const _ of dreamer.stream(source(), OPTIONS)) {
      taken += 1;
      await sleep(30);
      // One is taken, one waits to be, one is dreamed, one is decoded, one is asked for.
      expect(given - taken).toBeLessThanOrEqual(4);
      if (taken === 6) break;
    }
    expect(closed).toBe(true);
  });

  test('that is faster than the dream loses all but its newest frames with dropLate', async () => {
    const count = 40;
    async function* camera(): AsyncGenerator<StreamInput<number>> {
      for (let tag = 0; tag < count; tag += 1) {
        yield { picture: frame, tag };
        await sleep(5);
      }
    }
    const found: StreamedFrame<number>[] = [];
    for await (const each of dreamer.stream(camera(), { ...OPTIONS, iterations: 6, dropLate: true })) found.push(each);
    expect(found.length).toBeLessThan(count);
    expect(found[found.length - 1]?.tag).toBe(count - 1);
    for (const [place, each] of found.entries()) {
      expect(each.index).toBe(each.tag);
      const before = found[place - 1]?.index ?? -1;
      expect(each.dropped).toBe(each.index - before - 1);
    }
  });

  test('that fails ends the loop with its error, after what came before', async () => {
    async function* source(): AsyncGenerator<RawPicture> {
      yield frame;
      yield frame;
      throw new Error('The camera was unplugged.');
    }
    let taken = 0;
    const loop = async (): Promise<void> => {
      for await (const _ of dreamer.stream(source(), OPTIONS)) taken += 1;
    };
    await expect(loop()).rejects.toThrow('The camera was unplugged.');
    expect(taken).toBe(2);
  });

  test('of no frames gives none', async () => {
    for await (const _ of dreamer.stream([], OPTIONS)) expect.unreachable();
  });

  test('that is none, and options that are wrong, are refused at the call', () => {
    expect(() => dreamer.stream('frames.mp4' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_TYPE', message: expect.stringContaining('frames') }),
    );
    expect(() => dreamer.stream([], { blend: 2 })).toThrow(
      expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_RANGE', message: expect.stringContaining('blend') }),
    );
    expect(() => dreamer.stream([], { strenght: 2 } as never)).toThrow(/strength/);
    expect(() => dreamer.stream([], { from: {} as never })).toThrow(/checkpoint/);
    expect(() => dreamer.stream([], { from: { frames: -1 } })).toThrow(/checkpoint/);
  });

  test('with a frame that is no picture ends with its error', async () => {
    const loop = async (): Promise<void> => {
      for await (const _ of dreamer.stream([frame, Buffer.from('no picture')], OPTIONS));
    };
    await expect(loop()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' });
  });
});

describe('a stream', () => {
  test('ends within a step where it is aborted', async () => {
    const controller = new AbortController();
    function* endless(): Generator<RawPicture> {
      for (;;) yield frame;
    }
    const loop = async (): Promise<void> => {
      for await (const each of dreamer.stream(endless(), { ...OPTIONS, signal: controller.signal }))
        if (each.index === 3) controller.abort();
    };
    await expect(loop()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', name: 'AbortError' });
    // The Dreamer is as good as before.
    expect((await dreamer.dream(frame, OPTIONS)).width).toBe(SIZE.width);
  });

  test('ends where its Dreamer is disposed of', async () => {
    const own = await smallDreamer();
    const loop = async (): Promise<void> => {
      function* endless(): Generator<RawPicture> {
        for (;;) yield frame;
      }
      for await (const each of own.stream(endless(), OPTIONS)) if (each.index === 2) void own.dispose();
    };
    await expect(loop()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_DISPOSED' });
  });

  test('shares its device with dreams', async () => {
    const seen: string[] = [];
    const dreams = (async () => {
      for (let i = 0; i < 3; i += 1) {
        await dreamer.dream(frame, OPTIONS);
        seen.push('dream');
      }
    })();
    for await (const _ of dreamer.stream(Array(6).fill(frame), OPTIONS)) seen.push('frame');
    await dreams;
    expect(seen.indexOf('dream')).toBeLessThan(seen.lastIndexOf('frame'));
  });

  test('compiles nothing after a warm-up, whatever the rate asks for', async () => {
    const own = await smallDreamer();
    const large = await view({}, { width: 320, height: 240 });
    const options = { ...OPTIONS, iterations: 3, targetFps: 240 };
    await own.warmUpStream({ width: 320, height: 240 }, options);
    const { programsBuilt } = own.statistics();
    const shapes = new Set<string>();
    for await (const each of own.stream(Array(30).fill(large), options)) {
      shapes.add(`${each.parameters.octaves} octaves of ${each.parameters.iterations}`);
      // However small it is dreamed, it comes at its own size.
      expect([each.width, each.height, each.data.length]).toEqual([320, 240, 320 * 240 * 3]);
      expect(each.timings.programsBuilt).toBe(0);
    }
    expect(own.statistics().programsBuilt).toBe(programsBuilt);
    expect(shapes).toContain('1 octaves of 1');
    await own.dispose();
  });
});

describe('a rate', () => {
  test('is kept as far as a small picture lets, whose half no layer takes', async () => {
    const small = await view({}, { width: 48, height: 36 });
    const options = { layer: 'mixed3b', octaves: 2, iterations: 2, targetFps: 240 } as const;
    let last = 0;
    for await (const { index, width } of dreamer.stream(Array(8).fill(small), options)) {
      expect(width).toBe(48);
      last = index;
    }
    expect(last).toBe(7);
  });
});

describe('as a transform', () => {
  test('of Node, a stream dreams what is written', async () => {
    const transform = dreamer.streamTransform(OPTIONS);
    for (let tag = 0; tag < 3; tag += 1) transform.write({ picture: frame, tag });
    transform.end();
    const tags: unknown[] = [];
    for await (const each of transform) tags.push((each as StreamedFrame).tag);
    expect(tags).toEqual([0, 1, 2]);
  });

  test('of the web, it is for pipeThrough', async () => {
    const source = ReadableStream.from([0, 1, 2].map((tag) => ({ picture: frame, tag })));
    const tags: unknown[] = [];
    for await (const each of source.pipeThrough(dreamer.webStreamTransform<number>(OPTIONS))) tags.push(each.tag);
    expect(tags).toEqual([0, 1, 2]);
  });

  test('of Node, it fails with the error of the dream', async () => {
    const transform = dreamer.streamTransform(OPTIONS);
    transform.end(Buffer.from('no picture'));
    const loop = async (): Promise<void> => {
      for await (const _ of transform);
    };
    await expect(loop()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' });
  });
});
