import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clearCompileCache, compileCache } from '../../../lib/runtime/compile-cache/compile-cache.js';
import { machineName } from '../../../lib/runtime/compile-cache/machine.js';
import { compileCacheSettings } from '../../../lib/runtime/compile-cache/settings.js';
import { fakeLibraries, filesBelow, thisPlatform } from '../support/place.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'livedream-cache-'));
  vi.stubEnv('LIVEDREAM_COMPILE_CACHE', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function entry(name: string, description: string, year: number): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `livedream compiled program 1\nhash\nmachine\nname\n${description}\n${'x'.repeat(100)}`);
  utimesSync(file, new Date(Date.UTC(year, 0)), new Date(Date.UTC(year, 0)));
  return file;
}

function fakeRuntime(): Parameters<typeof machineName>[0] {
  const files = fakeLibraries(path.join(folder, 'libraries'));
  const { framework, library } = thisPlatform();
  return {
    framework: path.join(files, framework),
    library: path.join(files, library),
    version: '2.21.0',
    variant: 'cpu',
    source: 'system',
  };
}

describe('compileCache', () => {
  test('lists the entries of all machines, the last used first', async () => {
    const old = entry('one/a.xla', 'a step of a picture', 2020);
    const late = entry('other/b.xla', 'the update of a picture', 2021);
    entry('one/half.1.0.tmp', '', 2021);
    entry('note.txt', '', 2021);
    const found = await compileCache();
    expect(found).toMatchObject({ folder, limitBytes: 512 * 2 ** 20, bytes: statSync(old).size + statSync(late).size });
    expect(found.entries.map(({ file, description }) => [file, description])).toEqual([
      [late, 'the update of a picture'],
      [old, 'a step of a picture'],
    ]);
    expect(found.entries[0]?.lastUsed).toEqual(new Date(Date.UTC(2021, 0)));
  });

  test('of a folder that is not there is empty', async () => {
    vi.stubEnv('LIVEDREAM_COMPILE_CACHE', path.join(folder, 'none'));
    expect(await compileCache()).toMatchObject({ bytes: 0, entries: [] });
  });

  test('says why nothing is kept', async () => {
    vi.stubEnv('TF_XLA_FLAGS', '--tf_xla_persistent_cache_directory=/elsewhere');
    expect((await compileCache()).off).toBe('TF_XLA_FLAGS names a folder of its own');
    vi.stubEnv('LIVEDREAM_COMPILE_CACHE', 'off');
    expect(await compileCache()).toMatchObject({ folder: undefined, off: 'LIVEDREAM_COMPILE_CACHE is off' });
  });

  test('is in the folder of the cache by default', async () => {
    vi.stubEnv('LIVEDREAM_COMPILE_CACHE', '');
    vi.stubEnv('LIVEDREAM_CACHE', folder);
    expect((await compileCache()).folder).toBe(path.join(folder, 'compiled'));
  });

  test.each(['-1', '1.5', 'much', '1e400', '99999999999999999999'])('refuses a limit of %s', async (limit) => {
    vi.stubEnv('LIVEDREAM_COMPILE_CACHE_LIMIT', limit);
    await expect(compileCache()).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_OPTION_RANGE',
      message: expect.stringContaining('LIVEDREAM_COMPILE_CACHE_LIMIT'),
    });
  });
});

test('clearCompileCache removes entries and what was left half-written, and nothing else', async () => {
  entry('one/a.xla', '', 2020);
  entry('one/half.1.0.tmp', '', 2020);
  entry('other/b.xla', '', 2020);
  entry('other/note.txt', '', 2020);
  entry('c.xla', '', 2020);
  expect(await clearCompileCache()).toMatchObject({ folder, files: 3 });
  expect(filesBelow(folder).sort()).toEqual(['c.xla', 'other/note.txt']);
  expect(await clearCompileCache()).toMatchObject({ files: 0, bytes: 0 });
});

describe('the name of a machine', () => {
  test('stays, and is another with other flags or another library', async () => {
    const runtime = fakeRuntime();
    const name = await machineName(runtime);
    expect(name).toMatch(/^\d+\.\d+\.\d+.*-[0-9a-f]{16}$/);
    expect(await machineName(runtime)).toBe(name);
    expect(await machineName({ ...runtime, version: '2.20.0' })).not.toBe(name);
    vi.stubEnv('XLA_FLAGS', '--xla_cpu_enable_fast_math=true');
    expect(await machineName(runtime)).not.toBe(name);
    vi.unstubAllEnvs();
    writeFileSync(runtime.library, 'another build');
    expect(await machineName(runtime)).not.toBe(name);
  });

  test('goes to the library with folder and limit, or nothing does', async () => {
    const runtime = fakeRuntime();
    vi.stubEnv('LIVEDREAM_COMPILE_CACHE_LIMIT', '1000');
    expect(await compileCacheSettings(runtime)).toEqual({
      folder,
      machine: await machineName(runtime),
      limitBytes: 1000,
    });
    vi.stubEnv('LIVEDREAM_COMPILE_CACHE', 'off');
    expect(await compileCacheSettings(runtime)).toBeUndefined();
  });
});
