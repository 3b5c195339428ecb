// The packed tarball, in an empty folder: it installs, builds from its own sources with cmake alone, and dreams.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { SAMPLE } from '../support/pictures.js';

const run = promisify(execFile);
let folder: string;
let installed: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream pack ü '));
  // A copy, since packing writes the headers into native/, and what prepack compiles is there already.
  const copy = path.join(folder, 'copy');
  await mkdir(copy);
  for (const name of await readdir(packageRoot))
    if (!['node_modules', 'build', '.git', '.cache', 'prebuilds', 'run'].includes(name))
      await cp(path.join(packageRoot, name), path.join(copy, name), { recursive: true });
  await symlink(path.join(packageRoot, 'node_modules'), path.join(copy, 'node_modules'));
  await run(process.execPath, ['tools/vendor-headers.mjs'], { cwd: copy });
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: copy,
  });
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
  const tarball = path.join(folder, stdout.trim());
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: folder });
  installed = path.join(folder, 'node_modules/livedream');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const livedream = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  run(process.execPath, [path.join(installed, 'dist/esm/cli/main.js'), ...args], { cwd: folder });

// Two cores compile all of it in a minute or two, and in several where they are shared.
const TIMEOUT = 600_000;

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
    const common =
      "const { Dreamer, ERROR_CODES } = require('livedream'); console.log(typeof Dreamer.load, Object.keys(ERROR_CODES).length > 20);";
    expect((await run(process.execPath, ['-e', common], { cwd: folder })).stdout).toBe('function true\n');
  },
  TIMEOUT,
);
