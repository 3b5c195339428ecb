import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { smallModel } from '../../support/models.js';
import { useCompileCache, type Wanted } from './support.js';

const run = promisify(execFile);
const cache = useCompileCache();
const counts = { compilations: expect.any(Number), compilationsFromCache: expect.any(Number) };

describe('a second process', () => {
  test('compiles nothing of what the first compiled, in a part of the time, and makes the same bytes', async () => {
    const options = { octaves: 2 };
    const cold = await cache.dream({ options });
    expect(cold).toMatchObject({ ...counts, compilations: 2, compilationsFromCache: 0 });
    const warm = await cache.dream({ options });
    expect(warm).toMatchObject({ compilations: 0, compilationsFromCache: 2, sha256: cold.sha256 });
    expect(warm.compile).toBeLessThan(cold.compile / 2);
    // XLA complains of features of the processor that are none, such as prefer-no-scatter.
    expect([cold.stderr, warm.stderr]).toEqual(['', '']);
  });

  test.each([
    ['size', { size: [80, 48] }],
    ['layer', { layer: 'mixed3b' }],
    ['kind of objective', { options: { channel: 3 } }],
    ['normalization', { options: { normalize: 'laplacian' } }],
    ['flags of XLA', { env: { XLA_FLAGS: '--xla_cpu_enable_fast_math=false' } }],
  ] satisfies [string, Wanted][])('compiles a program of another %s anew', async (_, other) => {
    await cache.dream();
    expect(await cache.dream(other)).toMatchObject({ compilations: 1, compilationsFromCache: 0 });
    expect(await cache.dream()).toMatchObject({ compilations: 0, compilationsFromCache: 1 });
  });

  test('finds a compiled loop, which is another program than a step', async () => {
    await cache.dream();
    const load = { loop: 'compiled' };
    expect(await cache.dream({ load })).toMatchObject({ compilations: 1, compilationsFromCache: 0 });
    expect(await cache.dream({ load })).toMatchObject({ compilations: 0, compilationsFromCache: 1 });
  });

  test('finds what only other steps, seeds and channels need', async () => {
    await cache.dream({ options: { channel: 3 } });
    const again = await cache.dream({ options: { channel: 4, seed: 9, step: 0.5 } });
    expect(again).toMatchObject({ compilations: 0, compilationsFromCache: 1 });
  });

  test('tells of each of its Dreamers what came from disk, also of those that read it at the same time', async () => {
    await cache.dream();
    const child = path.join(packageRoot, 'test/support/staggered-child.mjs');
    const env = { ...process.env, LIVEDREAM_COMPILE_CACHE: cache.folder };
    const { stdout } = await run(process.execPath, [child, smallModel().file], { env });
    const found = JSON.parse(stdout) as number[][];
    expect(found).toEqual(found.map(() => [0, 1]));
  });

  test('compiles beside another that compiles the same, and leaves a whole cache', async () => {
    const [one, other] = await Promise.all([cache.dream(), cache.dream()]);
    expect(one.sha256).toBe(other.sha256);
    expect(await cache.dream()).toMatchObject({ compilations: 0, compilationsFromCache: 1 });
  });
});

test('the steps of a compiled loop that come after its compiling count as steps, where it is kept', async () => {
  const wanted = { size: [160, 120], load: { loop: 'compiled' }, options: { iterations: 16 } } as const;
  const kept = await cache.dream(wanted);
  const off = await cache.dream({ ...wanted, env: { LIVEDREAM_COMPILE_CACHE: 'off' } });
  expect(kept).toMatchObject({ compilations: 1, sha256: off.sha256 });
  // 16 steps of 11 MFLOP; without the cache nothing but their statistics' way back is told apart.
  expect(kept.steps).toBeGreaterThan(5);
  expect(kept.steps).toBeGreaterThan(3 * off.steps);
  expect(kept.compile).toBeGreaterThan(kept.steps);
});

test('LIVEDREAM_COMPILE_CACHE=off keeps nothing', async () => {
  const env = { LIVEDREAM_COMPILE_CACHE: 'off' };
  expect(await cache.dream({ env })).toMatchObject({ compilations: 1, compilationsFromCache: 0 });
  expect(cache.files()).toEqual([]);
});

test("a folder in the user's own TF_XLA_FLAGS is left to TensorFlow", async () => {
  const own = mkdtempSync(path.join(tmpdir(), 'livedream-own-'));
  const env = { TF_XLA_FLAGS: `--tf_xla_persistent_cache_directory=${own}` };
  expect(await cache.dream({ env })).toMatchObject({ compilations: 1, compilationsFromCache: 0 });
  expect(readdirSync(own)).toHaveLength(1);
  expect(cache.files()).toEqual([]);
  rmSync(own, { recursive: true });
});

test("the user's other TF_XLA_FLAGS hold beside ours", async () => {
  const env = { TF_XLA_FLAGS: '--tf_xla_persistent_cache_prefix=mine' };
  await cache.dream({ env });
  expect(cache.files().map((file) => path.basename(file))).toEqual([expect.stringMatching(/^mine__/)]);
});
