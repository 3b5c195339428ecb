import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import type { Dreamer } from '../../lib/dreamer.js';
import { smallDreamer } from '../support/dreamers.js';
import { jpeg, LiveService } from './live-support.js';

const TOKEN = 'correct-horse-battery';
let dreamer: Dreamer;
let service: LiveService;
let folder: string;
let pictures: Buffer[];

beforeAll(async () => {
  dreamer = await smallDreamer();
  service = await LiveService.of(dreamer, { token: TOKEN });
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-'));
  pictures = await Promise.all([1, 2, 3].map((seed) => jpeg(96, 72, seed)));
});
afterAll(async () => {
  await service.close();
  await dreamer.dispose();
  await rm(folder, { recursive: true });
});

async function client(to: string, args: string[], input?: Buffer): Promise<[number | null, string]> {
  const script = path.join(packageRoot, 'examples/live-client/live-client.mjs');
  const all = [script, '--service', service.url, '--to', path.join(folder, to), ...args];
  const child = spawn(process.execPath, all, { env: { ...process.env, LIVEDREAM_TOKEN: TOKEN } });
  child.stdin.end(input);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return [code, (await said).join('')];
}

test('the example dreams a folder of pictures, every one of them', async () => {
  const from = path.join(folder, '.');
  for (const [index, bytes] of pictures.entries()) await writeFile(path.join(from, `${index}.jpg`), bytes);
  const [code, said] = await client('a', ['--from', from, '--options', '{"octaves":1}', '--format', 'png']);
  expect([code, said]).toEqual([
    0,
    expect.stringMatching(/^000001.png: 96 x 72.*\n.*\n000003.png.* 0 dropped so far\n$/),
  ]);
  expect(await readdir(path.join(folder, 'a'))).toEqual(['000001.png', '000002.png', '000003.png']);
  expect((await sharp(path.join(folder, 'a/000003.png')).metadata()).width).toBe(96);
});

test('and motion JPEG as ffmpeg pipes it, at the rate of a camera until its last frame', async () => {
  const [code] = await client('b', ['--from', '-', '--fps', '50'], Buffer.concat(pictures));
  expect(code).toBe(0);
  expect(await readdir(path.join(folder, 'b'))).toContain('000003.jpeg');
});

test('it says what the service says', async () => {
  const args = ['--from', folder, '--options', '{"filter":"none-of-that-name"}'];
  expect(await client('c', args)).toEqual([1, expect.stringContaining('ERR_LIVEDREAM_FILTER_UNKNOWN')]);
});
