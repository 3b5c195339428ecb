// What is wrong with a segment, its checkpoint or its frames is refused, and nothing is left of it.
import { copyFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../../lib/dreamer.js';
import type { FramesInput } from '../../../lib/video/find-frames.js';
import { type DreamSegment, dreamSegment } from '../../../lib/video/segments/dream-segment.js';
import type { Segment, SegmentedFilm } from '../../../lib/video/segments/film-plan.js';
import { type JoinSegments, joinSegments } from '../../../lib/video/segments/join-segments.js';
import { planSegments } from '../../../lib/video/segments/plan-segments.js';
import { smallDreamer } from '../../support/dreamers.js';
import { filmFolder, hasFfmpeg, makeFilm } from '../../support/films.js';
import { dreamSegments, frameFile, never, requestOf, travelled } from './support/in-segments.js';
import { pan } from './support/same.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
const MISMATCH = 'ERR_LIVEDREAM_SEGMENT_MISMATCH';

let dreamer: Dreamer;
let film: SegmentedFilm;
let input: FramesInput;
let checkpoint: Buffer;
beforeAll(async () => {
  if (!hasFfmpeg) return;
  dreamer = await smallDreamer();
  input = { kind: 'film', file: pan(at('film.mp4'), 9, ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']) };
  const request = requestOf({ output: { kind: 'film', extension: '.mp4' } });
  film = travelled(await planSegments({ input, request, most: 3, signal: never }));
  const segments = await dreamSegments({ dreamer, input, folder: at('frames') }, film);
  checkpoint = segments[0]?.checkpoint as Buffer;
});
afterAll(() => dreamer?.dispose());

const dream = (place: number, given: Partial<DreamSegment> = {}) => {
  const { manifest } = film;
  const segment = film.segments[place] as Segment;
  return dreamSegment({ manifest, segment, input, dreamer, file: at('again'), signal: never, ...given });
};

describe.skipIf(!hasFfmpeg)('a segment', () => {
  test('has the same frames and checkpoint each time', async () => {
    const again = await dream(1, { checkpoint });
    expect(again.frames).toBe(3);
    expect((await readFile(at('again'))).equals(await readFile(frameFile(at('frames'), 1)))).toBe(true);
    expect((await dream(0)).checkpoint?.equals(checkpoint)).toBe(true);
    expect(again.parameters).toMatchObject({ octaves: 1, iterations: 1, width: 96, height: 64 });
  });

  test('that is carried needs the checkpoint of the one before, whole', async () => {
    for (const [given, says] of [
      [undefined, /Segment 1 goes on from a checkpoint, and none was given/],
      [checkpoint.subarray(0, checkpoint.length - 4), /its checkpoint is damaged/],
      [(await dream(1, { checkpoint })).checkpoint, /goes on after 3 frames, and its checkpoint is the one after 6/],
    ] as const)
      await expect(dream(1, { checkpoint: given })).rejects.toMatchObject({
        code: MISMATCH,
        message: expect.stringMatching(says),
      });
  });

  test('of another film is refused', async () => {
    const other = { kind: 'film', file: makeFilm(at('other.mp4'), { source: 'mandelbrot' }) } as const;
    await expect(dream(0, { input: other })).rejects.toMatchObject({ code: MISMATCH });
  });

  test('that begins anew elsewhere than was planned is refused', async () => {
    const [segment] = film.segments as [Segment];
    for (const [cuts, says] of [
      [[], /begins anew with frame 0 here, and goes on where it was planned/],
      [[0, 2], /goes on with frame 2 here, and begins anew where it was planned/],
    ] as const)
      await expect(dream(0, { segment: { ...segment, cuts } })).rejects.toMatchObject({
        code: MISMATCH,
        message: expect.stringMatching(says),
      });
  });

  test('tells of its frames, and ends where it is aborted', async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const onFrame = (finished: number): void => {
      told.push(finished);
      controller.abort();
    };
    const dreaming = dream(0, { signal: controller.signal, onFrame });
    await expect(dreaming).rejects.toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED' });
    expect(told).toEqual([1]);
    const finished: number[] = [];
    await dream(0, { onFrame: (count) => finished.push(count) });
    expect(finished).toEqual([1, 2, 3]);
  });
});

describe.skipIf(!hasFfmpeg)('a film is not joined', () => {
  const files = (...places: number[]): string[] => places.map((place) => frameFile(at('frames'), place));
  const join = (given: Partial<JoinSegments>) =>
    joinSegments({
      ...{ film, input, files: files(0, 1, 2), signal: never },
      output: { kind: 'film', file: at('joined.mp4'), temporary: at('joined.temporary.mp4') },
      ...given,
    });

  test.each<[string, () => Promise<Partial<JoinSegments>>, RegExp]>([
    ['of which a segment is missing', async () => ({ files: files(0, 1) }), /frames of segment 2 are missing/],
    ['of which one is given twice', async () => ({ files: files(0, 1, 1) }), /frames of segment 2 cannot be read/],
    ['of which one is given too many', async () => ({ files: files(0, 1, 2, 2) }), /more files than the 3 segments/],
    ['of which two are in each other’s place', async () => ({ files: files(0, 2, 1) }), /segment 1 cannot be read/],
    [
      'of which a file is not there',
      async () => ({ files: [...files(0, 1), at('nowhere')] }),
      /segment 2 cannot be read.*ENOENT/,
    ],
    ['of which a file lacks its end', damaged, /segment 2 cannot be read/],
    ['of which a frame is damaged', () => damaged('pixels'), /damaged/],
    [
      'whose plan lacks a segment',
      async () => ({ film: { ...film, segments: film.segments.slice(1) } }),
      /frame 0 is due/,
    ],
    [
      'whose plan lacks the last',
      async () => ({ film: { ...film, segments: film.segments.slice(0, 2) } }),
      /have 6 frames, and the film 9/,
    ],
    ['without the film that its sound is of', async () => ({ input: undefined }), /own sound, and it was not given/],
    [
      'with the sound of another',
      async () => ({ input: { kind: 'film', file: makeFilm(at('sound.mp4')) } }),
      /not the film that was planned/,
    ],
    ['as pictures', async () => ({ output: { kind: 'pictures', nameOf: () => '' } }), /is to be joined as pictures/],
  ])('%s', async (_, given, says) => {
    await expect(join(await given())).rejects.toMatchObject({ code: MISMATCH, message: expect.stringMatching(says) });
    expect((await readdir(cwd)).filter((name) => name.startsWith('joined'))).toEqual([]);
  });

  test('whose joining is aborted, and is from files that come one by one', async () => {
    const controller = new AbortController();
    const asked: string[] = [];
    async function* coming(): AsyncGenerator<string> {
      for (const file of files(0, 1, 2)) {
        asked.push(file);
        if (asked.length === 2) controller.abort();
        yield file;
      }
    }
    const joining = join({ files: coming(), signal: controller.signal });
    await expect(joining).rejects.toMatchObject({ name: 'AbortError', code: 'ERR_LIVEDREAM_ABORTED' });
    expect(asked).toEqual(files(0, 1));
    const written: number[] = [];
    expect((await join({ onFrames: (count) => written.push(count) })).frames).toBe(9);
    expect(written).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

/** The frames of the last segment with something wrong. */
async function damaged(what: 'end' | 'pixels' = 'end'): Promise<Partial<JoinSegments>> {
  const file = at(`damaged-${what}`);
  await copyFile(frameFile(at('frames'), 2), file);
  const bytes = await readFile(file);
  if (what === 'end') await truncate(file, bytes.length - 1);
  else await writeFile(file, bytes.fill(0, 100, 120));
  return { files: [0, 1].map((place) => frameFile(at('frames'), place)).concat(file) };
}
