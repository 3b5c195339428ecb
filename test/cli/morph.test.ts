// `livedream morph` as users run it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli, type Ended, livedreamIn } from '../support/cli.js';
import { filmFolder, hasFfmpeg, meanDifference, pixelsOf, probePictures } from '../support/films.js';
import { SAMPLE } from '../support/pictures.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
const SMALL = ['--size', '96', '--octaves', '2', '--iterations', '1', '--rate', '10', '--keep', '0.8'];
const morph = (...args: string[]): Promise<Ended> => livedreamIn({ cwd }, 'morph', 'photo.png', ...SMALL, ...args);

async function made(...args: string[]): Promise<Ended> {
  const ended = await morph(...args);
  expect(ended.code, ended.stderr).toBe(0);
  return ended;
}

/** How far each frame is from the one before, the first from the last. */
function changes(film: Buffer): number[] {
  const bytes = 96 * 64 * 3;
  const count = film.length / bytes;
  const frame = (place: number): Buffer => film.subarray(place * bytes, (place + 1) * bytes);
  return [...Array(count).keys()].map((place) => meanDifference(frame(place), frame((place + count - 1) % count)));
}

describe.skipIf(!hasFfmpeg || !existsSync(cli))('livedream morph', () => {
  beforeAll(async () => {
    await sharp(SAMPLE).resize(192, 128).toFile(at('photo.png'));
  });

  test('changes from filter to filter little by little, and begins again unseen', async () => {
    const exact = ['--filters', 'van-gogh,owl', '--duration', '3', '--codec', 'ffv1'];
    await made(...exact, '-o', 'a.mkv');
    const film = pixelsOf(at('a.mkv'));
    const [seam = 0, ...others] = changes(film);
    expect(others).toHaveLength(29);
    expect(seam).toBeLessThanOrEqual(1.2 * Math.max(...others));
    const bytes = 96 * 64 * 3;
    // In the middle it is another dream.
    expect(meanDifference(film.subarray(0, bytes), film.subarray(15 * bytes, 16 * bytes))).toBeGreaterThan(
      2 * Math.max(...others),
    );
    // It is a dream from the first frame on.
    const photograph = await sharp(at('photo.png')).resize(96, 64).removeAlpha().raw().toBuffer();
    expect(meanDifference(film.subarray(0, bytes), photograph)).toBeGreaterThan(5);
    await made(...exact, '-o', 'b.mkv');
    expect((await readFile(at('b.mkv'))).equals(await readFile(at('a.mkv')))).toBe(true);
    await made(...exact, '--no-seamless', '-o', 'open.mkv');
    const [open = 0, ...rest] = changes(pixelsOf(at('open.mkv')));
    expect(open).toBeGreaterThan(2 * Math.max(...rest));
  });

  test.each(['gif', 'webp', 'mp4'])('is written as .%s', async (extension) => {
    await made('--filters', 'owl', '--duration', '0.5', '-o', `a.${extension}`);
    if (extension === 'webp')
      expect(await sharp(at('a.webp'), { animated: true }).metadata()).toMatchObject({ pages: 5 });
    else expect(probePictures(at(`a.${extension}`))).toMatchObject({ width: 96, height: 64 });
  });

  test.each([
    [[], 2, /'filters' must be names of filters/],
    [['--filters', 'owl,,caves'], 2, /'filters' must be names of filters/],
    [['--filters', 'owl,nosuch'], 1, /ERR_LIVEDREAM_FILTER_UNKNOWN/],
  ])('%j is refused', async (args, ended, says) => {
    const { code, stderr } = await morph(...args, '--duration', '0.5', '-o', 'none.mp4');
    expect(code).toBe(ended);
    expect(stderr).toMatch(says);
    // Before anything was dreamed.
    expect(existsSync(at('none.mp4.livedream'))).toBe(false);
  });
});
