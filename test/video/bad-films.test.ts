// Films that are none, or other than they say; and an ffmpeg that is none.

import { once } from 'node:events';
import { chmod, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { checkVersion, dialectOf, findFfmpeg } from '../../lib/video/ffmpeg.js';
import { openFilm } from '../../lib/video/film.js';
import type { Frame } from '../../lib/video/frame.js';
import { probe } from '../../lib/video/probe.js';
import { FilmReader } from '../../lib/video/read-film.js';
import { ffmpeg, filmFolder, hasFfmpeg, makeFilm, tone } from '../support/films.js';

const folder = filmFolder();
const at = (name: string): string => path.join(folder, name);

const WHOLE = { alpha: true, deep: true, start: undefined, duration: undefined } as const;

async function read(
  file: string,
  more: object = {},
): Promise<{ frames: Frame[]; complaint: string; expected: number | undefined }> {
  const found = await findFfmpeg();
  const { film } = await openFilm(found, file);
  const reader = new FilmReader(found, film, { ...WHOLE, size: film.size, ...more });
  const frames: Frame[] = [];
  for await (const frame of reader.frames()) frames.push(frame);
  return { frames, complaint: reader.complaint, expected: film.frames };
}

const code = (name: string): object => expect.objectContaining({ code: name });

describe.skipIf(!hasFfmpeg)('a film that is none is an error:', () => {
  test.each([
    ['missing', async () => {}, /there is no such file/],
    ['empty', async (file: string) => writeFile(file, ''), /it is empty/],
    ['a folder', async (file: string) => void (await mkdir(file)), /it is a folder/],
    ['text', async (file: string) => writeFile(file, 'no film at all\n'.repeat(99)), /Invalid data|moov atom/],
    ['sound alone', async (file: string) => void ffmpeg(...tone(440), '-c:a', 'aac', file), /no pictures/],
    ['without frames', async (file: string) => void makeFilm(file, { frames: 0 }), /it has no frames\./],
    ['a header alone', async (file: string) => writeFile(file, 'YUV4MPEG2 W96 H64 F25:1\n'), /it has no frames\./],
    [
      'cut before its index',
      async (file: string) => {
        makeFilm(file);
        await truncate(file, 3000);
      },
      /moov atom not found/,
    ],
  ])('%s', async (name, make, says) => {
    const file = at(`${name}.mp4`);
    await make(file);
    const error = await read(file).catch((caught: unknown) => caught);
    expect(error).toEqual(code('ERR_LIVEDREAM_VIDEO_UNREADABLE'));
    expect((error as Error).message).toMatch(says);
    expect((error as Error).message).not.toMatch(/0x[0-9a-f]+/);
  });

  test('one that ffprobe itself falls over', async () => {
    const falls = at('ffprobe-that-falls');
    await writeFile(falls, '#!/bin/sh\nkill -SEGV $$\n');
    await chmod(falls, 0o755);
    const film = makeFilm(at('good.mp4'), { frames: 1 });
    const error = await probe({ ...(await findFfmpeg()), ffprobe: falls }, film).catch((caught: unknown) => caught);
    expect(error).toEqual(code('ERR_LIVEDREAM_VIDEO_UNREADABLE'));
    expect((error as Error).message).toMatch(/ffprobe was killed \(SIGSEGV\)/);
  });

  test('a playlist of addresses, none of which is asked', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await writeFile(at('list.m3u8'), `#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:${port}/a.ts\n#EXT-X-ENDLIST\n`);
    await expect(read(at('list.m3u8'))).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_VIDEO_UNREADABLE' });
    expect(asked).toBe(0);
    server.close();
  });

  test('a part behind its end has no frames', async () => {
    makeFilm(at('short.mp4'));
    await expect(read(at('short.mp4'), { start: 10 })).rejects.toThrow(/no frames in the part that was asked for/);
  });
});

