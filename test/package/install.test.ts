// The packed tarball, installed in empty folders as users do it: on a machine without compilers, from a path with spaces and
// letters beyond ASCII, by three package managers, with install scripts and without. All that dreams there makes one picture.
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder, type Installer, npm, pnpm, programOf, yarn } from './support/installers.js';
import { packedTarball } from './support/packed.js';

const CONSUMER = path.join(import.meta.dirname, 'consumer');
const HASH = /^[0-9a-f]{64}$/;
let tarball: string;
/** Where npm installed it without scripts; what is no matter of installers is tried there. */
let folder: string;
let expected: string;

async function consumerFolder(): Promise<string> {
  const made = await emptyFolder();
  await cp(CONSUMER, made, { recursive: true });
  return made;
}

beforeAll(async () => {
  ({ tarball } = await packedTarball());
  folder = await consumerFolder();
  await npm.install(folder, tarball, false);
  expected = await npm.dream(folder, 'dream.mjs');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('installed by npm without install scripts it dreams from ESM', () => expect(expected).toMatch(HASH));

test('and from CommonJS, with the types and the plugin beside it', async () => {
  expect(await npm.dream(folder, 'dream.cjs')).toBe(expected);
});

test('and in a worker thread', async () => {
  expect(await npm.dream(folder, 'worker.mjs')).toBe(expected);
});

test('its command line says so too', async () => {
  const args = ['node_modules/livedream/dist/esm/cli/main.js', 'doctor'];
  expect(await programOf(folder, args)).toMatch(/ok {2}addon +.*prebuilds.*\n[\s\S]*Ready to dream\./);
});

const others: readonly [Installer, boolean][] = [
  [npm, true],
  [pnpm, false],
  [pnpm, true],
  [yarn, false],
  [yarn, true],
];
describe.each(others)('%s', (installer, scripts) => {
  test(`${installer.name} ${scripts ? 'with' : 'without'} install scripts installs it, and it dreams`, async () => {
    const other = await consumerFolder();
    try {
      await installer.install(other, tarball, scripts);
      expect(await installer.dream(other, 'dream.mjs')).toBe(expected);
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});
