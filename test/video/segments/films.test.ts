// Films that are dreamed in segments against `livedream video`: the same bytes.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../../lib/dreamer.js';
import { cli } from '../../support/cli.js';
import { TEST_DEVICE } from '../../support/device.js';
import { ffmpeg, filmFolder, hasFfmpeg, makeFilmTurned, PASSTHROUGH, tone } from '../../support/films.js';
import { SAMPLE } from '../../support/pictures.js';
import type { Made } from './support/in-segments.js';
import { pan, sameFilm } from './support/same.js';

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
  const graph = ['-filter_complex', scenes.join(';'), '-map', '[film]', '-map', '3'];
  ffmpeg(...still, ...made, ...tone(440, 1.1), ...graph, ...output, at(name));
  return at(name);
}

const shown = ({ film }: Made): string[] =>
  film.segments.map(({ begins, first, count }) => `${begins} ${first}+${count}`);

describe.skipIf(!hasFfmpeg || !existsSync(cli))('a film in segments is the same to the byte', () => {
  test('with two hard cuts and its sound, and leaves nothing else', async () => {
    const input = threeScenes('cuts.mp4', [...x264, '-c:a', 'aac']);
    const made = await sameFilm(input, 'cuts-out.mp4', { dreamer, cwd, most: 48 });
    expect(shown(made)).toEqual(['anew 0+9', 'anew 9+7', 'anew 16+11']);
    expect(made.segments.map(({ checkpoint }) => checkpoint)).toEqual([undefined, undefined, undefined]);
    expect(made.joined).toMatchObject({ frames: 27, size: { width: 96, height: 64 } });
    const left = ['cuts.mp4', 'cuts-out.mp4', 'cuts-out.mp4.segments', 'joined-cuts-out.mp4'];
    expect((await readdir(cwd)).sort()).toEqual(left.sort());
  });

  test('with one scene that is carried over four segments, from its second second on, smaller', async () => {
    const input = pan(at('long.mp4'), 60, [...x264, '-g', '50', '-c:a', 'aac', '-shortest']);
    const made = await sameFilm(input, 'long-out.mkv', {
      ...{ dreamer, cwd, most: 6 },
      flags: ['--start', '1.02', '--duration', '0.9', '--size', '81'],
      request: { start: 1.02, duration: 0.9, longestSide: 81 },
    });
    expect(shown(made)).toEqual(['anew 0+5', 'carried 5+6', 'carried 11+6', 'carried 17+6']);
    expect(made.film.manifest.size).toEqual({ width: 80, height: 54 });
    // None was read from the beginning of its film.
    expect(made.segments.map(({ decoded }) => decoded)).toEqual([5, 6, 6, 6]);
  });

  test('of a variable rate, with short scenes in one segment that is carried to the next', async () => {
    const rate = "select='not(mod(n,3))+eq(mod(n,7),1)',setpts=PTS+0.2/TB+2/TB/30*gt(N\\,4)";
    const input = pan(
      at('vfr.mkv'),
      20,
      [...x264, ...PASSTHROUGH, '-c:a', 'aac'],
      `negate=enable='between(n,9,12)',${rate}`,
    );
    const made = await sameFilm(input, 'vfr-out.mp4', { dreamer, cwd, most: 8, least: 3 });
    expect(shown(made)).toEqual(['anew 0+7', 'anew 7+6', 'carried 13+7']);
    expect(made.film.segments[0]?.cuts).toEqual([0, 5]);
  });

  test('of 10 bits and turned by a quarter, livelier and with another seed', async () => {
    const output = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p10le'];
    const input = makeFilmTurned(pan(at('flat.mp4'), 10, output), at('turned.mp4'));
    const made = await sameFilm(input, 'turned-out.mov', {
      ...{ dreamer, cwd, most: 5, flags: ['--blend', '0.5', '--strength', '3', '--seed', '9', '--codec', 'ffv1'] },
      request: { stream: { blend: 0.5, strength: 3 }, dream: { octaves: 1, iterations: 1, seed: 9 }, codec: 'ffv1' },
    });
    expect(shown(made)).toEqual(['anew 0+5', 'carried 5+5']);
    expect(made.film.manifest.size).toEqual({ width: 64, height: 96 });
  });

  test('whose frames do not hang together', async () => {
    const input = pan(at('alone.mp4'), 9, x264);
    const request = { stream: { coherence: false } };
    const made = await sameFilm(input, 'alone-out.mp4', {
      ...{ dreamer, cwd, most: 4, flags: ['--no-coherence'], request },
    });
    expect(shown(made)).toEqual(['anew 0+3', 'anew 3+3', 'anew 6+3']);
  });
});
