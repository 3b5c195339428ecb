// The packed tarball where its addon cannot be had: imported all the same, it says at first use what was looked for and the one
// thing to do.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { packedTarball, run } from './support/packed.js';

const PROGRAM = path.join(import.meta.dirname, 'consumer/elsewhere.mjs');
let folder: string;
let installed: string;

beforeAll(async () => {
  const { tarball } = await packedTarball();
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-'));
  await run('tar', ['-xzf', tarball, '-C', folder]);
  installed = path.join(folder, 'package');
  await symlink(path.join(packageRoot, 'node_modules'), path.join(installed, 'node_modules'));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Elsewhere {
  readonly platform?: string;
  readonly arch?: string;
  readonly libc?: string;
}

async function firstUse(elsewhere: Elsewhere, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = { ...process.env, ELSEWHERE: JSON.stringify(elsewhere), ...environment };
  return (await run(process.execPath, [PROGRAM], { cwd: installed, env })).stdout.trim();
}

const BUILD = 'Build it with `npx livedream build` (cmake and a C++17 compiler).';
const GLIBC = 'use a Linux with glibc, such as the image node:22-slim in the place of node:22-alpine.';
const none = (where: string): string =>
  `ERR_LIVEDREAM_ADDON_MISSING There is no native addon for ${where} and Node ${process.version}: neither 'build/Release/livedream.node' nor a prebuilt one for this platform is in '${installed}' (prebuilds there: linux-x64).`;

const linux = process.platform === 'linux' && process.arch === 'x64';

test.runIf(linux)('here it loads', async () => expect(await firstUse({})).toBe('loaded'));

test.runIf(linux)('on musl another Linux is the way, as TensorFlow is not published for it', async () => {
  const said = await firstUse({ libc: 'musl' }, { LIBC: 'musl' });
  expect(said).toBe(`${none('linux x64 with musl')} TensorFlow is not published for musl: ${GLIBC}`);
});

test.runIf(linux)('on a processor that TensorFlow is not published for, or on Windows, another machine', async () => {
  const published = 'TensorFlow is published for linux-x64, linux-arm64, darwin-arm64 alone: use one of these';
  expect(await firstUse({ arch: 'riscv64' })).toBe(`${none('linux riscv64 with glibc')} ${published}.`);
  expect(await firstUse({ platform: 'win32' })).toBe(`${none('win32 x64')} ${published}, such as Linux in WSL 2.`);
});

test.runIf(linux)('where only the addon is missing, it can be built', async () => {
  expect(await firstUse({ arch: 'arm64' })).toBe(`${none('linux arm64 with glibc')} ${BUILD}`);
  expect(await firstUse({ platform: 'darwin', arch: 'arm64' })).toBe(`${none('darwin arm64')} ${BUILD}`);
});

test.runIf(linux)('an addon that cannot be loaded is named, with the reason', async () => {
  const addon = path.join(installed, 'prebuilds/linux-x64/livedream.glibc.node');
  await writeFile(addon, 'for another system');
  const where = `and Node ${process.version}: ${addon}: file too short.`;
  const named = `ERR_LIVEDREAM_ADDON_MISSING The native addon '${addon}' could not be loaded on linux x64`;
  expect(await firstUse({})).toBe(`${named} with glibc ${where} ${BUILD}`);
  // As on musl, where node-gyp-build only knows Alpine.
  expect(await firstUse({ libc: 'musl' })).toBe(
    `${named} with musl ${where} TensorFlow is not published for musl: ${GLIBC}`,
  );
});
