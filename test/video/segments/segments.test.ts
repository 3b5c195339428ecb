// Films that are dreamed in segments against `livedream video`: the same bytes.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../../lib/dreamer.js';
import { findFrames } from '../../../lib/video/find-frames.js';
import type { SegmentRequest } from '../../../lib/video/segments/film-plan.js';
import { cli, livedreamIn } from '../../support/cli.js';
import { TEST_DEVICE } from '../../support/device.js';
import { ffmpeg, filmFolder, hasFfmpeg, tone } from '../../support/films.js';
import { SAMPLE } from '../../support/pictures.js';
import { inSegments, type Made, QUICK_FLAGS } from './support/in-segments.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
const x264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await Dreamer.load({ device: TEST_DEVICE });
});
afterAll(() => dreamer?.dispose());

/** A film that pans over a photograph, is cut to moving bars, and to a fractal. */
function threeScenes(name: string, output: readonly string[]): string {
  const still = ['-loop', '1', '-framerate', '25', '-i', SAMPLE];
  const made = ['testsrc2', 'mandelbrot'].flatMap((source) => ['-f', 'lavfi', '-i', `${source}=s=96x64:r=25`]);
  const scenes = [
    '[0]scale=300:200,crop=96:64:x=20+2*n:y=30+n,trim=end_frame=9,format=yuv420p,setsar=1[a]',
    '[1]trim=end_frame=7,format=yuv420p,setsar=1[b]',
    '[2]trim=end_frame=11,format=yuv420p,setsar=1[c]',
    '[a][b][c]concat=n=3[film]',
  ];
  const sound = output.includes('-c:a') ? ['-map', '3'] : [];
  const graph = ['-filter_complex', scenes.join(';'), '-map', '[film]', ...sound];
  ffmpeg(...still, ...made, ...tone(440, 1.1), ...graph, ...output, at(name));
  return at(name);
}

/** One scene without a cut. */
function pan(name: string, frames: number, output: readonly string[], filter = 'null'): string {
  const still = ['-loop', '1', '-framerate', '25', '-i', SAMPLE];
  const chain = `scale=300:200,crop=96:64:x=20+2*n:y=30+n,${filter},trim=end_frame=${frames}`;
  ffmpeg(...still, ...tone(330, frames / 25), '-vf', chain, ...output, at(name));
  return at(name);
}

interface Compared {
  readonly flags?: readonly string[];
  readonly request?: Partial<SegmentRequest>;
  readonly most: number;
  readonly least?: number;
}

/** Dreams of it both ways, and has the films be the same. */
async function same(
  input: string,
  output: string,
  { flags = [], request = {}, most, least = 1 }: Compared,
): Promise<Made> {
  const { code, stderr } = await livedreamIn({ cwd }, 'video', input, '-o', output, ...QUICK_FLAGS, ...flags);
  expect(code, stderr).toBe(0);
  const extension = path.extname(output);
  const made = await inSegments({
    ...{ dreamer, input: await findFrames([input]), folder: at(`${output}.segments`), most, least },
    request: { output: { kind: 'film', extension }, ...request },
    output: { kind: 'film', file: at(`joined-${output}`), temporary: at(`joined-${output}.temporary${extension}`) },
  });
  expect((await readFile(at(`joined-${output}`))).equals(await readFile(at(output)))).toBe(true);
  return made;
}

describe.skipIf(!hasFfmpeg || !existsSync(cli))('a film in segments is the same to the byte', () => {
  test('with two hard cuts and its sound', async () => {
    const input = threeScenes('cuts.mp4', [...x264, '-c:a', 'aac']);
    const { film } = await same(input, 'cuts-out.mp4', { most: 48 });
    expect(film.segments.map(({ first, count, begins }) => [first, count, begins])).toEqual([
      [0, 9, 'anew'],
      [9, 7, 'anew'],
      [16, 11, 'anew'],
    ]);
  });

  test('with one scene that is carried over four segments', async () => {
    const input = pan('long.mp4', 22, [...x264, '-c:a', 'aac', '-shortest']);
    const { film, segments } = await same(input, 'long-out.mp4', { most: 6 });
    expect(film.segments.map(({ begins, count }) => [begins, count])).toEqual([
      ['anew', 5],
      ['carried', 6],
      ['carried', 5],
      ['carried', 6],
    ]);
    expect(segments.map(({ checkpoint }) => checkpoint !== undefined)).toEqual([true, true, true, false]);
  });
});
