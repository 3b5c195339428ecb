// Where a film is cut in segments: where its stream begins anew, and nowhere else.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../../lib/dreamer.js';
import type { RawPicture } from '../../../lib/image/source.js';
import { coloursOf } from '../../../lib/video/dream-frames.js';
import { findFrames } from '../../../lib/video/find-frames.js';
import type { SegmentedFilm, SegmentRequest } from '../../../lib/video/segments/film-plan.js';
import { type PlanSegments, planSegments } from '../../../lib/video/segments/plan-segments.js';
import { SegmentReader } from '../../../lib/video/segments/read-segment.js';
import { smallDreamer } from '../../support/dreamers.js';
import { ffmpeg, filmFolder, hasFfmpeg, makeFilm } from '../../support/films.js';
import { SAMPLE } from '../../support/pictures.js';
import { never, QUICK, requestOf } from './support/in-segments.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
const LOSSLESS = ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'];
const FILM = { kind: 'film', extension: '.mkv' } as const;

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer();
});
afterAll(() => dreamer?.dispose());

const plan = async (file: string, request: Partial<SegmentRequest> = {}, more: Partial<PlanSegments> = {}) =>
  planSegments({
    input: await findFrames([file]),
    request: requestOf({ output: FILM, ...request }),
    signal: never,
    ...more,
  });

/** A pan over a photograph, and what else ffmpeg makes of it. */
function pan(name: string, frames: number, filter: string, output: readonly string[] = LOSSLESS): string {
  const chain = `scale=300:200,crop=96:64:x=20+2*n:y=30+n,format=rgb24,${filter},trim=end_frame=${frames}`;
  ffmpeg('-loop', '1', '-framerate', '25', '-i', SAMPLE, '-vf', chain, ...output, at(name));
  return at(name);
}

/** Where the engine itself begins anew. */
async function cutsOfStream(file: string, { manifest, segments }: SegmentedFilm): Promise<number[]> {
  const frames: RawPicture[] = [];
  for (const segment of segments)
    for await (const frame of new SegmentReader({ manifest, segment, input: { kind: 'film', file } }).frames())
      frames.push(coloursOf(frame));
  const cuts: number[] = [];
  for await (const { carry, index } of dreamer.stream(frames, { ...QUICK, ...manifest.request.stream }))
    if (carry !== 'carried') cuts.push(index);
  return cuts;
}

const cutsOf = ({ segments }: SegmentedFilm): number[] => segments.flatMap(({ cuts }) => cuts);
const FLASH = "lutrgb=r=255-val:g=val*val/255:b=255:enable='eq(n,5)'";
const NOISE = "noise=alls=100:allf=t:enable='eq(n,5)'";

describe.skipIf(!hasFfmpeg)('a film', () => {
  test.each<[string, () => string, Partial<SegmentRequest>, (cuts: readonly number[]) => void]>([
    ['without a cut', () => pan('whole.mkv', 12, 'null'), {}, (cuts) => expect(cuts).toEqual([0])],
    [
      'that never is to be',
      () => pan('never.mkv', 12, NOISE),
      { stream: { sceneCut: 0 } },
      (cuts) => expect(cuts).toEqual([0]),
    ],
    [
      'with hard cuts',
      () => pan('hard.mkv', 14, "hflip=enable='between(n,4,8)',negate=enable='gt(n,8)'"),
      { longestSide: 64 },
      (cuts) => expect(cuts).toEqual([0, 4, 9]),
    ],
    ['that flashes for a frame', () => pan('flash.mkv', 10, FLASH), {}, (cuts) => expect(cuts).toEqual([0, 5, 6])],
    [
      'that fades out and in',
      () => pan('fade.mkv', 24, 'fade=out:0:8,fade=in:12:8'),
      {},
      (cuts) => expect(cuts[0]).toBe(0),
    ],
    [
      'of 10 bits, near the share that decides',
      () => pan('deep.mkv', 10, NOISE, ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le']),
      { stream: { sceneCut: 0.9 } },
      (cuts) => expect(cuts.length).toBeGreaterThan(1),
    ],
  ])('%s begins anew where its stream does', async (_, make, request, says) => {
    const file = make();
    const planned = await plan(file, request, { most: 5, least: 1 });
    const cuts = cutsOf(planned);
    says(cuts);
    expect(cuts).toEqual(await cutsOfStream(file, planned));
    for (const [place, { first, begins, leaves }] of planned.segments.entries()) {
      expect(begins).toBe(cuts.includes(first) ? 'anew' : 'carried');
      expect(leaves).toBe(planned.segments[place + 1]?.begins === 'carried');
    }
  });

  test('is told of frame by frame, and what is known of it is plain JSON', async () => {
    const looked: [number, number | undefined][] = [];
    const file = makeFilm(at('told.mp4'), { frames: 6 });
    const planned = await plan(file, {}, { onFrames: (...told) => looked.push(told) });
    expect(looked).toEqual([1, 2, 3, 4, 5, 6].map((frame) => [frame, 6]));
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned);
    expect(planned.manifest).toMatchObject({ input: 'film', frames: 6, size: { width: 96, height: 64 } });
    expect(planned.manifest.source[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  test('cannot be segmented where frames hang on the time that others take', async () => {
    const file = makeFilm(at('late.mp4'), { frames: 3 });
    for (const [name, value] of [
      ['targetFps', 25],
      ['dropLate', true],
      ['together', true],
    ] as const)
      await expect(plan(file, { stream: { [name]: value } as never })).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_OPTION_RANGE',
        message: expect.stringContaining(`'${name}' must be left out of a film that is dreamed in segments`),
      });
    await expect(plan(file, { dream: { size: 64 } })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    await expect(plan(file, { stream: { blend: 2 } })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    await expect(plan(file, {}, { most: 0 })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
  });

  test('that is none is refused, and an abort ends the reading', async () => {
    await writeFile(at('none.mp4'), 'no film');
    await expect(plan(at('none.mp4'))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_VIDEO_UNREADABLE' });
    const controller = new AbortController();
    const file = makeFilm(at('aborted.mp4'), { frames: 200 });
    let looked = 0;
    const onFrames = (count: number): void => {
      looked = count;
      if (count === 3) controller.abort();
    };
    const planning = plan(file, {}, { signal: controller.signal, onFrames });
    await expect(planning).rejects.toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED' });
    expect(looked).toBe(3);
  });
});
