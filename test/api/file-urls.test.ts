import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import type { Dream } from '../../lib/dream.js';
import { Dreamer } from '../../lib/dreamer.js';
import type { ModelInput } from '../../lib/model/source.js';
import { rawPicture } from '../support/dreamers.js';
import { smallModel } from '../support/models.js';

let folder: string;
let graph: string;
let dream: Dream;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream urls # ü '));
  const model = path.join(folder, 'a net');
  graph = path.join(model, 'graph.pb');
  await mkdir(model);
  await copyFile(smallModel().file, graph);
  await writeFile(path.join(model, 'model.json'), JSON.stringify({ name: 'mine', defaultLayer: 'mixed3b' }));
  const dreamer = await Dreamer.load({ model: pathToFileURL(model), device: 'cpu' });
  expect(dreamer.model).toBe('mine');
  dream = await dreamer.dream(rawPicture(40, 32), { octaves: 1, iterations: 1 });
  await dreamer.dispose();
});
afterAll(async () => rm(folder, { recursive: true }));

describe('a model by its file: URL', () => {
  const FORMS: readonly (readonly [string, (url: URL) => ModelInput])[] = [
    ['an object', (url) => url],
    ['a text', (url) => url.href],
    ['a text with one slash', (url) => url.href.replace('file:///', 'file:/')],
    ["a description's graph, as an object", (url) => ({ graph: url })],
    ["a description's graph, as a text", (url) => ({ graph: url.href })],
  ];
  for (const [what, form] of FORMS) {
    test(`may be ${what}`, async () => {
      const dreamer = await Dreamer.load({ model: form(pathToFileURL(graph)), device: 'cpu' });
      expect(dreamer.model).toBe('graph');
      await dreamer.dispose();
    });
  }

  test('is refused where it is none of a file, saying what to do', async () => {
    const web = 'https://example.org/net.pb';
    for (const model of [web, new URL(web), { graph: web }, { graph: new URL(web) }])
      await expect(Dreamer.load({ model })).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_MODEL_UNREADABLE',
        message: expect.stringMatching(
          /'https:\/\/example.org\/net.pb' cannot be read: only 'file:' URLs.*download it first/,
        ),
      });
    await expect(Dreamer.load({ model: 'file://elsewhere/net.pb' })).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_MODEL_UNREADABLE',
      message: expect.stringContaining('host'),
    });
    const none = pathToFileURL(path.join(folder, 'none.pb'));
    await expect(Dreamer.load({ model: none })).rejects.toThrow(`${path.join(folder, 'none.pb')}' cannot be read`);
  });
});

describe('toFile()', () => {
  test('takes a file: URL, as an object or a text', async () => {
    const files = ['one a.png', 'two #.webp'].map((name) => path.join(folder, name));
    const [one, two] = files.map((file) => pathToFileURL(file)) as [URL, URL];
    await dream.toFile(one);
    await dream.toFile(two.href);
    for (const file of files) expect(await sharp(file).metadata()).toMatchObject({ width: 40, height: 32 });
  });

  test('refuses other URLs, and what is neither, and writes nothing', async () => {
    const before = await readdir(folder);
    for (const file of ['http://example.org/a.png', new URL('http://example.org/a.png')])
      await expect(dream.toFile(file)).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
        message: expect.stringMatching(/'http:\/\/example.org\/a.png' cannot be written: .*toBuffer\(\)/),
      });
    await expect(dream.toFile(7 as unknown as string)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_TYPE' });
    expect(await readdir(folder)).toEqual(before);
  });
});

test('without TensorFlow too, whatever is wrong has a code', async () => {
  const script = `
    import { Dreamer, devices, installRuntime } from ${JSON.stringify(path.join(packageRoot, 'dist/esm/index.js'))};
    const calls = [
      () => Dreamer.load({ model: 'http://example.org/net.pb' }),
      () => Dreamer.load({ model: 'none' }),
      () => Dreamer.load({ logger: 7 }),
      () => Dreamer.load({ queueLimit: 0 }),
      () => Dreamer.load({ signal: AbortSignal.abort() }),
      () => Dreamer.load(),
      () => devices(),
      () => installRuntime({ from: ['none.whl'] }),
      () => installRuntime({ onProgress: 'loud' }),
    ];
    for (const call of calls) console.log(await call().then(() => 'done', ({ name, code }) => name + ' ' + code));
  `;
  const env = {
    ...process.env,
    LIVEDREAM_TENSORFLOW: path.join(folder, 'none'),
    LIVEDREAM_CACHE: path.join(folder, 'c'),
  };
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
  expect((await run).stdout.trim().split('\n')).toEqual([
    'LiveDreamError ERR_LIVEDREAM_MODEL_UNREADABLE',
    'LiveDreamError ERR_LIVEDREAM_MODEL_UNKNOWN',
    'TypeError ERR_LIVEDREAM_OPTION_TYPE',
    'RangeError ERR_LIVEDREAM_OPTION_RANGE',
    'AbortError ERR_LIVEDREAM_ABORTED',
    'LiveDreamError ERR_LIVEDREAM_RUNTIME_MISSING',
    'LiveDreamError ERR_LIVEDREAM_RUNTIME_MISSING',
    'LiveDreamError ERR_LIVEDREAM_INSTALL_FAILED',
    'TypeError ERR_LIVEDREAM_OPTION_TYPE',
  ]);
});
