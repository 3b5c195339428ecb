// `livedream video` as users run it, on films of ffmpeg's own generators.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { cli, type Ended, livedreamIn } from '../support/cli.js';
import {
  ffmpeg,
  filmFolder,
  frameTimes,
  hasFfmpeg,
  makeFilm,
  makeFilmTurned,
  meanDifference,
  PASSTHROUGH,
  packetHash,
  pixelsOf,
  probePictures,
  probeStreams,
  tone,
} from '../support/films.js';
import { SAMPLE } from '../support/pictures.js';

const QUICK = ['--octaves', '1', '--iterations', '1'];

const cwd = filmFolder();
const at = (name: string): string => path.join(cwd, name);
const video = (...args: string[]): Promise<Ended> => livedreamIn({ cwd }, 'video', ...args, ...QUICK);

/** Runs it, and it has to come to a good end. */
async function dreamed(...args: string[]): Promise<{ readonly stderr: string; readonly stdout: string }> {
  const { code, stdout, stderr } = await video(...args);
  expect(code, stderr).toBe(0);
  return { stderr, stdout: stdout.toString() };
}

const x264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
const VARIABLE = "select='not(mod(n,3))+eq(mod(n,7),1)',setpts=PTS+2/TB/30*gt(N\\,4)";

describe.skipIf(!hasFfmpeg || !existsSync(cli))('livedream video', () => {
  test('dreams of every frame, copies the sound, and leaves nothing else behind', async () => {
    makeFilm(at('a.mp4'), { source: 'mandelbrot', inputs: tone(440), output: [...x264, '-c:a', 'aac', '-shortest'] });
    const before = await readdir(cwd);
    const { stdout, stderr } = await dreamed('a.mp4', '-o', 'out.mp4');
    expect({ stdout, stderr }).toEqual({ stdout: 'out.mp4\n', stderr: '' });
    expect((await readdir(cwd)).sort()).toEqual([...before, 'out.mp4'].sort());
    expect(probeStreams(at('out.mp4')).map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
    expect(frameTimes(at('out.mp4'))).toEqual(frameTimes(at('a.mp4')));
    expect(packetHash(at('out.mp4'), 'a:0')).toBe(packetHash(at('a.mp4'), 'a:0'));
    const [was, is] = [pixelsOf(at('a.mp4')), pixelsOf(at('out.mp4'))];
    expect(meanDifference(is, was)).toBeGreaterThan(1);
    // Frame 3 is dreamed of frame 3: no other is so near to it.
    const bytes = 96 * 64 * 3;
    const frame = (film: Buffer, place: number): Buffer => film.subarray(place * bytes, (place + 1) * bytes);
    const near = [...Array(10).keys()].map((place) => meanDifference(frame(is, 3), frame(was, place)));
    expect(near.indexOf(Math.min(...near))).toBe(3);
  });

  test('gives the same bytes for the same seed', async () => {
    makeFilm(at('twice.mp4'), { frames: 5, inputs: tone(300, 0.2), output: [...x264, '-c:a', 'aac'] });
    const films: Buffer[] = [];
    for (const [name, seed] of [
      ['one', '7'],
      ['two', '7'],
      ['other', '8'],
    ] as const) {
      await dreamed('twice.mp4', '-o', `${name}.mp4`, '--seed', seed);
      films.push(await readFile(at(`${name}.mp4`)));
    }
    const [one, two, other] = films as [Buffer, Buffer, Buffer];
    expect(one.equals(two)).toBe(true);
    expect(one.equals(other)).toBe(false);
  });

  test('keeps two audio tracks, subtitles, chapters and the title', async () => {
    await writeFile(at('text.srt'), '1\n00:00:00,000 --> 00:00:00,300\nhello\n');
    const metadata = ';FFMETADATA1\ntitle=Two\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=First\n';
    await writeFile(at('meta.txt'), metadata);
    const inputs = [...tone(440), ...tone(880), '-i', at('text.srt'), '-i', at('meta.txt')];
    const maps = [
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-map',
      '2:a',
      '-map',
      '3:s',
      '-map_metadata',
      '4',
      '-map_chapters',
      '4',
    ];
    const tags = ['-metadata:s:a:1', 'language=fra'];
    makeFilm(at('two.mkv'), { inputs, output: [...maps, ...x264, '-c:a', 'flac', '-c:s', 'srt', ...tags] });
    expect((await dreamed('two.mkv', '-o', 'two-out.mkv')).stderr).toBe('');
    const streams = probeStreams(at('two-out.mkv'));
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'flac', 'flac', 'subrip']);
    expect(streams[2]?.tags?.['language']).toBe('fra');
    for (const track of ['a:0', 'a:1'])
      expect(packetHash(at('two-out.mkv'), track)).toBe(packetHash(at('two.mkv'), track));
    const told = ffmpeg('-i', at('two-out.mkv'), '-f', 'ffmetadata', 'pipe:1').toString();
    expect(told).toMatch(/title=Two[\s\S]*\[CHAPTER\][\s\S]*title=First/i);
    // MP4 has other subtitles, and WebM other sound: what does not fit is encoded anew, and that is said.
    const { stderr } = await dreamed('two.mkv', '-o', 'two-out.webm');
    expect(stderr).toMatch(/the sound of track 1 \(flac\) is encoded anew/);
    expect(probeStreams(at('two-out.webm')).map(({ codec_name }) => codec_name)).toEqual([
      'vp9',
      'opus',
      'opus',
      'webvtt',
    ]);
    expect((await dreamed('two.mkv', '-o', 'two-out.gif')).stderr).toMatch(/the sound of track 1 \(flac\) is left out/);
  });

  test('keeps variable rates, with the sound in its place', async () => {
    const recipe = { frames: 12, filter: `${VARIABLE},setpts=PTS+0.2/TB`, inputs: tone(440, 2) };
    makeFilm(at('vfr.mkv'), { ...recipe, output: [...x264, ...PASSTHROUGH, '-c:a', 'aac'] });
    await dreamed('vfr.mkv', '-o', 'vfr.mp4');
    const [was, is] = [frameTimes(at('vfr.mkv')), frameTimes(at('vfr.mp4'))];
    expect(is.length).toBe(was.length);
    // ffmpeg 7 moves pictures and sound alike by the silence that AAC begins with, 1024 samples.
    for (const [place, time] of was.entries()) expect(Math.abs((is[place] as number) - time)).toBeLessThan(0.025);
    expect(new Set(is.slice(1).map((time, place) => (time - (is[place] as number)).toFixed(2))).size).toBeGreaterThan(
      2,
    );
  });

  test('cuts out a part, resizes it, and says in JSON what it did', async () => {
    makeFilm(at('long.mp4'), { frames: 50, inputs: tone(440, 2), output: [...x264, '-c:a', 'aac'] });
    const part = ['--start', '0.4', '--duration', '0.4', '--size', '65', '--json'];
    const { stdout } = await dreamed('long.mp4', '-o', 'part.mp4', ...part);
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).toMatchObject({ file: 'part.mp4', frames: 10, dreamed: 10, width: 64, height: 42, codec: 'libx264' });
    expect(told['framesPerSecond']).toBeGreaterThan(0);
    expect(told['parameters']).toMatchObject({ octaves: 1, seed: 0 });
    expect(probePictures(at('part.mp4'))).toMatchObject({ width: 64, height: 42, nb_frames: '10' });
    const seconds = Number(probeStreams(at('part.mp4')).find(({ codec_type }) => codec_type === 'audio')?.['duration']);
    expect(Math.abs(seconds - 0.4)).toBeLessThan(0.1);
    // Where sound is not hidden before the beginning, it would push the pictures back.
    await dreamed('long.mp4', '-o', 'part.mkv', ...part);
    expect(frameTimes(at('part.mkv'))[0]).toBe(0);
    // The frame at 0.4 s is the first.
    const bytes = 64 * 42 * 3;
    const was = ffmpeg('-i', at('long.mp4'), '-vf', 'scale=64:42', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1');
    const first = pixelsOf(at('part.mkv')).subarray(0, bytes);
    const near = [...Array(50).keys()].map((place) =>
      meanDifference(first, was.subarray(place * bytes, (place + 1) * bytes)),
    );
    expect(near.indexOf(Math.min(...near))).toBe(10);
  });

  test('makes a preview, which is short and small', async () => {
    makeFilm(at('wide.mp4'), { size: '400x200', rate: '4', frames: 20 });
    const { code, stdout, stderr } = await livedreamIn(
      { cwd },
      'video',
      'wide.mp4',
      '-o',
      'preview.mp4',
      '--preview',
      '--json',
    );
    expect(code, stderr).toBe(0);
    const told = JSON.parse(stdout.toString()) as { readonly parameters: object };
    expect(told).toMatchObject({ frames: 12, width: 320, height: 160 });
    expect(told.parameters).toMatchObject({ octaves: 2, iterations: 2 });
  });

  test.each([
    ['one frame', { frames: 1 }],
    ['no sound', {}],
    ['10 bits', { output: ['-c:v', 'libx264', '-pix_fmt', 'yuv420p10le'] }],
  ])('takes a film of %s', async (name, recipe) => {
    const input = makeFilm(at(`${name}.mp4`), { frames: 3, ...recipe });
    expect((await dreamed(`${name}.mp4`, '-o', `out ${name}.mp4`)).stderr).toBe('');
    const [was, is] = [probePictures(input), probePictures(at(`out ${name}.mp4`))];
    for (const key of ['nb_frames', 'pix_fmt', 'width', 'r_frame_rate']) expect(is[key]).toBe(was[key]);
    expect(meanDifference(pixelsOf(at(`out ${name}.mp4`)), pixelsOf(input))).toBeGreaterThan(1);
  });

  test('keeps transparency as it is', async () => {
    const filter = "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*X/W'";
    makeFilm(at('alpha.mov'), { frames: 2, filter, output: ['-c:v', 'qtrle'] });
    await dreamed('alpha.mov', '-o', 'alpha-out.mov', '--codec', 'qtrle');
    const alpha = (name: string): Buffer =>
      Buffer.from(pixelsOf(at(name), 'rgba').filter((_byte, place) => place % 4 === 3));
    expect(alpha('alpha-out.mov').equals(alpha('alpha.mov'))).toBe(true);
    await dreamed('alpha.mov', '-o', 'alpha/');
    const { data } = await sharp(at('alpha/000001.png')).extractChannel(3).raw().toBuffer({ resolveWithObject: true });
    expect(data.equals(alpha('alpha.mov').subarray(0, 96 * 64))).toBe(true);
    expect((await dreamed('alpha.mov', '-o', 'alpha.mp4')).stderr).toMatch(/holds no transparency/);
  });

  test('dreams of what is there of a film that is cut short, and says so', async () => {
    const whole = makeFilm(at('whole.mkv'), { frames: 50 });
    const bytes = await readFile(whole);
    await writeFile(at('cut.mkv'), bytes.subarray(0, Math.round(bytes.length * 0.6)));
    const { stderr } = await dreamed('cut.mkv', '-o', 'cut.mp4');
    expect(stderr).toMatch(/warning: the film ends after \d+ frames, and its header promises 50/);
    expect(stderr).toMatch(/warning: ffmpeg complained of the film: /);
    expect(Number(probePictures(at('cut.mp4'))['nb_frames'])).toBeGreaterThan(5);
  });

  test('leaves nothing where there is nothing to dream of', async () => {
    makeFilm(at('whole.mkv'));
    const before = await readdir(cwd);
    for (const [given, output, ended, says] of [
      ['nowhere.mp4', 'x.mp4', 1, /there is no such file.*ERR_LIVEDREAM_VIDEO_UNREADABLE/],
      ['whole.mkv', 'x.xyz', 1, /no type of film by the extension '\.xyz'.*ERR_LIVEDREAM_OUTPUT_UNWRITABLE/],
      ['whole.mkv', 'nowhere/x.mp4', 1, /there is no folder 'nowhere'/],
      ['whole.mkv', 'whole.mkv', 2, /another file than 'whole\.mkv'/],
      ['whole.mkv', '-', 2, /a film, or a folder for its frames/],
    ] as const) {
      const { code, stdout, stderr } = await video(given, '-o', output);
      expect({ code, stdout: stdout.toString() }, stderr).toEqual({ code: ended, stdout: '' });
      expect(stderr).toMatch(says);
    }
    const { code, stderr } = await video('whole.mkv', '-o', 'x.mp4', '--codec', 'h263plus2');
    expect(code).toBe(2);
    expect(stderr).toMatch(/'codec' must be an encoder of this ffmpeg/);
    expect((await readdir(cwd)).sort()).toEqual(before.sort());
  });

  test('waits for another run that writes the same film', async () => {
    makeFilm(at('shared.mp4'), { frames: 8 });
    const both = await Promise.all([video('shared.mp4', '-o', 'once.mp4'), video('shared.mp4', '-o', 'once.mp4')]);
    for (const { code, stderr } of both) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(probePictures(at('once.mp4'))['nb_frames']).toBe('8');
    expect(existsSync(at('once.mp4.livedream'))).toBe(false);
  });

  test('turns a film that is to be shown turned', async () => {
    makeFilmTurned(makeFilm(at('flat.mp4'), { frames: 2 }), at('turned.mp4'));
    await dreamed('turned.mp4', '-o', 'upright.mp4');
    expect(probePictures(at('upright.mp4'))).toMatchObject({ width: 64, height: 96 });
  });

  test('dreams of a folder of pictures into a folder, names kept, and of a pattern', async () => {
    await mkdir(at('frames'));
    for (const place of [1, 2, 10])
      await sharp(SAMPLE)
        .resize(40 + place, 40)
        .png()
        .toFile(at(`frames/f${place}.png`));
    await sharp(SAMPLE).resize(48, 40).jpeg().toFile(at('frames/g.jpg'));
    await writeFile(at('frames/notes.txt'), 'none');
    await dreamed('frames', '-o', 'dreams/');
    expect((await readdir(at('dreams'))).sort()).toEqual(['f1.png', 'f10.png', 'f2.png', 'g.jpg']);
    expect(await sharp(at('dreams/f10.png')).metadata()).toMatchObject({ width: 50, height: 40, format: 'png' });
    await dreamed('frames/f?.png', '-o', 'some/');
    expect((await readdir(at('some'))).sort()).toEqual(['f1.png', 'f2.png']);
    expect((await readFile(at('some/f2.png'))).equals(await readFile(at('dreams/f2.png')))).toBe(true);
  });

  test('makes a film of pictures, and pictures of a film', async () => {
    await mkdir(at('stills'));
    for (const place of [9, 10, 11])
      await sharp(SAMPLE)
        .resize(64, 48)
        .png()
        .toFile(at(`stills/${place}.png`));
    await dreamed('stills', '-o', 'stills.mp4', '--rate', '5');
    expect(frameTimes(at('stills.mp4'))).toEqual([0, 0.2, 0.4]);
    await dreamed('stills.mp4', '-o', 'again/');
    expect((await readdir(at('again'))).sort()).toEqual(['000001.png', '000002.png', '000003.png']);
    await sharp(SAMPLE).resize(32, 48).png().toFile(at('stills/12.png'));
    const { code, stderr } = await video('stills', '-o', 'odd-one.mp4');
    expect(code).toBe(1);
    expect(stderr).toMatch(/12\.png' cannot be read: it has 32 x 48 pixels, and the first 64 x 48/);
    await rm(at('odd-one.mp4.livedream'), { recursive: true });
  });
});
