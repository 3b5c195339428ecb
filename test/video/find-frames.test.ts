import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFrames, patternOf } from '../../lib/video/find-frames.js';
import { numberedNames, ownNames } from '../../lib/video/pictures.js';

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-find-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);
beforeAll(async () => {
  for (const name of ['f10.png', 'f9.PNG', 'f1.jpg', 'g.webp', 'notes.txt', '.hidden.png', 'a[1].png'])
    await writeFile(at(name), 'x');
  await mkdir(at('empty'));
});

test('a folder is its pictures, as people count', async () => {
  const files = ['.hidden.png', 'a[1].png', 'f1.jpg', 'f9.PNG', 'f10.png', 'g.webp'].map(at);
  expect(await findFrames([folder])).toEqual({ kind: 'pictures', files });
});

test.each([
  ['f*.png', ['f10.png']],
  ['f?.*', ['f1.jpg', 'f9.PNG']],
  ['[fg]*.[jw]*', ['f1.jpg', 'g.webp']],
  ['[!f]*.png', ['a[1].png']],
  ['*.txt', ['notes.txt']],
])('a pattern %s', async (pattern, names) => {
  expect(await findFrames([at(pattern)])).toEqual({ kind: 'pictures', files: names.map(at) });
});

test('a file is a film, whatever its name; several are pictures in their order', async () => {
  expect(await findFrames([at('a[1].png')])).toEqual({ kind: 'film', file: at('a[1].png') });
  expect(await findFrames([at('nowhere.mp4')])).toEqual({ kind: 'film', file: at('nowhere.mp4') });
  expect(await findFrames([at('g.webp'), at('f1.jpg')])).toEqual({
    kind: 'pictures',
    files: [at('g.webp'), at('f1.jpg')],
  });
});

test('nothing to dream of is an error', async () => {
  for (const [given, says] of [
    ['empty', /a folder without pictures/],
    ['*.avi', /no file has such a name/],
    ['nowhere/*.png', /there is no such folder/],
  ] as const) {
    const error = await findFrames([at(given)]).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_LIVEDREAM_VIDEO_UNREADABLE', message: expect.stringMatching(says) });
  }
});

test('patterns take no part of a path and no hidden names', () => {
  expect(patternOf('*.png').test('.a.png')).toBe(false);
  expect(patternOf('.*').test('.a')).toBe(true);
  expect(patternOf('a.png').test('axpng')).toBe(false);
  expect(patternOf('(a|b)+*').test('(a|b)+c')).toBe(true);
});

test('names of results', () => {
  const names = ownNames('out', ['in/a.jpg', 'in/b.gif', 'in/c.TIFF']);
  expect([0, 1, 2].map(names)).toEqual(['a.jpg', 'b.png', 'c.TIFF'].map((name) => path.join('out', name)));
  expect(numberedNames('out')(41)).toBe(path.join('out', '000042.png'));
});
