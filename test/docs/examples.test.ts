// Every example of the documents compiles against the package's types; those that need nothing but pictures are run.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { compileExamples, docExamples, writeExamples } from '../support/doc-examples.js';
import { SAMPLE } from '../support/pictures.js';

const run = promisify(execFile);
const examples = docExamples();
let project: string;
let folder: string;

beforeAll(async () => {
  project = writeExamples(examples);
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-examples-'));
  const small = sharp(SAMPLE).resize(96, 64);
  for (const name of ['photo.jpg', 'painting.jpg', 'mask.png', 'ground.png'])
    await small.toFile(path.join(folder, name));
  await small.ensureAlpha(0.5).toFile(path.join(folder, 'cut-out.png'));
  await copyFile(path.join(packageRoot, 'examples/recipes/owl-garden.json'), path.join(folder, 'garden.json'));
});
afterAll(() => rm(folder, { recursive: true }));

test('all compile', { timeout: 300_000 }, async () => {
  expect(examples.length).toBeGreaterThan(12);
  expect(await compileExamples(project)).toBe('');
});

// In this order: a later one reads what an earlier one wrote.
test.each([
  ['README-1', ['dream.png']],
  ['recipes-1', ['dream.jpg']],
  ['replay-1', ['again.png']],
  ['steering-1', []],
  ['steering-2', []],
  ['steering-3', []],
  ['steering-4', []],
])('%s runs', { timeout: 300_000 }, async (name, written) => {
  const preamble = `
    import * as livedream from 'livedream';
    Object.assign(globalThis, livedream, { dreamer: await livedream.Dreamer.load() });
    await import('./${name}.js');
    await dreamer.dispose();`;
  const program = path.join(project, 'run', `run-${name}.js`);
  await writeFile(program, preamble);
  await expect(run(process.execPath, [program], { cwd: folder })).resolves.toMatchObject({ stderr: '' });
  expect(await readdir(folder)).toEqual(expect.arrayContaining(written));
});
