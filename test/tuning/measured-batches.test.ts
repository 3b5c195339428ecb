// What was measured, for people: listed and removed.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keep } from '../../lib/tuning/kept.js';
import { keyOf, readKey, type TuningPlace } from '../../lib/tuning/key.js';
import { clearMeasuredBatches, measuredBatches } from '../../lib/tuning/measured-batches.js';
import { filesBelow } from '../runtime/support/place.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-measured-'));
  file = path.join(folder, 'batches.json');
  vi.stubEnv('LIVEDREAM_TUNING', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const facts = { network: 'abc', library: '2.21.0', threads: 2 };
const place = (layer: string): TuningPlace => ({
  ...{ device: 'GPU:1', gpuBytes: 2 ** 33, layer: { name: layer }, tile: { width: 200, height: 120 } },
  mode: { xla: true, precision: 'float16', rewrites: ['maxPoolMasks'] },
});
const kept = (batch: number, year: number) => ({ batch, msPerTile: { [batch]: 1 }, at: `${year}-01-01T00:00:00.000Z` });

test('is listed, the last measured first, without what is no measurement', async () => {
  await keep(file, keyOf(facts, place('old')), kept(2, 2020));
  await keep(file, keyOf(facts, place('new')), kept(8, 2021));
  await keep(file, keyOf(facts, place('undated')), { ...kept(8, 2021), at: 'once' });
  for (const key of ['no key', '[]', '[1,2,3,4,5,6,7,8,9,10,11]']) await keep(file, key, kept(4, 2020));
  const { entries, ...where } = await measuredBatches();
  expect(where).toEqual({ file });
  expect(entries).toEqual(
    [
      ['new', 8, 2021],
      ['old', 2, 2020],
    ].map(([layer, batch, year]) => ({
      ...{ layer, batch, msPerTile: { [batch as number]: 1 }, measured: new Date(Date.UTC(year as number, 0)) },
      ...{ device: 'GPU:1', network: 'abc', xla: true, precision: 'float16', loop: 'native', pixels: 23170 },
    })),
  );
});

test('is not there where none was measured, or none is kept', async () => {
  expect(await measuredBatches()).toEqual({ file, entries: [] });
  expect(await clearMeasuredBatches()).toEqual({ file, entries: 0 });
  vi.stubEnv('LIVEDREAM_TUNING', 'off');
  expect(await measuredBatches()).toEqual({ file: undefined, entries: [] });
  expect(await clearMeasuredBatches()).toEqual({ file: undefined, entries: 0 });
});

test('is removed with what was left half-written, and nothing else', async () => {
  await keep(file, keyOf(facts, place('old')), kept(2, 2020));
  await writeFile(`${file}.0123.tmp`, '');
  await writeFile(path.join(folder, 'mine.tmp'), '');
  expect(await clearMeasuredBatches()).toEqual({ file, entries: 1 });
  expect(filesBelow(folder)).toEqual(['mine.tmp']);
});

test('is removed where it is broken, too', async () => {
  await writeFile(file, '{"version": 1, "batches": {');
  expect(await clearMeasuredBatches()).toEqual({ file, entries: 0 });
  expect(filesBelow(folder)).toEqual([]);
  await mkdir(file);
  expect(await clearMeasuredBatches()).toEqual({ file, entries: 0 });
});

test('is named by a key that tells it', () => {
  expect(readKey(keyOf(facts, place('a "quoted" layer')))?.layer).toBe('a "quoted" layer');
});
