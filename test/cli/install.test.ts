import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runtimeFolder } from '../../lib/runtime/environment.js';
import { installedFolder } from '../../lib/runtime/find/installed.js';
import { currentPlatform, TENSORFLOW_VERSION } from '../../lib/runtime/platforms.js';
import { cli } from '../support/cli.js';

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-install-'));
afterAll(() => rmSync(folder, { recursive: true }));

const platform = currentPlatform();
const isInstalled = platform !== undefined && existsSync(installedFolder(TENSORFLOW_VERSION, 'cpu', platform));

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** `livedream install` with a cache of its own. */
function install(cache: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, LIVEDREAM_CACHE: cache };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'install', ...args], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

test.skipIf(!isInstalled)('says where TensorFlow is that is there (needs it in the cache)', async () => {
  const cache = path.join(folder, 'there');
  mkdirSync(cache);
  symlinkSync(runtimeFolder(), path.join(cache, 'runtime'));
  const said = await install(cache);
  expect(said, said.stderr).toMatchObject({ code: 0 });
  const library = said.stdout.trim();
  expect(existsSync(library)).toBe(true);
  const { code, stdout } = await install(cache, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ library, version: TENSORFLOW_VERSION });
});

test('installs of wheels that are there, or says that they are not, without a network', async () => {
  const empty = path.join(folder, 'wheels');
  mkdirSync(empty);
  const cache = path.join(folder, 'nothing');
  const { code, stdout, stderr } = await install(cache, '--from', empty);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/tensorflow.*\.whl.*\[ERR_LIVEDREAM_INSTALL_FAILED\]/s);
  const left = existsSync(cache)
    ? readdirSync(cache, { recursive: true }).filter((name) => /\.so/.test(String(name)))
    : [];
  expect(left).toEqual([]);
});
