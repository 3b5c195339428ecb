// Films through reading and writing alone, nothing dreamed: what is kept of them.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseEncoding, colourOf, type FilmEncoding } from '../../lib/video/encoding.js';
import { findFfmpeg } from '../../lib/video/ffmpeg.js';
import { type Film, openFilm } from '../../lib/video/film.js';
import { FilmReader } from '../../lib/video/read-film.js';
import { FilmWriter } from '../../lib/video/write-film.js';
import {
  filmFolder,
  frameTimes,
  hasFfmpeg,
  makeFilm,
  makeFilmTurned,
  meanDifference,
  PASSTHROUGH,
  pixelsOf,
  probePictures,
} from '../support/films.js';

const folder = filmFolder();

interface Transcoded {
  readonly film: Film;
  readonly encoding: FilmEncoding;
  readonly output: string;
}

async function transcode(input: string, name: string, codec?: string): Promise<Transcoded> {
  const ffmpeg = await findFfmpeg();
  const { film, formats } = await openFilm(ffmpeg, input);
  const { size, pixels, colour } = film;
  const output = path.join(folder, `out-${name}`);
  await rm(output, { force: true });
  const asked = { file: output, size, pixels, source: film.codec, codec, quality: 100 };
  const encoding = await chooseEncoding(ffmpeg, asked, formats);
  const { pixelAspect, rate, nominalRate } = film;
  const kept = { colour: colourOf(colour, pixels, size), pixelAspect, rate, nominalRate };
  const settings = { ...kept, encoding, accompaniment: undefined };
  const reader = new FilmReader(ffmpeg, film, { size, alpha: true, deep: true, start: undefined, duration: undefined });
  let writer: FilmWriter | undefined;
  for await (const frame of reader.frames()) {
    const { clock, shape } = reader;
    writer ??= new FilmWriter(ffmpeg, settings, { what: name, file: output, shape, clock, first: frame.time });
    await writer.write(frame);
  }
  await writer?.finish();
  return { film, encoding, output };
}

const x264 = (format: string, ...more: string[]): string[] => [
  '-c:v',
  'libx264',
  '-qp',
  '0',
  '-pix_fmt',
  format,
  ...more,
];
/** Or what is lost would be mostly the colours' sharp edges, which 4:2:0 does not hold. */
const SOFT = 'gblur=sigma=4';
const VARIABLE = "select='not(mod(n,3))+eq(mod(n,7),1)',setpts=PTS+2/TB/30*gt(N\\,4)";

