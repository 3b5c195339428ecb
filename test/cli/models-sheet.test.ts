// `livedream models show NAME --sheet`: what is written, what is said, and what is kept when it is cut short.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { layOut } from '../../lib/sheet/layout.js';
import { cli, type Ended, livedreamIn } from '../support/cli.js';
import { smallModel } from '../support/models.js';
import { SAMPLE } from '../support/pictures.js';

let folder: string;
let cwd: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-sheets-'));
  cwd = path.join(folder, 'out');
  await copyFile(smallModel().file, path.join(folder, 'graph.pb'));
  const description = {
    name: 'small',
    filters: { first: { layer: 'mixed3b', channel: 5 }, 'zweitens ü': { layer: 'mixed3a' } },
  };
  await writeFile(path.join(folder, 'model.json'), JSON.stringify(description));
  // Each by itself, as each has steps of its own.
  const many = Array.from({ length: 40 }, (_, index) => {
    const options = { octaves: 1, step: 1 + index / 100 };
    return [`filter ${index}`, { layer: 'mixed3a', options }] as const;
  });
  await mkdir(path.join(folder, 'long'));
  await copyFile(smallModel().file, path.join(folder, 'long/graph.pb'));
  await writeFile(path.join(folder, 'long/model.json'), JSON.stringify({ filters: Object.fromEntries(many) }));
});
beforeEach(async () => {
  await rm(cwd, { recursive: true, force: true });
  await mkdir(cwd);
});
afterAll(() => rm(folder, { recursive: true }));

const FAST = ['--side', '64', '--octaves', '1', '--iterations', '1', '--device', 'cpu'];

function show(...args: string[]): Promise<Ended> {
  return livedreamIn({ cwd }, 'models', 'show', '../model.json', ...FAST, ...args);
}

describe('livedream models show NAME --sheet', () => {
  test('draws the filters over the landscape of the package', async () => {
    const { code, stdout, stderr } = await show('--sheet', 'sheet.png');
    expect({ code, stdout: stdout.toString(), stderr }).toEqual({ code: 0, stdout: 'sheet.png\n', stderr: '' });
    const { width, height } = layOut({ count: 2, side: 64, overWidth: 96, columns: undefined });
    expect(await sharp(path.join(cwd, 'sheet.png')).metadata()).toMatchObject({ format: 'png', width, height });
    expect(await readdir(cwd)).toEqual(['sheet.png']);
  });

  test('says nothing about fonts on a system without any', async () => {
    process.env['FONTCONFIG_PATH'] = path.join(cwd, 'nowhere');
    try {
      const { code, stderr } = await show('--sheet', 'sheet.png', '--filters', 'first');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    } finally {
      delete process.env['FONTCONFIG_PATH'];
    }
  });

  test('draws over a picture, in another format, in as many columns as asked for', async () => {
    const ground = { width: 64, height: 64, channels: 3 as const, background: '#3070b0' };
    await sharp({ create: ground }).png().toFile(path.join(cwd, 'over.png'));
    const { code, stderr } = await show('--sheet', 'sheet.webp', '--over', 'over.png', '--columns', '1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { width, height } = layOut({ count: 2, side: 64, overWidth: 64, columns: 1 });
    expect(await sharp(path.join(cwd, 'sheet.webp')).metadata()).toMatchObject({ format: 'webp', width, height });
  });

  test('draws the channels of a layer in pages, and tells how to go on', async () => {
    const args = ['--layer', 'mixed3b', '--channels', '3,17,4', '--per-page', '2', '--sheet', 'c.png'];
    const { code, stdout, stderr } = await show(...args);
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: 'c.png\n' });
    expect(stderr).toContain('page 1 of 2');
    expect(stderr).toContain(
      'livedream models name FILTER --model ../model.json --layer mixed3b --channels N,N --octaves 1',
    );
    const all = await show(...args, '--pages');
    expect({ code: all.code, stdout: all.stdout.toString() }).toEqual({ code: 0, stdout: 'c-1.png\nc-2.png\n' });
    expect(all.stderr).not.toContain('--page');
    expect(await readdir(cwd)).toEqual(['c-1.png', 'c-2.png', 'c.png']);
    expect(await readFile(path.join(cwd, 'c-1.png'))).toEqual(await readFile(path.join(cwd, 'c.png')));
  });

  test.each([
    [['--layer', 'mixed3b'], 2, "'sheet'"],
    [['--sheet', 'sheet.bmp'], 1, "'.bmp'"],
    [['--sheet', 'nowhere/sheet.png'], 1, "no folder 'nowhere'"],
    [
      ['--sheet', 'sheet.webp', '--side', '1024', '--columns', '1', '--per-page', '1000', '--layer', 'mixed3b'],
      1,
      'WebP',
    ],
    [['--sheet', 'a.jpg', '--over', 'a.jpg'], 2, 'would be lost'],
    [['--sheet', 'link.jpg', '--over', 'a.jpg'], 2, 'would be lost'],
    [['--sheet', 'sheet.png', '--over', 'none.jpg'], 1, 'none.jpg'],
    [['--sheet', 'sheet.png', '--channels', '1,,2', '--layer', 'mixed3b'], 2, "'channels'"],
    [['--sheet', 'sheet.png', '--channels', '1'], 2, "'layer'"],
    [['--sheet', 'sheet.png', '--filters', 'frist'], 1, 'frist'],
    [['--sheet', 'sheet.png', '--iterations', 'few'], 2, "'iterations'"],
  ])('refuses %j and leaves nothing', async (args, status, said) => {
    await copyFile(SAMPLE, path.join(cwd, 'a.jpg'));
    await symlink('a.jpg', path.join(cwd, 'link.jpg'));
    const { code, stdout, stderr } = await show(...args);
    expect({ code, stdout: stdout.toString() }).toEqual({ code: status, stdout: '' });
    expect(stderr).toContain(said);
    expect(await readdir(cwd)).toEqual(['a.jpg', 'link.jpg']);
    expect(await readFile(path.join(cwd, 'a.jpg'))).toEqual(await readFile(SAMPLE));
  });
});

test.skipIf(process.platform === 'win32')('a signal keeps the cells that are finished', { retry: 2 }, async () => {
  const args = ['models', 'show', '../long', '--sheet', 'sheet.png', '--side', '128', '--iterations', '60'];
  const child = spawn(process.execPath, [cli, ...args], { cwd });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  let sent = 0;
  setTimeout(() => {
    sent = performance.now();
    child.kill('SIGINT');
  }, 6000);
  const [code] = await once(child, 'close');
  expect(performance.now() - sent).toBeLessThan(3000);
  expect(code).toBe(130);
  const [, finished] = /^livedream: (\d+) of 40 are on 'sheet.png'\nlivedream: cancelled\n$/.exec(said) ?? [];
  console.log(`SIGINT after 6 s: ${finished} of 40`);
  const count = Number(finished);
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(40);
  const { width, height } = layOut({ count, side: 128, overWidth: 192, columns: undefined });
  expect(await sharp(path.join(cwd, 'sheet.png')).metadata()).toMatchObject({ width, height });
  expect(await readdir(cwd)).toEqual(['sheet.png']);
});