describe.skipIf(!hasFfmpeg)('a film that is other than it says', () => {
  test('gives the frames that are there where it is cut short, and what ffmpeg said of it', async () => {
    const file = makeFilm(at('cut.mkv'), { frames: 50 });
    await truncate(file, Math.round((await stat(file)).size * 0.6));
    const { frames, complaint, expected } = await read(file);
    expect(frames.length).toBeGreaterThan(5);
    expect(frames.length).toBeLessThan(50);
    expect(expected).toBe(50);
    expect(complaint).toMatch(/ended prematurely|truncat|error|invalid/i);
  });

  test('gives as many as it has where its header tells another length', async () => {
    const file = makeFilm(at('lie.mkv'), { frames: 10 });
    const bytes = await readFile(file);
    // Matroska's Duration (0x4489), a double of 8 bytes: an hour.
    const place = bytes.indexOf(Buffer.from([0x44, 0x89, 0x88]));
    expect(place).toBeGreaterThan(0);
    bytes.writeDoubleBE(3_600_000, place + 3);
    await writeFile(file, bytes);
    const { frames, expected } = await read(file);
    expect(frames).toHaveLength(10);
    expect(expected).not.toBe(10);
  });

  test('gives frames of one size where it changes its own', async () => {
    const parts = ['96x64', '64x96'].map((size, place) =>
      makeFilm(at(`part${place}.ts`), { size, frames: 3, output: ['-c:v', 'mpeg2video', '-f', 'mpegts'] }),
    );
    await writeFile(at('joined.ts'), Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))));
    const { frames } = await read(at('joined.ts'));
    expect(new Set(frames.map(({ width, height, data }) => `${width}x${height}, ${data.length}`)).size).toBe(1);
    expect(frames.length).toBeGreaterThan(3);
  });

  test('is let go of where its frames are taken no further', async () => {
    const file = makeFilm(at('left.mp4'), { frames: 200 });
    const found = await findFfmpeg();
    const { film } = await openFilm(found, file);
    const reader = new FilmReader(found, film, { ...WHOLE, size: film.size });
    let count = 0;
    for await (const frame of reader.frames()) {
      count += frame.data.length > 0 ? 1 : 0;
      if (count === 3) break;
    }
    expect(count).toBe(3);
  });

  test('is no longer read when its signal aborts', async () => {
    const file = makeFilm(at('aborted.mp4'), { frames: 200 });
    const controller = new AbortController();
    const reading = read(file, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('ffmpeg', () => {
  const had = process.env['LIVEDREAM_FFMPEG'];
  afterEach(() => {
    if (had === undefined) delete process.env['LIVEDREAM_FFMPEG'];
    else process.env['LIVEDREAM_FFMPEG'] = had;
  });

  test.each([
    ['nothing', 'nowhere', /nothing is there/],
    ['a folder without it', '.', /could not be run/],
    ['another program', 'true', /whose name is not ffmpeg/],
    ['one that is broken', 'ffmpeg-broken', /could not be run/],
  ])('that is %s is an error with the hint how to install it', async (_name, given, says) => {
    for (const name of ['ffmpeg-broken', 'true']) {
      await writeFile(at(name), '#!/bin/sh\nexit 3\n');
      await chmod(at(name), 0o755);
    }
    process.env['LIVEDREAM_FFMPEG'] = at(given);
    const error = await findFfmpeg().catch((caught: unknown) => caught);
    expect(error).toEqual(code('ERR_LIVEDREAM_FFMPEG_MISSING'));
    expect((error as Error).message).toMatch(says);
    expect((error as Error).message).toMatch(/apt-get install ffmpeg.*brew install ffmpeg.*winget install ffmpeg/);
  });

  test('of every version is spoken to as it wants', () => {
    expect(() => checkVersion('4.3.2')).toThrow(/version 4\.3\.2/);
    for (const version of ['4.4', '5.1.9-0+deb12u1', 'n6.1', '8.0', 'N-118000-gabcdef', '2026-01-01-git'])
      expect(() => checkVersion(version)).not.toThrow();
    expect(dialectOf('4.4.1')).toEqual({ passthrough: ['-vsync', 'passthrough'], sourceTimeBase: '-1' });
    expect(dialectOf('5.1')).toEqual({ passthrough: ['-fps_mode', 'passthrough'], sourceTimeBase: '-1' });
    expect(dialectOf('n7.1')).toEqual({ passthrough: ['-fps_mode', 'passthrough'], sourceTimeBase: 'demux' });
    expect(dialectOf('N-118000-gabcdef').sourceTimeBase).toBe('demux');
  });
});