describe.skipIf(!hasFfmpeg)('a film that is read and written', () => {
  test.each([
    ['constant rate', 'mp4', { rate: '30000/1001', output: x264('yuv420p') }],
    ['variable rate', 'mp4', { frames: 12, filter: VARIABLE, output: x264('yuv420p', ...PASSTHROUGH) }],
    ['variable rate', 'mkv', { frames: 12, filter: VARIABLE, output: x264('yuv420p', ...PASSTHROUGH) }],
    ['one frame', 'mp4', { frames: 1, output: x264('yuv420p') }],
  ] as const)('has the same frames at the same times: %s, %s', async (name, extension, recipe) => {
    const input = makeFilm(path.join(folder, `in-${name}.mp4`), recipe);
    const { output } = await transcode(input, `times-${name}.${extension}`);
    const [expected, found] = [frameTimes(input), frameTimes(output)];
    expect(found).toHaveLength(expected.length);
    // Matroska has milliseconds.
    for (const [place, time] of expected.entries()) expect(found[place]).toBeCloseTo(time, extension === 'mkv' ? 3 : 5);
    expect(meanDifference(pixelsOf(output, 'gray'), pixelsOf(input, 'gray'))).toBeLessThan(1.5);
  });

  test.each([
    ['bt709', 'tv', 'yuv420p'],
    ['bt709', 'pc', 'yuv420p'],
    ['smpte170m', 'tv', 'yuv420p'],
    ['smpte170m', 'pc', 'yuv444p'],
    ['bt2020nc', 'tv', 'yuv420p10le'],
    ['smpte240m', 'tv', 'yuv422p'],
  ])('keeps its colours: %s, range %s, %s', async (matrix, range, format) => {
    const colours = ['-colorspace', matrix, '-color_range', range, '-color_primaries', 'bt709', '-color_trc', 'bt709'];
    const scale = `scale=out_color_matrix=${matrix === 'bt2020nc' ? 'bt2020' : matrix}:out_range=${range}`;
    // Since ffmpeg 8 what frames say of themselves is written, and not what the output is said to have.
    const filter = `${SOFT},${scale},setparams=color_primaries=bt709:color_trc=bt709`;
    const input = makeFilm(path.join(folder, 'colours.mp4'), { filter, frames: 3, output: x264(format, ...colours) });
    const { output } = await transcode(input, `colours-${matrix}-${range}.mp4`);
    const kept = {
      color_space: matrix,
      color_range: range,
      color_primaries: 'bt709',
      color_transfer: 'bt709',
      pix_fmt: format,
    };
    expect(probePictures(output)).toMatchObject({
      ...kept,
      pix_fmt: range === 'pc' ? expect.stringMatching(format.replace('yuv', 'yuvj?')) : format,
    });
    expect(meanDifference(pixelsOf(output), pixelsOf(input))).toBeLessThan(2);
    // The very same luma, and not only colours that come near to it.
    if (format === 'yuv444p')
      expect(meanDifference(pixelsOf(output, 'yuv444p'), pixelsOf(input, 'yuv444p'))).toBeLessThan(1);
  });

  test.each([
    ['rotated', 'mp4', 'display'],
    ['rotated', 'webm', 'display'],
  ])('is upright: %s, %s', async (_name, extension) => {
    const flat = makeFilm(path.join(folder, 'flat.mp4'), { filter: SOFT, frames: 4, output: x264('yuv420p') });
    const turned = path.join(folder, 'turned.mp4');
    makeFilmTurned(flat, turned);
    const { film, output } = await transcode(turned, `upright.${extension}`);
    expect(film.size).toEqual({ width: 64, height: 96 });
    expect(probePictures(output)).toMatchObject({ width: 64, height: 96 });
    expect(probePictures(output)['side_data_list']).toBeUndefined();
    expect(meanDifference(pixelsOf(output), pixelsOf(turned))).toBeLessThan(3);
  });

  test('keeps pixels that are not square', async () => {
    const filter = 'setsar=4/3';
    const input = makeFilm(path.join(folder, 'wide.mp4'), { filter, frames: 2, output: x264('yuv420p') });
    expect(probePictures((await transcode(input, 'wide.mp4.mkv')).output)['sample_aspect_ratio']).toBe('4:3');
    const turned = path.join(folder, 'wide-turned.mp4');
    makeFilmTurned(input, turned);
    expect(probePictures((await transcode(turned, 'high.mp4')).output)['sample_aspect_ratio']).toBe('3:4');
  });

  test.each([
    ['mp4', 'libx264', { width: 96, height: 64 }],
    ['webm', 'libvpx-vp9', { width: 97, height: 65 }],
    ['mkv', 'ffv1', { width: 97, height: 65 }],
    ['mp4', 'libx265', { width: 96, height: 64 }],
    ['mov', 'prores_ks', { width: 97, height: 65 }],
    ['avi', 'mpeg4', { width: 96, height: 64 }],
    ['gif', 'gif', { width: 97, height: 65 }],
    ['webp', 'libwebp_anim', { width: 97, height: 65 }],
    ['apng', 'apng', { width: 97, height: 65 }],
    ['mov', 'qtrle', { width: 97, height: 65 }],
  ])('of odd sides: %s by %s', async (extension, codec, size) => {
    const output = ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p'];
    const input = makeFilm(path.join(folder, 'odd.mkv'), { filter: `${SOFT},scale=97:65`, frames: 3, output });
    const { encoding, output: film } = await transcode(input, `odd.${extension}`, codec);
    expect(encoding.size).toEqual(size);
    expect(encoding.notes.some((note) => note.includes('takes no odd size'))).toBe(size.width === 96);
    if (extension !== 'webp') expect(probePictures(film)).toMatchObject(size);
    if (size.width === 97 && extension !== 'webp')
      // GIF has 256 colours, between which it dithers.
      expect(meanDifference(pixelsOf(film, 'gray'), pixelsOf(input, 'gray'))).toBeLessThan(extension === 'gif' ? 5 : 2);
  });

  test.each([
    ['webm', undefined, 'yuva420p', ['-c:v', 'libvpx-vp9']],
    ['mov', undefined, 'yuva444p12le', []],
    ['mov', 'qtrle', 'argb', []],
    ['mkv', 'ffv1', 'bgra', []],
    ['apng', undefined, 'rgba', []],
  ])('keeps its transparency: %s, %s', async (extension, codec, format, decoder) => {
    const input = path.join(folder, 'alpha.mkv');
    const filter = `format=rgba,${SOFT},geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*X/W'`;
    makeFilm(input, { filter, frames: 3, output: ['-c:v', 'ffv1', '-pix_fmt', 'bgra'] });
    const { output, encoding } = await transcode(input, `alpha.${extension}`, codec);
    expect(encoding.notes).toEqual([]);
    if (decoder.length === 0) expect(probePictures(output)['pix_fmt']).toBe(format);
    const [had, has] = [pixelsOf(input, 'gray', []), pixelsOf(output, 'gray', decoder)];
    expect(meanDifference(has, had)).toBeLessThan(4);
    const alphaOf = (file: string, more: readonly string[]): Buffer =>
      pixelsOf(file, 'rgba', more).filter((_byte, place) => place % 4 === 3) as unknown as Buffer;
    expect(meanDifference(alphaOf(output, decoder), alphaOf(input, []))).toBeLessThan(3);
    // Read again, it still has it.
    expect((await transcode(output, `alpha-again.${extension}`, codec)).film.pixels.alpha).toBe(true);
  });

  test('says that MP4 holds no transparency, and puts it on black', async () => {
    const filter = 'format=rgba,colorchannelmixer=aa=0';
    const input = makeFilm(path.join(folder, 'clear.mov'), { filter, frames: 2, output: ['-c:v', 'qtrle'] });
    const { output, encoding } = await transcode(input, 'clear.mp4');
    expect(encoding.notes).toEqual([expect.stringMatching(/holds no transparency/)]);
    expect(Math.max(...pixelsOf(output, 'gray'))).toBeLessThan(3);
  });

  test('keeps 10 bits, and says where they are lost', async () => {
    const filter = `format=yuv444p10le,${SOFT}`;
    const input = makeFilm(path.join(folder, 'deep.mp4'), { filter, frames: 2, output: x264('yuv444p10le') });
    const { output } = await transcode(input, 'deep.mkv', 'ffv1');
    expect(probePictures(output)['pix_fmt']).toBe('yuv444p10le');
    const [had, has] = [pixelsOf(input, 'yuv444p10le'), pixelsOf(output, 'yuv444p10le')];
    const words = (bytes: Buffer): Uint16Array => new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    // Of 1023: 8 bits would be off by one on average.
    const differences = words(has).map((word, place) => Math.abs(word - (words(had)[place] as number)));
    expect(differences.reduce((sum, each) => sum + each, 0) / differences.length).toBeLessThan(0.6);
    const lossy = await transcode(input, 'deep.avi', 'mpeg4');
    expect(lossy.encoding.notes).toEqual(['mpeg4 holds 8 bits a colour, and the film has 10']);
  });
});
