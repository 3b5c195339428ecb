// Where the cache cannot take it; and what is asked for wrongly.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { fetchModel, fetchModelFrom } from '../../../lib/catalogue/fetch/fetch.js';
import { makeReadOnly, mountDisk, useDisks } from '../../runtime/support/disk.js';
import { usePlace } from '../../runtime/support/place.js';
import { ARCHIVE, description, withoutProxies, writeCatalogue } from '../support/fetchable.js';
import { cached, expectRight, fails, fetchOf } from '../support/fetching.js';
import { answers, gives, serve } from '../support/server.js';

const place = usePlace();
withoutProxies();
useDisks();

const UNWRITABLE = 'ERR_LIVEDREAM_CACHE_UNWRITABLE';

describe('a disk that is too small', () => {
  test('is told before anything is downloaded', async () => {
    const served = await serve(gives(ARCHIVE));
    const error = await fails(fetchOf(place, served, {}, { bytes: 2 ** 52 }));
    expect(error.code).toBe(UNWRITABLE);
    expect(error.message).toMatch(/has \d+ MiB free, and the model 'net' needs \d+ MiB; set LIVEDREAM_CACHE/);
    expect(served.seen).toEqual([]);
    expect(cached(place)).toEqual([]);
  });

  test('and fills up while it comes keeps nothing', async (context) => {
    if (!mountDisk(place.cache, ARCHIVE.length * 3)) return context.skip('needs to mount a tmpfs');
    const filler = path.join(place.cache, 'filler');
    const served = await serve(gives(ARCHIVE, { slowly: Math.ceil(ARCHIVE.length / 10) }));
    const onProgress = (): void => {
      try {
        writeFileSync(filler, Buffer.alloc(ARCHIVE.length * 4));
      } catch {
        // As full as it gets.
      }
    };
    const error = await fails(fetchOf(place, served, { onProgress }));
    expect(error.code).toBe(UNWRITABLE);
    expect(error.message).toMatch(/The model 'net' cannot be kept: ENOSPC.*Make room there, or set LIVEDREAM_CACHE/);
    expect(cached(place)).toEqual(['filler']);
  });

  test('for the graph of a file that is given is told', async (context) => {
    const from = path.join(place.folder, 'net.zip');
    writeFileSync(from, ARCHIVE);
    if (!mountDisk(place.cache, 2 ** 14)) return context.skip('needs to mount a tmpfs');
    const error = await fails(fetchOf(place, await serve(answers(500)), { from }));
    expect(error.code).toBe(UNWRITABLE);
    expect(cached(place)).toEqual([]);
  });
});

describe('a cache that cannot be written to', () => {
  test('as a file is in its way is told', async () => {
    writeFileSync(place.cache, 'a file in the way');
    const served = await serve(gives(ARCHIVE));
    const error = await fails(fetchOf(place, served));
    expect(error.code).toBe(UNWRITABLE);
    expect(error.message).toMatch(/The cache folder '.+models' cannot be written to \(ENOTDIR\); set LIVEDREAM_CACHE/);
    expect(served.seen).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)('as it is somebody else is told, but what is there serves', async () => {
    const served = await serve(gives(ARCHIVE));
    const model = await fetchOf(place, served);
    for (const folder of [place.folder, place.cache, path.join(place.cache, 'models')]) chmodSync(folder, 0o755);
    process.seteuid?.(65_534);
    try {
      const catalogue = path.join(place.folder, 'models');
      expect(await fetchModelFrom({ catalogue }, 'net')).toEqual(model);
      const error = await fails(fetchModelFrom({ catalogue }, 'net', { force: true }));
      expect(error.code).toBe(UNWRITABLE);
      expect(error.message).toMatch(/The model 'net' cannot be kept: EACCES.*set LIVEDREAM_CACHE/);
    } finally {
      process.seteuid?.(0);
    }
    expectRight(place, model);
  });

  test('as its disk is mounted so is told', async (context) => {
    if (!mountDisk(place.cache, 2 ** 22)) return context.skip('needs to mount a tmpfs');
    mkdirSync(path.join(place.cache, 'models'));
    makeReadOnly(place.cache);
    const error = await fails(fetchOf(place, await serve(gives(ARCHIVE))));
    expect(error.code).toBe(UNWRITABLE);
    expect(error.message).toMatch(/\(EROFS\); set LIVEDREAM_CACHE/);
  });
});

describe('what is asked for', () => {
  test('wrongly is refused by name', async () => {
    const wrong: [string, unknown, string][] = [
      ['from', 5, 'ERR_LIVEDREAM_OPTION_TYPE'],
      ['from', '', 'ERR_LIVEDREAM_OPTION_RANGE'],
      ['mirror', {}, 'ERR_LIVEDREAM_OPTION_TYPE'],
      ['mirror', 'elsewhere', 'ERR_LIVEDREAM_OPTION_RANGE'],
      ['force', 'yes', 'ERR_LIVEDREAM_OPTION_TYPE'],
      ['signal', {}, 'ERR_LIVEDREAM_OPTION_TYPE'],
      ['onProgress', true, 'ERR_LIVEDREAM_OPTION_TYPE'],
    ];
    for (const [option, value, code] of wrong) {
      const error = await fails(fetchModel('inception5h', { [option]: value }));
      expect(error).toMatchObject({ code, message: expect.stringContaining(`'${option}'`) });
    }
    const both = await fails(fetchModel('inception5h', { from: 'a', mirror: 'http://b' }));
    expect(both).toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE', message: expect.stringContaining("'from'") });
    expect(await fails(fetchModel(5 as unknown as string))).toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_TYPE' });
  });

  test('and is no model, or one that needs no fetching, is told', async () => {
    const unknown = await fails(fetchModel('inception5'));
    expect(unknown.code).toBe('ERR_LIVEDREAM_MODEL_UNKNOWN');
    expect(unknown.message).toContain("There is no model 'inception5' to fetch; there is 'inception5h'.");
    const own = await fails(fetchModel('dream'));
    expect(own).toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    expect(own.message).toContain("'dream' comes with livedream");
    expect(await fails(fetchModel('../models/dream'))).toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNKNOWN' });
  });

  test('under a name that is not in the description is found by its folder', async () => {
    const catalogue = writeCatalogue(path.join(place.folder, 'models'), {
      ...description((await serve(gives(ARCHIVE))).origin),
      name: 'another',
    });
    vi.stubEnv('LIVEDREAM_CACHE', path.join(place.folder, 'cache'));
    expect(await fetchModelFrom({ catalogue }, 'net')).toMatchObject({ name: 'net' });
  });
});
