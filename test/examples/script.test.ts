import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';

const run = promisify(execFile);
const SCRIPT = path.join(packageRoot, 'examples/script/dream-folder.mjs');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the script dreams of a folder, but for what is no picture', async () => {
  for (const name of ['a', 'b'])
    await sharp({ create: { width: 72, height: 64, channels: 3, background: '#48c' } }).toFile(
      path.join(folder, `${name}.png`),
    );
  await writeFile(path.join(folder, 'broken.jpg'), 'no picture');
  await writeFile(path.join(folder, 'notes.txt'), 'no picture either');
  const to = path.join(folder, 'dreamed');
  const { stdout, stderr } = await run(process.execPath, [SCRIPT, folder, to, 'owl', '72']);
  expect(stdout.trim().split('\n').sort()).toEqual([path.join(to, 'a.webp'), path.join(to, 'b.webp')]);
  expect(stderr).toMatch(/^\S*broken\.jpg: .*\n$/);
  expect((await readdir(to)).sort()).toEqual(['a.webp', 'b.webp']);
  // One without pictures to dream of says how it is used.
  await expect(run(process.execPath, [SCRIPT])).rejects.toMatchObject({
    code: 2,
    stderr: 'Usage: node dream-folder.mjs FROM TO [FILTER] [SIZE]\n',
  });
});
