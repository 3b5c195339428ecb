// The packed tarball without its prebuilt addon: it says so at first use, builds from its own sources with cmake alone, and dreams.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SAMPLE } from '../support/pictures.js';
import { emptyFolder, npm } from './support/installers.js';
import { packedTarball, run } from './support/packed.js';

// Two cores compile all of it in a minute, and in several where they are shared.
const TIMEOUT = 600_000;

let folder: string;
let installed: string;
beforeAll(async () => {
  folder = await emptyFolder();
  await npm.install(folder, (await packedTarball()).tarball, false);
  installed = path.join(folder, 'node_modules/livedream');
  await rm(path.join(installed, 'prebuilds'), { recursive: true });
}, TIMEOUT);
afterAll(() => rm(folder, { recursive: true, force: true }));

const livedream = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  run(process.execPath, [path.join(installed, 'dist/esm/cli/main.js'), ...args], { cwd: folder });

test(
  'a package without its addon says so at first use, builds it with cmake, and then dreams',
  async () => {
    const dreaming = ['dream', SAMPLE, '-o', path.join(folder, 'dream.png'), '--size', '96', '--iterations', '2'];
    await expect(livedream(...dreaming)).rejects.toMatchObject({
      stderr: expect.stringMatching(/There is no native addon.*npx livedream build/),
    });
    // No compiler's help from npm: node-addon-api is there to build a clone, not to be installed by users.
    expect(await readdir(path.join(folder, 'node_modules'))).not.toContain('node-addon-api');
    const { stdout } = await livedream('build');
    expect(stdout).toBe(`${path.join(installed, 'build/Release/livedream.node')}\n`);
    expect((await livedream(...dreaming)).stdout).toBe(`${path.join(folder, 'dream.png')}\n`);
  },
  TIMEOUT,
);
