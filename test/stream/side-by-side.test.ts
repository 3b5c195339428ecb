import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeEngine, NativePlan, NativeStreamFrame } from '../../lib/binding/native.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import type { StreamedFrame } from '../../lib/stream/frame.js';
import { SideBySide, type SideFrame } from '../../lib/stream/side-by-side.js';
import { smallDreamer } from '../support/dreamers.js';
import { meanDifference } from '../support/pictures.js';
import { view } from './support/motions.js';

const OCTAVE = { pictures: 1, width: 8, height: 8, rows: 1, columns: 1, tileWidth: 8, tileHeight: 8, batch: 1 };
const PLAN = {
  objectives: [[{ layer: 'a', kind: 'channels', weight: 1, channels: [{ channel: 1, weight: 1 }] }]],
  ...{ octaves: [OCTAVE], iterations: [1], step: [1], seed: 0n },
  mode: { xla: false },
} as unknown as NativePlan;

/** An engine whose batches end when they are told to. */
class Engine {
  readonly batches: { readonly sizes: number[]; readonly end: (error?: Error) => void }[] = [];

  dreamFrames(plan: NativePlan, frames: readonly unknown[]): Promise<NativeStreamFrame[]> {
    return new Promise((resolve, reject) => {
      const sizes = [frames.length, plan.objectives.length, ...plan.octaves.map(({ pictures }) => pictures)];
      const end = (error?: Error): void => (error ? reject(error) : resolve(frames as NativeStreamFrame[]));
      this.batches.push({ sizes, end });
    });
  }
}

describe('frames of several streams on one engine', () => {
  const frame = (source: string, rest: Partial<SideFrame> = {}): SideFrame =>
    ({ plan: PLAN, source, most: 4, signal: new AbortController().signal, ...rest }) as unknown as SideFrame;
  const begin = (): [Engine, SideBySide] => {
    const engine = new Engine();
    return [engine, SideBySide.on(engine as unknown as NativeEngine)];
  };
  const batch = async (engine: Engine, index: number) => {
    await expect.poll(() => engine.batches.length).toBeGreaterThan(index);
    return engine.batches[index] as Engine['batches'][number];
  };

  test('wait for those under way, and then are one batch, of 1, 2 or 4; each has its own', async () => {
    const [engine, side] = begin();
    const results = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => side.dream(frame(name)));
    const sizes: number[][] = [];
    for (let index = 0; index < 4; index += 1) {
      const { sizes: found, end } = await batch(engine, index);
      sizes.push(found);
      end();
    }
    expect(sizes).toEqual([1, 4, 2, 1].map((count) => [count, count, count]));
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  test('go together only with those of the same plan but for channels and shifts, and not with XLA or in tiles', async () => {
    const [engine, side] = begin();
    const other = { ...PLAN, seed: 5n, objectives: [[{ ...PLAN.objectives[0]?.[0], channels: [] }]] } as NativePlan;
    const tiled = { ...PLAN, octaves: [{ ...OCTAVE, rows: 2 }] } as NativePlan;
    const xla = { ...PLAN, mode: { ...PLAN.mode, xla: true } } as NativePlan;
    const plans = [PLAN, PLAN, { ...PLAN, step: [2] }, other, tiled, tiled, xla, xla];
    const results = plans.map((plan, index) => side.dream(frame(String(index), { plan })));
    for (const [index, count] of [1, 2, 1, 1, 1, 1, 1].entries()) {
      const { sizes, end } = await batch(engine, index);
      expect(sizes[0]).toBe(count);
      end();
    }
    expect(await Promise.all(results)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });

  test('one that fails does not take the others with it', async () => {
    const [engine, side] = begin();
    const results = Promise.allSettled(['a', 'b', 'c'].map((name) => side.dream(frame(name))));
    for (const [index, error] of [undefined, new Error('both'), new Error('b'), undefined].entries())
      (await batch(engine, index)).end(error);
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('one whose stream is over is let go of at once, and the others have theirs', async () => {
    const [engine, side] = begin();
    const leaving = new AbortController();
    const { signal } = leaving;
    const results = [side.dream(frame('a')), side.dream(frame('b', { signal })), side.dream(frame('c'))];
    const late = side.dream(frame('d', { signal }));
    late.catch(() => undefined);
    (await batch(engine, 0)).end();
    await batch(engine, 1);
    leaving.abort();
    await expect(results[1]).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    (await batch(engine, 1)).end();
    expect(await results[2]).toBe('c');
    await expect(late).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    expect(engine.batches).toHaveLength(2);
  });
});

describe('streams that say so', () => {
  let dreamer: Dreamer;
  beforeAll(async () => {
    dreamer = await smallDreamer();
  });
  afterAll(() => dreamer.dispose());

  const OPTIONS = { layer: 'mixed3b', octaves: 2, iterations: 2, jitter: false } as const;

  async function all(frames: readonly RawPicture[], options: object): Promise<StreamedFrame[]> {
    const found: StreamedFrame[] = [];
    for await (const frame of dreamer.stream(frames, { ...OPTIONS, ...options })) found.push(frame);
    return found;
  }

  test('dream the same as by themselves, within rounding, each of its own frames and channels', async () => {
    const size = { width: 96, height: 72 };
    const films = await Promise.all(
      [0, 8, 16, 24].map((start) =>
        Promise.all([0, 1, 2, 3].map((index) => view({ x: start + 2 * index, y: start }, size))),
      ),
    );
    const options = films.map((_, channel) => ({ channel }));
    const alone: StreamedFrame[][] = [];
    for (const [index, film] of films.entries()) alone.push(await all(film, options[index] as object));
    const { programsBuilt } = dreamer.statistics();
    const together = await Promise.all(films.map((film, index) => all(film, { ...options[index], together: true })));
    // Those of batches.
    expect(dreamer.statistics().programsBuilt).toBeGreaterThan(programsBuilt);
    for (const [index, film] of together.entries()) {
      expect(film.map(({ carry }) => carry)).toEqual(['first', 'carried', 'carried', 'carried']);
      for (const [place, frame] of film.entries()) {
        const same = alone[index]?.[place] as StreamedFrame;
        expect(meanDifference(frame.data, same.data)).toBeLessThan(0.05);
        expect(frame.objectives).toHaveLength(4);
        expect(frame.objectives[0]).toBeCloseTo(same.objectives[0] as number, 2);
      }
    }
    expect(
      meanDifference((together[0]?.[3] as StreamedFrame).data, (together[1]?.[3] as StreamedFrame).data),
    ).toBeGreaterThan(1);
  });
});
