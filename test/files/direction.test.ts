import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDirection, readDirectionNow } from '../../lib/files/direction.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-direction-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

/** As numpy.save writes it: a header padded to 64 bytes, then the numbers. */
function npy(type: string, shape: string, data: ArrayBufferView): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([start, Buffer.from(padded), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

test('JSON, CSV and NumPy give the same numbers, at once or later', async () => {
  const numbers = [0.5, -2, 0, 1024];
  const files = [
    await written('a.json', '[0.5, -2, 0, 1.024e3]'),
    await written('a.csv', '0.5,-2\n0; 1024\r\n'),
    await written('single.npy', npy('<f4', '(4,)', Float32Array.from(numbers))),
    await written('row.NPY', npy('<f8', '(1, 4)', Float64Array.from(numbers))),
  ];
  for (const file of files) {
    expect(await readDirection(file)).toEqual(numbers);
    expect(readDirectionNow(file)).toEqual(numbers);
  }
  expect(await readDirection(await written('i.npy', npy('<i8', '(2, 1)', BigInt64Array.of(3n, -4n))))).toEqual([3, -4]);
});

test('what holds no direction is refused with its file and the reason', async () => {
  const matrix = npy('<f4', '(2, 2)', Float32Array.of(1, 2, 3, 4));
  const wrong: readonly (readonly [string, string])[] = [
    [path.join(folder, 'none.json'), 'there is no such file'],
    [await written('a.txt', '1 2'), 'read are .json, .npy, .csv'],
    [await written('object.json', '{"a": 1}'), 'no array of numbers'],
    [await written('broken.json', '[1,'), 'it is no JSON'],
    [await written('word.csv', '1,two'), "'two' is no number"],
    [await written('empty.csv', '\n'), 'it is empty'],
    [await written('not.npy', 'a text and no numbers'), 'it is no .npy file'],
    [await written('matrix.npy', matrix), 'it has the shape (2, 2)'],
    [await written('half.npy', npy('<f2', '(1,)', Uint8Array.of(0, 60))), "its numbers are '<f2'"],
    [await written('short.npy', npy('<f4', '(4,)', Float32Array.of(1, 2))), 'it is cut off'],
  ];
  for (const [file, reason] of wrong) {
    await expect(readDirection(file)).rejects.toThrow(reason);
    await expect(readDirection(file)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_DIRECTION_UNREADABLE' });
    expect(() => readDirectionNow(file)).toThrow(file);
  }
});
