// The small parts of reading and writing films.
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FrameClock } from '../../lib/cli/video-progress.js';
import { ahead } from '../../lib/video/ahead.js';
import { coloursOf, withColours } from '../../lib/video/dream-frames.js';
import type { Frame } from '../../lib/video/frame.js';
import { FrameTimes } from '../../lib/video/frame-times.js';
import { inOneLine } from '../../lib/video/process.js';
import { nanoseconds, parseRational } from '../../lib/video/rational.js';

describe('ahead', () => {
  async function* numbers(made: number[], fails = Number.POSITIVE_INFINITY): AsyncGenerator<number, void, undefined> {
    try {
      for (let number = 0; number < 6; number += 1) {
        if (number === fails) throw new Error('no more');
        made.push(number);
        yield number;
      }
    } finally {
      made.push(-1);
    }
  }

  test('makes so many before they are taken, and no more', async () => {
    const made: number[] = [];
    const taken: number[] = [];
    for await (const number of ahead(numbers(made), 2)) {
      await sleep(5);
      taken.push(number);
      expect(made.filter((each) => each >= 0).length).toBe(Math.min(6, taken.length + 2));
    }
    expect(taken).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('ends the making where the loop is left, and gives what came before an error', async () => {
    const made: number[] = [];
    for await (const number of ahead(numbers(made), 2)) if (number === 1) break;
    expect(made.at(-1)).toBe(-1);
    const taken: number[] = [];
    const failing = async (): Promise<void> => {
      for await (const number of ahead(numbers([], 3), 2)) taken.push(number);
    };
    await expect(failing()).rejects.toThrow('no more');
    expect(taken).toEqual([0, 1, 2]);
  });
});

describe('times', () => {
  test('are read by the tick, and go on where one is unknown or goes back', async () => {
    const stream = new PassThrough();
    stream.end(
      '#software: x\n#tb 0: 1/30000\n0, 0, 0, 1001, 472, 0xa7\n0, 1, 2002, 1001, 4, 0x1\n0, 3, NOPTS, 0, 4, 0x1\n0, 4, 5, -3, 4, 0x1\n',
    );
    const times = new FrameTimes(stream);
    const read = [await times.next(), await times.next(), await times.next(), await times.next(), await times.next()];
    expect(times.clock).toEqual({ num: 1, den: 30_000 });
    expect(read.map((each) => each?.time)).toEqual([0n, 2002n, 2003n, 2004n, undefined]);
    expect(read.map((each) => each?.length)).toEqual([1001n, 1001n, 0n, 0n, undefined]);
  });

  test('can be had back from nanoseconds', () => {
    for (const clock of [
      { num: 1001, den: 30_000 },
      { num: 1, den: 90_000 },
      { num: 1, den: 1_000_000 },
    ])
      for (const ticks of [0n, 1n, 7n, 123_456_789n]) {
        const back =
          (nanoseconds(ticks, clock) * BigInt(clock.den) + 500_000_000n * BigInt(clock.num)) /
          (BigInt(clock.num) * 1_000_000_000n);
        expect(back).toBe(ticks);
      }
    expect(nanoseconds(-1n, { num: 1, den: 3 })).toBe(-333_333_333n);
  });

  test('of a rate', () => {
    expect(parseRational('30000/1001')).toEqual({ num: 30_000, den: 1001 });
    expect(parseRational('4:3')).toEqual({ num: 4, den: 3 });
    for (const none of ['0/0', '0:1', '25', '', undefined]) expect(parseRational(none)).toBeUndefined();
  });
});

describe('colours', () => {
  const shape = { width: 2, height: 1, time: 0n, length: 1n } as const;

  test('of 16 bits are dreamed as floats and come back as they were, transparency beside', () => {
    const words = Uint16Array.from([0, 257, 65_535, 12_345, 1, 2, 3, 4]);
    // At an odd place, as it may lie in a larger buffer.
    const odd = Buffer.alloc(17);
    odd.set(new Uint8Array(words.buffer), 1);
    const frame: Frame = { ...shape, channels: 4, bits: 16, data: odd.subarray(1) };
    const colours = coloursOf(frame);
    expect([...colours.data].map((value) => Math.round(value * 257))).toEqual([0, 257, 65_535, 1, 2, 3]);
    expect(withColours(frame, colours.data as Float32Array).data.equals(Buffer.from(words.buffer))).toBe(true);
    const beyond = withColours(frame, Float32Array.from([-3, 300, 0, 255, 128, 1]));
    expect([...new Uint16Array(beyond.data.buffer, beyond.data.byteOffset, 8)]).toEqual([
      0, 65_535, 0, 12_345, 65_535, 32_896, 257, 4,
    ]);
  });

  test('of 8 bits leave transparency as it is', () => {
    const frame: Frame = { ...shape, channels: 4, bits: 8, data: Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]) };
    expect([...coloursOf(frame).data]).toEqual([1, 2, 3, 5, 6, 7]);
    expect([...withColours(frame, Uint8Array.from([9, 9, 9, 8, 8, 8])).data]).toEqual([9, 9, 9, 4, 8, 8, 8, 8]);
  });
});

test('progress tells frames a second of those that are dreamed now, and the time that is left', () => {
  let now = 0;
  const clock = new FrameClock(100, () => now);
  now = 9000;
  clock.begin();
  expect(clock.at(40, 0)).toEqual({ fraction: 0.4, text: 'frame 40/100' });
  now = 14_000;
  expect(clock.at(50, 10)).toEqual({ fraction: 0.5, text: 'frame 50/100, 2.00 frames/s, 25 s left' });
  expect(clock.at(120, 80)).toEqual({ fraction: 1, text: 'frame 120/120, 16.0 frames/s, 0 s left' });
  const unknown = new FrameClock(undefined, () => now);
  unknown.begin();
  now += 1_000_000;
  expect(unknown.at(1, 1)).toEqual({ fraction: 0, text: 'frame 1, 0.00100 frames/s' });
  const slow = new FrameClock(4000, () => now);
  slow.begin();
  now += 1000;
  expect(slow.at(1, 1).text).toBe('frame 1/4000, 1.00 frames/s, 1 h 7 min left');
});

test('what ffmpeg says is one line without addresses', () => {
  expect(inOneLine('[mov @ 0x55d0c8] moov atom not found\r\nfile:a: Invalid data\n\nfile:a: Invalid data\n')).toBe(
    'moov atom not found; file:a: Invalid data',
  );
});
