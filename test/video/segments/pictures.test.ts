// Folders of pictures in segments against `livedream video`: the same films and pictures.
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dreamer } from '../../../lib/dreamer.js';
import { numberedNames } from '../../../lib/video/pictures.js';
import { cli } from '../../support/cli.js';
import { TEST_DEVICE } from '../../support/device.js';
import { filmFolder, hasFfmpeg } from '../../support/films.js';
import { SAMPLE } from '../../support/pictures.js';
import { pan, sameFilm, samePictures } from './support/same.js';

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);

let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await Dreamer.load({ device: TEST_DEVICE });
});
afterAll(() => dreamer?.dispose());

describe.skipIf(!hasFfmpeg || !existsSync(cli))('pictures in segments are the same to the byte', () => {
  test('as a film of theirs, and as pictures of their own names, one of another size and with alpha', async () => {
    await mkdir(at('photos'));
    pan(at('photos/photo-%02d.png'), 8, ['-pix_fmt', 'rgb24']);
    const film = await sameFilm(at('photos'), 'photos.mp4', {
      ...{ dreamer, cwd, most: 3, flags: ['--rate', '12.5', '--size', '80'] },
      request: { rate: 12.5, longestSide: 80 },
    });
    expect(film.film.segments.map(({ begins }) => begins)).toEqual(['anew', 'carried', 'carried']);
    await cp(at('photos'), at('mixed'), { recursive: true });
    const small = sharp(SAMPLE).resize(70, 50, { fit: 'fill' }).ensureAlpha(0.5);
    await small.png().toFile(at('mixed/photo-04.png'));
    const mixed = await samePictures(at('mixed'), { dreamer, cwd, most: 5 });
    expect(mixed.film.segments.flatMap(({ cuts }) => cuts)).toEqual([0, 3, 4]);
    expect((await readdir(at('mixed-joined'))).length).toBe(8);
  });

  test('that come of a film', async () => {
    const input = pan(at('film.mkv'), 7, ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le']);
    const made = await samePictures(input, { dreamer, cwd, most: 4 }, numberedNames);
    expect(made.film.segments.map(({ begins }) => begins)).toEqual(['anew', 'carried']);
  });
});
