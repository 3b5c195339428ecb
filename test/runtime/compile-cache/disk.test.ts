// A disk that is full or read-only costs the cache of compiled programs and what was measured, and no dream.
import { expect, test } from 'vitest';
import { type KeptBatch, keep, readKept } from '../../../lib/tuning/kept.js';
import { fillDisk, makeReadOnly, mountDisk, useDisks } from '../support/disk.js';
import { useCompileCache } from './support.js';

const cache = useCompileCache();
useDisks();

const MEASURED: KeptBatch = { batch: 2, msPerTile: { 1: 3 }, at: '2026-11-01T00:00:00.000Z' };
/** Seconds on an idle machine: each dream is a process that compiles. */
const TIMEOUT = 600_000;

test('that is full keeps nothing, and with room the next dream is kept', { timeout: TIMEOUT }, async (context) => {
  if (!mountDisk(cache.folder, 2 ** 23)) return context.skip('needs to mount a tmpfs');
  const { release } = fillDisk(cache.folder);
  const env = { LIVEDREAM_TUNING: cache.folder };
  const first = await cache.dream({ env });
  expect(first).toMatchObject({ compilations: 1, compilationsFromCache: 0, stderr: '' });
  expect(cache.files()).toEqual([]);
  release();
  expect(await cache.dream({ env })).toMatchObject({ compilations: 1, sha256: first.sha256 });
  expect(cache.files()).toHaveLength(1);
  // What is kept serves, however full the disk gets.
  fillDisk(cache.folder);
  expect(await cache.dream({ env })).toMatchObject({ compilationsFromCache: 1, sha256: first.sha256, stderr: '' });
});

test('that is read-only serves what it has, and keeps no more', { timeout: TIMEOUT }, async (context) => {
  if (!mountDisk(cache.folder, 2 ** 23)) return context.skip('needs to mount a tmpfs');
  const { sha256 } = await cache.dream();
  const kept = cache.files();
  makeReadOnly(cache.folder);
  expect(await cache.dream()).toMatchObject({ compilationsFromCache: 1, sha256, stderr: '' });
  expect(await cache.dream({ size: [80, 48] })).toMatchObject({ compilations: 1, stderr: '' });
  expect(cache.files()).toEqual(kept);
});

test('that is read-only keeps nothing that was measured, which is no reason to fail', async (context) => {
  if (!mountDisk(cache.folder, 2 ** 20)) return context.skip('needs to mount a tmpfs');
  makeReadOnly(cache.folder);
  await keep(`${cache.folder}/batches.json`, 'one', MEASURED);
  expect(await readKept(`${cache.folder}/batches.json`)).toEqual(new Map());
});
