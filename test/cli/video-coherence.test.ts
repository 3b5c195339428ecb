// Films that ffmpeg itself pans and rotates: how much less they flicker than frames dreamed by themselves.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Camera, motionBetween, warpedDifference } from '../stream/support/motions.js';
import { cli, livedreamIn } from '../support/cli.js';
import { ffmpeg, filmFolder, hasFfmpeg, meanDifference, pixelsOf } from '../support/films.js';
import { SAMPLE } from '../support/pictures.js';

const SIZE = { width: 320, height: 240 } as const;
const FRAMES = 12;
/** Frames until the dream has its strength. */
const SETTLED = 4;
const LOSSLESS = ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'];

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);

/** A film of the sample picture, seen through a filter of ffmpeg's that knows the frame's number as `n`. */
function film(name: string, filter: string): string {
  const pictures = ['-loop', '1', '-framerate', '25', '-i', SAMPLE];
  const chain = `scale=900:600:flags=lanczos,${filter},trim=end_frame=${FRAMES}`;
  ffmpeg(...pictures, '-vf', chain, ...LOSSLESS, at(name));
  return at(name);
}

async function dreamed(input: string, name: string, ...flags: string[]): Promise<Buffer> {
  const options = ['--octaves', '2', '--iterations', '2', '--codec', 'ffv1', '--quality', '100'];
  const { code, stderr } = await livedreamIn({ cwd }, 'video', input, '-o', at(name), ...options, ...flags);
  expect(code, stderr).toBe(0);
  return pixelsOf(at(name));
}

function frameOf(pixels: Buffer, index: number): { data: Uint8Array; width: number; height: number } {
  const bytes = SIZE.width * SIZE.height * 3;
  return { data: pixels.subarray(index * bytes, (index + 1) * bytes), ...SIZE };
}

/** The mean difference of successive frames, each moved as the film was. */
function flicker(pixels: Buffer, camera: (index: number) => Camera): number {
  let sum = 0;
  for (let i = SETTLED; i < FRAMES; i += 1)
    sum += warpedDifference(frameOf(pixels, i), frameOf(pixels, i - 1), motionBetween(camera(i), camera(i - 1), SIZE));
  return sum / (FRAMES - SETTLED);
}

const { width, height } = SIZE;
const FILMS: readonly [string, string, (index: number) => Camera][] = [
  ['pans', `crop=${width}:${height}:x=200+3*n:y=150+n`, (n) => ({ x: 3 * n, y: n })],
  // Between pixels, as a lens sees it.
  [
    'pans by 2.5 pixels',
    `scale=3600:2400:flags=lanczos,crop=${4 * width}:${4 * height}:x=800+10*n:y=600+4*n,scale=${width}:${height}:flags=area`,
    (n) => ({ x: 2.5 * n, y: n }),
  ],
  ['rotates', `rotate=a=n*PI/180:c=black,crop=${width}:${height}`, (n) => ({ angle: -n })],
];

describe.skipIf(!hasFfmpeg || !existsSync(cli))('a film that ffmpeg', () => {
  test.each(
    FILMS,
  )('%s flickers a third as much as frames by themselves, and is as strong', async (name, filter, camera) => {
    const input = film(`${name}.mkv`, filter);
    const source = pixelsOf(input);
    const alone = await dreamed(input, `${name}-alone.mkv`, '--no-coherence');
    const carried = await dreamed(input, `${name}-carried.mkv`);
    const [own, one, other] = [source, alone, carried].map((pixels) => flicker(pixels, camera)) as [
      number,
      number,
      number,
    ];
    const strength = meanDifference(carried, source) / meanDifference(alone, source);
    console.log(
      `${name}: flicker ${(other / one).toFixed(3)} of alone, the source's own ${(own / one).toFixed(3)}, strength ${strength.toFixed(3)}`,
    );
    expect(other / one).toBeLessThan(1 / 3);
    expect(strength).toBeGreaterThan(0.8);
    expect(strength).toBeLessThan(1.2);
  });
});
