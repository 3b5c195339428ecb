// Where batches are measured and where not, and what a Dreamer does with what was.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import type { LoadOptions } from '../../lib/load-options.js';
import type { TuningPlace } from '../../lib/tuning/key.js';
import { candidates, guessedBatch, mayPay, sizeClass } from '../../lib/tuning/rule.js';
import { Tuning, type Work } from '../../lib/tuning/tuning.js';
import { smallDreamer } from '../support/dreamers.js';
import { madePicture, meanDifference } from '../support/pictures.js';

const square = (side: number): { width: number; height: number } => ({ width: side, height: side });
const CPU = { device: 'CPU:0', xla: false };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-tuning-'));
  vi.stubEnv('LIVEDREAM_TUNING', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('the rule', () => {
  test('measures only where a batch was ever faster', () => {
    expect(mayPay(CPU, square(320))).toBe(true);
    expect(mayPay(CPU, square(480))).toBe(false);
    expect(candidates(CPU, square(480))).toEqual([1]);
    expect(candidates({ ...CPU, xla: true }, square(160))).toEqual([1]);
    expect(candidates({ device: 'GPU:0', xla: true }, square(512))).toEqual([1, 2, 4, 8]);
    expect(candidates(CPU, square(80))).toEqual([1, 2, 4, 8, 16]);
  });

  test('guesses what is measured of most networks', () => {
    expect([80, 160, 224, 480].map((side) => guessedBatch(CPU, square(side)))).toEqual([32, 10, 5, 1]);
    expect(guessedBatch({ ...CPU, xla: true }, square(160))).toBe(1);
  });

  test('takes sizes together that are alike', () => {
    expect(sizeClass({ width: 200, height: 120 })).toBe(sizeClass(square(160)));
    expect(sizeClass(square(160))).not.toBe(sizeClass(square(112)));
  });
});

const place = (side: number, layer = 'mixed3b'): TuningPlace => ({
  ...{
    device: 'CPU:0',
    mode: { xla: false, precision: 'float32', rewrites: [] },
    layer: { name: layer },
    tile: square(side),
  },
});
const facts = { network: 'abc', library: '2.21.0', threads: 0 };

function work(given: Partial<Work> = {}): Work & { tried: number[] } {
  const tried: number[] = [];
  const trial = async (batch: number): Promise<{ step: number; compile: number }> => {
    tried.push(batch);
    return { step: batch === 4 ? 2 * batch : 10 * batch, compile: 50 };
  };
  return { steps: 20, tiles: 1000, fits: () => true, trial, hear: (other) => other, ...given, tried };
}

describe('a measurement', () => {
  test('is made once, also by calls that come together, and kept for other processes', async () => {
    const tuning = await Tuning.load(facts);
    expect([tuning.batch(place(160)), tuning.measuredBatch(place(160))]).toEqual([10, 1]);
    const one = work();
    const other = work();
    await Promise.all([tuning.look(place(160), one), tuning.look(place(160), other)]);
    expect(one.tried.length).toBeGreaterThan(3);
    expect(other.tried).toEqual([]);
    for (const each of [tuning, await Tuning.load(facts)]) {
      expect([each.batch(place(160)), each.measuredBatch(place(160))]).toEqual([4, 4]);
      await each.look(place(150), other);
      expect(other.tried).toEqual([]);
      expect(each.batch(place(160, 'mixed3a'))).toBe(10);
    }
    const others = await Promise.all([
      Tuning.load({ ...facts, network: 'def' }),
      Tuning.load({ ...facts, library: '2.22.0' }),
      Tuning.load({ ...facts, threads: 1 }),
    ]);
    expect(others.map((each) => each.batch(place(160)))).toEqual([10, 10, 10]);
  });

  test('is not made for little work, for large tiles, or where it is off', async () => {
    const tuning = await Tuning.load(facts);
    const little = work({ tiles: 3 });
    await tuning.look(place(160), little);
    expect(little.tried).toEqual([]);
    const some = work({ tiles: 30 });
    await tuning.look(place(160), some);
    await tuning.look(place(160), some);
    expect(some.tried).toEqual([1, 1]);
    const large = work();
    await tuning.look(place(480), large);
    vi.stubEnv('LIVEDREAM_TUNING', 'off');
    await (await Tuning.load(facts)).look(place(160), large);
    expect(large.tried).toEqual([]);
  });

  test('tries no more than memory lets', async () => {
    const limited = work({ fits: (batch) => batch <= 2 });
    await (await Tuning.load(facts)).look(place(160), limited);
    expect(new Set(limited.tried)).toEqual(new Set([1, 2]));
  });

  test('that fails is made again by the next', async () => {
    const tuning = await Tuning.load(facts);
    const failing = work({ trial: () => Promise.reject(new Error('cancelled')) });
    await expect(tuning.look(place(160), failing)).rejects.toThrow('cancelled');
    await tuning.look(place(160), work());
    expect(tuning.batch(place(160))).toBe(4);
  });

  test('that another call gives up is made by the one that waits for it', async () => {
    const tuning = await Tuning.load(facts);
    let cancel = (_: Error): void => undefined;
    const trial = (): Promise<never> =>
      new Promise((_, reject) => {
        cancel = reject;
      });
    const first = tuning.look(place(160), work({ trial }));
    const waiting = work();
    const second = tuning.look(place(160), waiting);
    cancel(new Error('cancelled'));
    await expect(first).rejects.toThrow('cancelled');
    await second;
    expect(waiting.tried.length).toBeGreaterThan(3);
    expect(tuning.batch(place(160))).toBe(4);
  });

  test('of another call is waited for no longer than the work is wanted', async () => {
    const tuning = await Tuning.load(facts);
    const never = new Promise<never>(() => undefined);
    void tuning.look(place(160), work({ trial: () => never }));
    const hear = (other: Promise<void>): Promise<void> => Promise.race([other, Promise.reject(new Error('stopped'))]);
    await expect(tuning.look(place(160), work({ hear }))).rejects.toThrow('stopped');
  });
});

describe('a Dreamer', () => {
  const OPTIONS = { layer: 'mixed3b', channel: 2, octaves: 1, iterations: 40, depth: 'float32' } as const;
  const pictures = Array.from({ length: 24 }, (_, seed): RawPicture => {
    return { data: Uint8Array.from(madePicture(96, 96, seed)), width: 96, height: 96, channels: 3 };
  });
  const dreamers: Dreamer[] = [];
  afterAll(() => Promise.all(dreamers.map((each) => each.dispose())));

  async function dreamAll(options: object, load: LoadOptions = {}): Promise<number[]> {
    const dreamer = await smallDreamer(load);
    dreamers.push(dreamer);
    const found: number[] = [];
    for await (const { dream } of dreamer.dreamAll(pictures, { ...OPTIONS, ...options }))
      found.push(dream?.parameters.batch ?? 0);
    return found;
  }

  test('measures when there are many pictures, and uses what was measured', async () => {
    // So much work that measuring is always worth it, given up at its first step; and room for few, so that little is tried.
    const controller = new AbortController();
    const much = { iterations: 10_000, signal: controller.signal, onProgress: () => controller.abort() };
    await expect(dreamAll(much, { memoryLimit: 16 * 2 ** 20 })).rejects.toThrow(/cancelled/);
    const { version, batches } = JSON.parse(await readFile(path.join(folder, 'batches.json'), 'utf8'));
    const [[key, measured]] = Object.entries(batches as object) as [[string, { batch: number; msPerTile: object }]];
    expect(version).toBe(1);
    expect(key).toContain('mixed3b');
    expect(Object.keys(measured.msPerTile)).toContain('2');
    // As if another had been measured.
    const other = { version, batches: { [key]: { ...measured, batch: 3 } } };
    await writeFile(path.join(folder, 'batches.json'), JSON.stringify(other));
    expect(await dreamAll({ iterations: 2 })).toEqual(Array(24).fill(3));
    expect((await dreamAll({ iterations: 2, batch: 5 })).slice(0, 20)).toEqual(Array(20).fill(5));
  });

  test('gives with batch 1 the bytes of dreams alone, and tells the batch of tiles, with which the bytes come again', async () => {
    const dreamer = await smallDreamer();
    dreamers.push(dreamer);
    const [picture] = pictures as [RawPicture];
    const few = { ...OPTIONS, iterations: 5 };
    const alone = await dreamer.dream(picture, few);
    for await (const { index, dream } of dreamer.dreamAll(pictures.slice(0, 2), { ...few, batch: 1 }))
      if (index === 0) expect(dream?.data).toEqual(alone.data);
    const tiled = { ...few, tileSize: 48 };
    const one = await dreamer.dream(picture, { ...tiled, batch: 1 });
    const four = await dreamer.dream(picture, { ...tiled, batch: 4 });
    // Four tiles: three at a time would leave one over.
    const three = await dreamer.dream(picture, { ...tiled, batch: 3 });
    expect([one, four, three].map(({ parameters }) => parameters.batch)).toEqual([1, 4, 2]);
    expect(meanDifference(four.data, one.data)).toBeLessThan(2e-3);
    expect((await dreamer.dream(picture, four.parameters)).data).toEqual(four.data);
    expect((await dreamer.dream(picture, three.parameters)).data).toEqual(three.data);
  });
});
