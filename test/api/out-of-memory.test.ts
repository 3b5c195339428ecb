// What has no memory is an error of its own, and the Dreamer goes on: in a process whose address space ends soon.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

const run = promisify(execFile);
const api = path.join(packageRoot, 'dist/esm/index.js');
const child = path.join(packageRoot, 'test/support/out-of-memory.mjs');
const hasPrlimit = await run('prlimit', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasPrlimit).each([
  ['ordinary kernels', false],
  ['XLA', true],
])('a dream too large for the memory there is rejects by name, and smaller ones go on: %s', async (_name, xla) => {
  const { stdout } = await run(process.execPath, [child, api, String(xla)]);
  const [before, tooLarge, ...after] = JSON.parse(stdout) as Record<string, unknown>[];
  expect(before).toEqual({ width: 64 });
  expect(tooLarge).toMatchObject({
    code: 'ERR_LIVEDREAM_OUT_OF_MEMORY',
    message: expect.stringMatching(/ran out of memory while .+smaller/),
    cause: expect.stringMatching(/out of memory|OOM/i),
  });
  expect(after).toEqual([{ width: 96 }, { width: 64 }]);
});

test('is told before it starts where it is known: the memory limit', async () => {
  await using dreamer = await smallDreamer({ memoryLimit: 16 * 2 ** 20 });
  const options = { octaves: 1, iterations: 1, tileSize: 2048 };
  await expect(dreamer.dream(rawPicture(1024, 1024), options)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
    message: expect.stringMatching(/needs about \d+ MiB, and the memory limit is 16 MiB/),
  });
  expect(await dreamer.dream(rawPicture(64, 64), options)).toMatchObject({ width: 64 });
});
