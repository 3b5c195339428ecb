// What toFile and toBuffer throw: always a code, with the option and its value.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dream, type DreamParts } from '../../lib/dream.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-dream-files-'));
});
afterAll(async () => rm(folder, { recursive: true }));

function dream(parts: Partial<DreamParts> = {}): Dream {
  const choice = { device: 'CPU:0', xla: false, precision: 'float32', why: '' };
  return new Dream({ width: 64, height: 2, data: new Uint8Array(384), choice, ...parts } as DreamParts);
}

type Call = (made: { toFile: (...given: unknown[]) => unknown; toBuffer: (...given: unknown[]) => unknown }) => unknown;

const WRONG: readonly (readonly [string, Call, 'TYPE' | 'RANGE', RegExp])[] = [
  ['toFile()', (d) => d.toFile(), 'TYPE', /'file' must be the path of a file, but is undefined/],
  ['toFile(5)', (d) => d.toFile(5), 'TYPE', /'file' must be the path of a file, but is 5 \(number\)/],
  ["toFile('')", (d) => d.toFile(''), 'RANGE', /'file'.*but is ""/],
  ['a path with NUL', (d) => d.toFile('a\0.png'), 'RANGE', /'file' must be the path of a file/],
  ["toBuffer('bmp')", (d) => d.toBuffer('bmp'), 'RANGE', /'format' must be one of 'png', .*but is "bmp"/],
  ["toBuffer('constructor')", (d) => d.toBuffer('constructor'), 'RANGE', /'format'.*"constructor"/],
  ['toBuffer(null)', (d) => d.toBuffer(null), 'TYPE', /'format'.*null/],
  ['quality: 900', (d) => d.toBuffer('jpeg', { quality: 900 }), 'RANGE', /'quality' must be .* 1 to 100, but is 900/],
  ['quality: 900 of a PNG', (d) => d.toFile('a.png', { quality: 900 }), 'RANGE', /'quality'.*900/],
  ['quality: NaN', (d) => d.toFile('a.jpg', { quality: Number.NaN }), 'RANGE', /'quality'.*NaN/],
  ["quality: '90'", (d) => d.toFile('a.jpg', { quality: '90' }), 'TYPE', /'quality'.*"90" \(string\)/],
  ['an unknown option', (d) => d.toFile('a.jpg', { qualty: 90 }), 'RANGE', /'qualty'.*did you mean 'quality'/],
  ['an unknown option', (d) => d.toBuffer('jpeg', { lossless: true }), 'RANGE', /'lossless' must be left out/],
  ['no options object', (d) => d.toFile('a.jpg', null), 'TYPE', /'options' must be an object, but is null/],
  ['a format that contradicts', (d) => d.toFile('a.jpg', { format: 'png' }), 'RANGE', /'format'.*'jpeg'.*"png"/],
];
for (const [what, call, kind, says] of WRONG) {
  test(`${what} is a ${kind === 'TYPE' ? 'TypeError' : 'RangeError'} with its code`, async () => {
    const thrown = await Promise.resolve(call(dream() as never)).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(kind === 'TYPE' ? TypeError : RangeError);
    expect(thrown).toMatchObject({
      code: `ERR_LIVEDREAM_OPTION_${kind}`,
      message: expect.stringMatching(says),
    });
  });
}

test('what no file can hold has a code too', async () => {
  const unwritable = { code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' };
  const long = dream({ width: 17_000, height: 1, data: new Uint8Array(51_000) });
  await expect(long.toBuffer('webp')).rejects.toMatchObject(unwritable);
  await expect(long.toFile(path.join(folder, 'a.webp'))).rejects.toMatchObject(unwritable);
  await expect(dream({ data: new Float32Array(384) }).toBuffer()).rejects.toMatchObject(unwritable);
  for (const name of ['file.constructor', 'file.__proto__', 'n'.repeat(300), 'none/a.png'])
    await expect(dream().toFile(path.join(folder, name))).rejects.toMatchObject(unwritable);
  expect(await readdir(folder)).toEqual([]);
});

test('format and quality do what they say', async () => {
  const file = path.join(folder, 'picture');
  await dream().toFile(file, { format: 'jpg', quality: 10 });
  expect(await sharp(await readFile(file)).metadata()).toMatchObject({ format: 'jpeg', width: 64 });
  expect(await sharp(await dream().toBuffer('tif')).metadata()).toMatchObject({ format: 'tiff' });
  expect(await sharp(await dream().toBuffer(undefined, {})).metadata()).toMatchObject({ format: 'png' });
});
