// What is kept for the next process: shown, and removed, all of it or of one kind.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keep } from '../../lib/tuning/kept.js';
import { keyOf } from '../../lib/tuning/key.js';
import { filesBelow } from '../runtime/support/place.js';
import { livedreamIn } from '../support/cli.js';

let cwd: string;
let compiled: string;
let batches: string;
beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'livedream-cache-'));
  [compiled, batches] = [path.join(cwd, 'compiled'), path.join(cwd, 'tuning/batches.json')];
  vi.stubEnv('LIVEDREAM_COMPILE_CACHE', compiled);
  vi.stubEnv('LIVEDREAM_TUNING', path.dirname(batches));
  const entry = path.join(compiled, 'one/a.xla');
  mkdirSync(path.dirname(entry), { recursive: true });
  writeFileSync(entry, `livedream compiled program 1\nhash\nmachine\nname\na step of a picture\n${'x'.repeat(100)}`);
  utimesSync(entry, new Date(Date.UTC(2020, 0)), new Date(Date.UTC(2020, 0)));
  const facts = { network: 'abc', library: '2.21.0', threads: 0 };
  const place = {
    ...{ device: 'CPU:0', layer: { name: 'mixed4d' }, tile: { width: 128, height: 128 } },
    mode: { xla: false, precision: 'bfloat16', rewrites: [], loop: 'native' },
  } as const;
  await keep(batches, keyOf(facts, place), { batch: 4, msPerTile: { 1: 3, 4: 2 }, at: '2021-02-03T04:05:06.000Z' });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cwd, { recursive: true, force: true });
});

const livedream = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await livedreamIn({ cwd }, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
};

test('shows what is there', async () => {
  expect(await livedream('cache')).toBe(
    `1 compiled program, 0.2 kB of at most 537 MB in ${compiled}\n\n` +
      'size    last used (UTC)   program\n0.2 kB  2020-01-01 00:00  a step of a picture\n\n' +
      `1 measured batch in ${batches}\n\n` +
      'batch  measured (UTC)    of\n' +
      "    4  2021-02-03 04:05  'mixed4d', about 128 x 128 pixels, CPU:0, bfloat16\n",
  );
  vi.stubEnv('LIVEDREAM_TUNING', 'off');
  expect(await livedream('cache')).toMatch(/\nNo measured batches: LIVEDREAM_TUNING is off\.\n$/);
});

test('shows it as JSON', async () => {
  expect(JSON.parse(await livedream('cache', '--json'))).toMatchObject({
    folder: compiled,
    entries: [{ description: 'a step of a picture' }],
    batches: { file: batches, entries: [{ batch: 4, network: 'abc', layer: 'mixed4d', msPerTile: { 4: 2 } }] },
  });
});

test('clears all of it', async () => {
  expect(await livedream('cache', '--clear')).toMatch(/^Removed 1 compiled program, 0\.2 kB; 1 measured batch\.\n$/);
  expect(filesBelow(cwd)).toEqual([]);
  expect(JSON.parse(await livedream('cache', '--clear', '--json'))).toEqual({
    ...{ folder: compiled, files: 0, bytes: 0 },
    batches: { file: batches, entries: 0 },
  });
});

test.each([
  ['programs', /^Removed 1 compiled program, 0\.2 kB\.\n$/, ['tuning/batches.json']],
  ['batches', /^Removed 1 measured batch\.\n$/, ['compiled/one/a.xla']],
] as const)('clears %s alone', async (what, said, left) => {
  expect(await livedream('cache', '--clear', what)).toMatch(said);
  expect(filesBelow(cwd)).toEqual(left);
});

test('refuses to clear what it does not know', async () => {
  const { code, stderr } = await livedreamIn({ cwd }, 'cache', '--clear', 'models');
  expect(code).toBe(2);
  expect(stderr.toString()).toContain('Allowed choices are all, programs, batches');
  expect(filesBelow(cwd)).toHaveLength(2);
});
