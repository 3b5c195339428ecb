// What was measured, in a file: it survives other processes, broken files and folders that take nothing.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type KeptBatch, keep, readKept } from '../../lib/tuning/kept.js';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-kept-'));
});
beforeEach(() => {
  file = path.join(folder, String(Math.random()), 'batches.json');
});
afterAll(() => rm(folder, { recursive: true }));

const measured = (batch: number, at = '2026-11-01T00:00:00.000Z'): KeptBatch => ({ batch, msPerTile: { 1: 3 }, at });

describe('what is kept', () => {
  test('is there for the next one, beside what others kept, and nothing else is left', async () => {
    expect(await readKept(file)).toEqual(new Map());
    await keep(file, 'one', measured(2));
    await keep(file, 'other', measured(4));
    await keep(file, 'one', measured(8));
    expect(await readKept(file)).toEqual(
      new Map([
        ['one', measured(8)],
        ['other', measured(4)],
      ]),
    );
    expect(await readdir(path.dirname(file))).toEqual(['batches.json']);
  });

  test('is the newest thousand', async () => {
    await keep(file, 'old', measured(2, '2020-01-01T00:00:00.000Z'));
    const many = Array.from({ length: 1000 }, (_, index) => [`key ${index}`, measured(4)]);
    await writeFile(
      file,
      JSON.stringify({ version: 1, batches: { ...Object.fromEntries(many), old: measured(2, '2020') } }),
    );
    await keep(file, 'new', measured(2, '2026-12-01T00:00:00.000Z'));
    const kept = await readKept(file);
    expect(kept.size).toBe(1000);
    expect(kept.has('old')).toBe(false);
    expect(kept.has('new')).toBe(true);
  });

  test('is nothing of a file that is broken or of another version, which is replaced', async () => {
    await keep(file, 'one', measured(2));
    const good = await readFile(file, 'utf8');
    for (const text of [good.slice(0, 30), '', '[]', 'null', '{"version":1,"batches":7}', good.replace('1', '2')]) {
      await writeFile(file, text);
      expect(await readKept(file)).toEqual(new Map());
      await keep(file, 'two', measured(4));
      expect([...(await readKept(file)).keys()]).toEqual(['two']);
    }
  });

  test('leaves out entries that make no sense', async () => {
    await keep(file, 'one', measured(2));
    const wrong = {
      a: measured(0),
      b: measured(1.5),
      c: { ...measured(2), at: 7 },
      d: null,
      e: measured(1e9),
      f: measured(4),
    };
    await writeFile(file, JSON.stringify({ version: 1, batches: wrong }));
    expect([...(await readKept(file)).keys()]).toEqual(['f']);
  });

  test('is no reason to fail where it cannot be written', async () => {
    await keep('/dev/null/batches.json', 'one', measured(2));
    expect(await readKept('/dev/null/batches.json')).toEqual(new Map());
    // A folder in the place of the file.
    await keep(path.dirname(folder), 'one', measured(2));
  });
});
