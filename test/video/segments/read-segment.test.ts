// How a segment's frames are found in a film: sought where that leads to them, and from the beginning where it does not.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../lib/video/frame.js';
import type { Segment, SegmentedFilm, SegmentRequest } from '../../../lib/video/segments/film-plan.js';
import { frameHash } from '../../../lib/video/segments/frame-hash.js';
import { planSegments } from '../../../lib/video/segments/plan-segments.js';
import { SegmentReader } from '../../../lib/video/segments/read-segment.js';
import { filmFolder, hasFfmpeg, makeFilm, makeFilmTurned, PASSTHROUGH } from '../../support/films.js';
import { never, requestOf, travelled } from './support/in-segments.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
const FRAMES = 120;
const x264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
const VARIABLE = "select='not(mod(n,3))+eq(mod(n,7),1)',setpts=PTS+2/TB/30*gt(N\\,4)";

function film(name: string, output: readonly string[], recipe: Parameters<typeof makeFilm>[1] = {}): string {
  return makeFilm(at(name), { frames: FRAMES, output, ...recipe });
}

async function planned(file: string, request: Partial<SegmentRequest> = {}, most = 25): Promise<SegmentedFilm> {
  const output = { kind: 'film', extension: '.mkv' } as const;
  const asked = requestOf({ output, stream: { coherence: false }, codec: 'ffv1', ...request });
  const input = { kind: 'film', file } as const;
  return travelled(await planSegments({ input, request: asked, most, signal: never }));
}

async function read(
  file: string,
  { manifest }: SegmentedFilm,
  segment: Segment,
): Promise<{ readonly frames: readonly Frame[]; readonly decoded: number }> {
  const reader = new SegmentReader({ manifest, segment, input: { kind: 'film', file } });
  const frames: Frame[] = [];
  for await (const frame of reader.frames()) frames.push(frame);
  return { frames, decoded: reader.decoded };
}

/** These segments are what was planned; gives how many frames were read for each beside its own. */
async function beside(file: string, plan: SegmentedFilm, ...places: number[]): Promise<number[]> {
  const more: number[] = [];
  for (const place of places) {
    const segment = plan.segments[place] as Segment;
    const { frames, decoded } = await read(file, plan, segment);
    expect(frames.map((frame) => [String(frame.time), String(frame.length), frameHash(frame)])).toEqual(segment.marks);
    more.push(decoded - segment.count);
  }
  return more;
}

const LONG = ['-g', '90', '-bf', '3'];
/** Of whom is asked for a frame that MPEG's streams of packets have no index of. */
const NEAR = 60;

describe.skipIf(!hasFfmpeg)('the frames of a segment', () => {
  test.each<[string, number, () => string]>([
    ['of a film with few key frames and B-frames', 0, () => film('long.mp4', [...x264, ...LONG])],
    [
      'of one with open groups of odd length',
      0,
      () => film('open.mp4', [...x264, '-x264-params', 'open-gop=1:keyint=17']),
    ],
    ['of one of 30000/1001 frames a second', 0, () => film('ntsc.mp4', x264, { rate: '30000/1001' })],
    ['of one of a variable rate', 0, () => film('vfr.mkv', [...x264, ...PASSTHROUGH], { filter: VARIABLE })],
    ['of MPEG-TS, whose times begin at 1.4 s', NEAR, () => film('stream.ts', [...x264, '-g', '20'])],
    ['of MPEG-2', NEAR, () => film('two.mpg', ['-c:v', 'mpeg2video', '-q:v', '3', '-bf', '2'])],
    ['of a film that is turned by a quarter', 0, () => makeFilmTurned(film('flat.mp4', x264), at('turned.mp4'))],
    ['of 10 bits', 0, () => film('deep.mkv', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p10le', ...LONG])],
    ['that are all the same', 0, () => film('still.mp4', [...x264, ...LONG], { source: 'smptebars' })],
  ])('%s are found without reading what is before them', async (_, most, make) => {
    const file = make();
    const plan = await planned(file, { longestSide: 48 });
    expect(plan.manifest.frames).toBe(FRAMES);
    for (const more of await beside(file, plan, 0, 4)) expect(more).toBeLessThanOrEqual(most);
  });

  test('of a part of a film are found too', async () => {
    const file = film('part.mp4', [...x264, ...LONG]);
    const plan = await planned(file, { start: 1.234, duration: 2 }, 20);
    expect(plan.segments.map(({ count }) => count)).toEqual([16, 17, 17]);
    expect(await beside(file, plan, 0, 2)).toEqual([0, 0]);
  });

  test('are read from the beginning where seeking leads to others', async () => {
    const file = film('lost.mp4', [...x264, ...LONG]);
    const plan = await planned(file, {}, 30);
    const segment = plan.segments[2] as Segment;
    // As if the film's clock were twice as fast where it is sought.
    const marks = segment.marks.map(([time, ...rest]) => [String(BigInt(time) / 2n), ...rest] as const);
    const { frames, decoded } = await read(file, plan, { ...segment, marks });
    expect(frames.map(frameHash)).toEqual(segment.marks.map(([, , hash]) => hash));
    expect(decoded).toBeGreaterThanOrEqual(segment.first + segment.count);
    const clock = { num: 1, den: 1000 };
    const other = await read(file, { ...plan, manifest: { ...plan.manifest, clock } }, segment);
    expect(other.frames.map(frameHash)).toEqual(segment.marks.map(([, , hash]) => hash));
  });

  test('that begin where they should and then are others are read from the beginning, each once', async () => {
    const file = film('torn.mp4', [...x264, ...LONG]);
    const plan = await planned(file, { longestSide: 48 }, 30);
    const [, segment, last] = plan.segments as [Segment, Segment, Segment];
    // Of another place in the film, to which no way leads.
    const marks = [...segment.marks.slice(0, 5), ...last.marks.slice(5)];
    const reader = new SegmentReader({ ...plan, segment: { ...segment, marks }, input: { kind: 'film', file } });
    const hashes: string[] = [];
    const all = async (): Promise<void> => {
      for await (const frame of reader.frames()) hashes.push(frameHash(frame));
    };
    await expect(all()).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_SEGMENT_MISMATCH',
      message: expect.stringContaining(`Frame ${segment.first + 5} of`),
    });
    expect(hashes).toEqual(marks.slice(0, 5).map(([, , hash]) => hash));
    expect(reader.decoded).toBeGreaterThan(segment.first + 5);
  });

  test('of another film, or of one that ends too soon, are refused', async () => {
    const plan = await planned(film('planned.mp4', x264), {}, 60);
    const segment = plan.segments[1] as Segment;
    for (const other of [film('other.mp4', x264, { source: 'mandelbrot' }), film('short.mp4', x264, { frames: 90 })])
      await expect(read(other, plan, segment)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_SEGMENT_MISMATCH' });
  });
});
