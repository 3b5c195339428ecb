import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { TENSORFLOW_VERSION } from '../../lib/runtime/platforms.js';
import { type Ended, livedreamIn } from '../support/cli.js';
import { isInstalled, makeCache } from '../support/installed.js';

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-install-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `livedream install` with a cache of its own. */
function install(cache: string, ...args: string[]): Promise<Ended> {
  return livedreamIn({ cwd: folder, env: { LIVEDREAM_CACHE: cache } }, 'install', ...args);
}

test.skipIf(!isInstalled)('says where TensorFlow is that is there (needs it in the cache)', async () => {
  const cache = makeCache(path.join(folder, 'there'));
  const said = await install(cache);
  expect(said, said.stderr).toMatchObject({ code: 0 });
  const library = String(said.stdout).trim();
  expect(existsSync(library)).toBe(true);
  const { code, stdout } = await install(cache, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(String(stdout))).toMatchObject({ library, version: TENSORFLOW_VERSION });
});

test('installs of wheels that are there, or says that they are not, without a network', async () => {
  const empty = path.join(folder, 'wheels');
  mkdirSync(empty);
  const cache = path.join(folder, 'nothing');
  const { code, stdout, stderr } = await install(cache, '--from', empty);
  expect({ code, stdout: String(stdout) }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/tensorflow.*\.whl.*\[ERR_LIVEDREAM_INSTALL_FAILED\]/s);
  const left = existsSync(cache)
    ? readdirSync(cache, { recursive: true }).filter((name) => /\.so/.test(String(name)))
    : [];
  expect(left).toEqual([]);
});
