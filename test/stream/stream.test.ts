// Streams through the whole engine: order, coherence, options that change, checkpoints, endings.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import type { RawPicture } from '../../lib/image/source.js';
import type { StreamedFrame, StreamInput } from '../../lib/stream/frame.js';
import type { StreamOptions } from '../../lib/stream/open.js';
import { knownShare } from '../../lib/stream/optical-flow.js';
import { smallDreamer } from '../support/dreamers.js';
import { madePicture, meanDifference, SAMPLE } from '../support/pictures.js';
import { view } from './support/motions.js';

const OPTIONS = { layer: 'mixed3b', octaves: 2, iterations: 2, seed: 5 } as const;
const SIZE = { width: 120, height: 90 } as const;

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(() => dreamer.dispose());

const panned = (count: number): Promise<RawPicture[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => view({ x: 2 * index, y: index }, SIZE)));

async function all<T>(frames: Iterable<StreamInput<T>>, options: StreamOptions = OPTIONS): Promise<StreamedFrame<T>[]> {
  const found: StreamedFrame<T>[] = [];
  for await (const frame of dreamer.stream(frames, options)) found.push(frame);
  return found;
}

const bytes = ({ data }: Pick<StreamedFrame, 'data'>): Buffer => Buffer.from(data);

describe('a stream', () => {
  test('gives every frame in its order, with what is known of it', async () => {
    const found = await all(await panned(4));
    expect(found.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(found.map(({ carry }) => carry)).toEqual(['first', 'carried', 'carried', 'carried']);
    for (const frame of found) {
      expect([frame.width, frame.height, frame.data.length]).toEqual([120, 90, 120 * 90 * 3]);
      expect(frame.dropped).toBe(0);
      expect(frame.parameters).toMatchObject({ octaves: 2, iterations: 2, width: 120, height: 90 });
      expect(frame.timings.steps).toBeGreaterThan(0);
      expect(frame.stages.dream).toBeGreaterThan(frame.timings.steps);
    }
    const [, second] = found as [StreamedFrame, StreamedFrame];
    expect(second.confidence).toBeGreaterThan(0.8);
    expect(second.stages.flow).toBeGreaterThan(0);
  });

  test('begins as a dream by itself, and without coherence is nothing else', async () => {
    const frames = await panned(3);
    const [carried, alone] = [await all(frames), await all(frames, { ...OPTIONS, coherence: false })];
    for (const [index, frame] of alone.entries()) {
      const dream = await dreamer.dream(frames[index] as RawPicture, OPTIONS);
      expect(frame.carry).toBe('alone');
      expect(bytes(frame).equals(bytes(dream))).toBe(true);
    }
    // Floats are added and taken away again, so that a rounding may differ.
    expect(meanDifference((carried[0] as StreamedFrame).data, (alone[0] as StreamedFrame).data)).toBeLessThan(0.01);
    expect(meanDifference((carried[2] as StreamedFrame).data, (alone[2] as StreamedFrame).data)).toBeGreaterThan(0.1);
  });

  test('has the same bytes each time, and goes on from a checkpoint as if it had not ended', async () => {
    const frames = await panned(5);
    const whole = await all(frames);
    const again = await all(frames);
    expect(again.map(bytes)).toEqual(whole.map(bytes));
    const from = await (again[2] as StreamedFrame).checkpoint();
    const rest = await all(frames.slice(3), { ...OPTIONS, from });
    expect(rest.map(({ carry }) => carry)).toEqual(['carried', 'carried']);
    expect(rest.map(bytes)).toEqual(whole.slice(3).map(bytes));
  });

  test('begins anew where the scene is cut, and where the size changes', async () => {
    const [first, second] = (await panned(2)) as [RawPicture, RawPicture];
    const other = { ...first, data: Uint8Array.from(madePicture(120, 90, 77)) };
    const small = await view({}, { width: 96, height: 72 });
    const found = await all([first, second, other, small, small]);
    expect(found.map(({ carry }) => carry)).toEqual(['first', 'carried', 'cut', 'cut', 'carried']);
    // The third frame's shifts.
    const seed = BigInt.asUintN(64, 5n + 2n * 0x9e3779b97f4a7c15n);
    const alone = await dreamer.dream(other, { ...OPTIONS, seed });
    expect(meanDifference((found[2] as StreamedFrame).data, alone.data)).toBeLessThan(0.01);
  });

  test.each([
    'bytes',
    'floats',
  ])('of %s goes on at a cut from its place alone, and begins anew just where knownShare tells', async (kind) => {
    const scene = await panned(4);
    const others = [77, 78].map((seed) => ({ ...(scene[0] as RawPicture), data: madePicture(120, 90, seed) }));
    const raw = [...scene.slice(0, 2), ...others, ...scene.slice(2)];
    const frames = raw.map((frame) => ({
      ...frame,
      data: kind === 'floats' ? Float32Array.from(frame.data, (value) => value * 0.993) : Uint8Array.from(frame.data),
    }));
    const whole = await all(frames);
    expect(whole.map(({ carry }) => carry)).toEqual(['first', 'carried', 'cut', 'cut', 'cut', 'carried']);
    for (const [place, { confidence }] of [...whole.entries()].slice(1))
      expect(await knownShare(frames[place] as RawPicture, frames[place - 1] as RawPicture)).toBe(confidence);
    const rest = await all(frames.slice(4), { ...OPTIONS, from: { frames: 4 } });
    expect(rest.map(bytes)).toEqual(whole.slice(4).map(bytes));
    const misplaced = await all(frames.slice(4), { ...OPTIONS, from: { frames: 5 } });
    expect(misplaced.map(bytes)).not.toEqual(whole.slice(4).map(bytes));
  });

  test('takes files and encoded pictures, and gives tags and alpha through', async () => {
    const { data, width, height } = await view({}, SIZE);
    const alpha = Uint8Array.from({ length: width * height * 4 }, (_, at) =>
      at % 4 === 3 ? 77 : (data[Math.floor(at / 4) * 3 + (at % 4)] as number),
    );
    const frames = [
      { picture: { data: alpha, width, height, channels: 4 } as const, tag: 'raw' },
      { picture: SAMPLE, tag: 'file' },
    ];
    const found = await all(frames, { ...OPTIONS, size: 96 });
    expect(found.map(({ tag }) => tag)).toEqual(['raw', 'file']);
    expect((found[0] as StreamedFrame).alpha?.every((value) => value === 77)).toBe(true);
    expect((found[1] as StreamedFrame).width).toBe(96);
  });

  test('begins anew where coherence is taken up again', async () => {
    const [first, second, third] = (await panned(3)) as [RawPicture, RawPicture, RawPicture];
    const changes = [
      { picture: first, options: { coherence: false } },
      second,
      { picture: third, options: { coherence: true } },
      third,
    ];
    const found = await all([first, ...changes]);
    expect(found.map(({ carry }) => carry)).toEqual(['first', 'alone', 'alone', 'first', 'carried']);
  });

  test('takes options that change, by frame and by call, without building programs for values', async () => {
    const frames = await panned(6);
    const changing: StreamInput<string>[] = [...frames, ...frames].map((picture, index) =>
      index === 2 ? { picture, options: { step: 3 }, tag: 'stronger' } : picture,
    );
    await all(frames.slice(0, 2));
    const { programsBuilt } = dreamer.statistics();
    const steps: unknown[] = [];
    const stream = dreamer.stream(changing, OPTIONS);
    for await (const frame of stream) {
      steps.push(frame.parameters.step);
      // Whoever comes last: a frame, then this. One frame has been taken meanwhile, and one more perhaps.
      if (frame.index === 3) stream.change({ iterations: 1, blend: 0.5, strength: 2, step: 2 });
    }
    expect(steps.slice(0, 4)).toEqual([1.5, 1.5, 3, 3]);
    expect(steps.slice(7)).toEqual([2, 2, 2, 2, 2]);
    expect(dreamer.statistics().programsBuilt).toBe(programsBuilt);
    expect(() => stream.change({ targetFps: 5 } as never)).toThrow(/targetFps/);
    expect(() => stream.change({ step: -1 })).toThrow(expect.objectContaining({ code: 'ERR_LIVEDREAM_OPTION_RANGE' }));
  });
});
