// What `livedream dream` reads and writes: which files, what becomes of a batch, and standard streams.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  link,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import sharp, { type Metadata } from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPicture } from '../../lib/cli/standard-streams.js';
import { cli, type Ended, livedreamIn } from '../support/cli.js';
import { SAMPLE } from '../support/pictures.js';

const QUICK = ['--size', '64', '--octaves', '1', '--iterations', '1'];

let cwd: string;
let sample: Buffer;
const at = (name: string): string => path.join(cwd, name);
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'livedream-files-'));
  sample = await readFile(SAMPLE);
  await copyFile(SAMPLE, at('a.jpg'));
});
afterEach(async () => rm(cwd, { recursive: true }));

const dream = (...args: string[]): Promise<Ended> => livedreamIn({ cwd }, 'dream', ...args);
const lines = ({ stdout }: Ended): string[] => stdout.toString().trim().split('\n');
const header = (file: string): Promise<Metadata> => sharp(at(file)).metadata();

/** A usage error before anything runs: nothing is written, nothing printed. */
async function refused(says: RegExp, ...args: string[]): Promise<void> {
  const before = (await readdir(cwd)).sort();
  const { code, stdout, stderr } = await dream(...args);
  expect({ code, stdout: stdout.toString() }, stderr).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect((await readdir(cwd)).sort()).toEqual(before);
  expect((await readFile(at('a.jpg'))).equals(sample)).toBe(true);
}

describe('no data is lost:', () => {
  test('a picture is not overwritten by its dream, nor by that of another', async () => {
    await symlink('a.jpg', at('link.jpg'));
    await link(at('a.jpg'), at('A.JPG'));
    for (const output of ['a.jpg', './a.jpg', 'link.jpg', 'A.JPG']) {
      await refused(/another file than 'a\.jpg', which is read and would be lost/, 'a.jpg', '-o', output);
    }
    await copyFile(SAMPLE, at('a-dream.png'));
    await refused(/another file than 'a-dream\.png'/, 'a.jpg', 'a-dream.png');
    await copyFile(SAMPLE, at('a.png'));
    await refused(/each dream has a file of its own/, 'a.jpg', 'a.png');
  });

  test('nor what is piped in from a file, nor the model', async () => {
    const file = await open(at('a.jpg'));
    const { code, stderr } = await livedreamIn({ cwd, stdin: file.fd }, 'dream', '-', '-o', 'a.jpg');
    await file.close();
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/than 'standard input', which/) });
    const appended = await open(at('a.jpg'), 'a');
    const added = await livedreamIn({ cwd, stdout: appended.fd }, 'dream', 'a.jpg', '-o', '-');
    await appended.close();
    expect(added).toMatchObject({ code: 2, stderr: expect.stringMatching(/another file than 'a\.jpg'/) });
    expect((await readFile(at('a.jpg'))).equals(sample)).toBe(true);
    await writeFile(at('net.pb'), 'a graph');
    await refused(/another file than 'net\.pb'/, 'a.jpg', '--model', 'net.pb', '-o', 'net.pb', '--format', 'png');
  });

  test('an older dream is replaced, its mode and the link to it kept', async () => {
    await writeFile(at('old.png'), 'old');
    await chmod(at('old.png'), 0o604);
    await symlink('old.png', at('a-dream.png'));
    expect(await dream('a.jpg', ...QUICK)).toMatchObject({ code: 0 });
    expect(await header('old.png')).toMatchObject({ format: 'png', width: 64 });
    expect((await stat(at('old.png'))).mode & 0o777).toBe(0o604);
  });
});

describe('a batch', () => {
  test('goes on after pictures that are broken or too small, and ends with 1', async () => {
    await writeFile(at('none.jpg'), 'no picture');
    await writeFile(at('cut.jpg'), sample.subarray(0, 9000));
    await sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } }).toFile(at('tiny.png'));
    await copyFile(SAMPLE, at('z.jpg'));
    const pictures = ['none.jpg', 'a.jpg', 'cut.jpg', 'tiny.png', 'missing.jpg', 'z.jpg'];
    const ended = await dream(...pictures, '--octaves', '1', '--iterations', '1');
    expect(ended.code).toBe(1);
    expect(lines(ended)).toEqual(['a-dream.png', 'z-dream.png']);
    const said = ended.stderr.trim().split('\n');
    expect(said).toHaveLength(4);
    for (const [name, code] of [
      ['none.jpg', 'UNREADABLE'],
      ['missing.jpg', 'UNREADABLE'],
      ['cut.jpg', 'UNREADABLE'],
      ['tiny.png', 'TOO_SMALL'],
    ])
      expect(said.some((line) => line.includes(`${name}`) && line.endsWith(`[ERR_LIVEDREAM_IMAGE_${code}]`))).toBe(
        true,
      );
    for (const name of ['a', 'z']) expect(await header(`${name}-dream.png`)).toMatchObject({ format: 'png' });
  });

  test('ends where something is wrong with all', async () => {
    const ended = await dream('a.jpg', SAMPLE, '--layer', 'none', '-o', 'new/');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^livedream: .*LAYER_UNKNOWN\]\n$/) });
    expect(await readdir(cwd)).toEqual(['a.jpg']);
  });
});

describe('-o', () => {
  test('NEWFOLDER/ makes the folder', async () => {
    const ended = await dream('a.jpg', SAMPLE, '-o', 'new/deep/', '--format', 'jpg', '--quality', '30', ...QUICK);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(lines(ended)).toEqual(['new/deep/a-dream.jpg', 'new/deep/sample-dream.jpg']);
    expect(await header('new/deep/a-dream.jpg')).toMatchObject({ format: 'jpeg', width: 64 });
    expect(await dream('a.jpg', '-o', 'new/deep/', ...QUICK)).toMatchObject({ code: 0 });
    expect((await readdir(at('new/deep'))).sort()).toEqual(['a-dream.jpg', 'a-dream.png', 'sample-dream.jpg']);
  });

  test('leaves no folder where nothing is dreamed, and takes no file for one', async () => {
    expect(await dream('missing.jpg', '-o', 'new/')).toMatchObject({ code: 1 });
    await refused(/'step'/, 'a.jpg', '-o', 'new/', '--step', '0');
    expect(await dream('a.jpg', '-o', 'a.jpg/')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/a file is in/),
    });
    expect(await readdir(cwd)).toEqual(['a.jpg']);
  });

  test('takes a type from --format, and no contradiction', async () => {
    expect(await dream('a.jpg', '-o', 'plain', '--format', 'webp', ...QUICK)).toMatchObject({ code: 0 });
    expect(await header('plain')).toMatchObject({ format: 'webp' });
    expect(await dream('a.jpg', '--format', 'tif', ...QUICK)).toMatchObject({ code: 0 });
    expect(await header('a-dream.tif')).toMatchObject({ format: 'tiff' });
    await refused(/'format' must be left out or 'png'.*"webp"/, 'a.jpg', '-o', 'b.png', '--format', 'webp');
    await refused(/'format' must be one of 'png'.*"bmp"/, 'a.jpg', '--format', 'bmp');
    await refused(/'quality' must be .*900/, 'a.jpg', '--quality', '900');
    await refused(/'output' must be a file, a folder/, 'a.jpg', '-o', '');
    const name = `${'n'.repeat(251)}.jpg`;
    await copyFile(SAMPLE, at(name));
    const ended = await dream(name, 'a.jpg', ...QUICK);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^livedream: .*its name is too long.*\n$/) });
    expect(lines(ended)).toEqual(['a-dream.png']);
  });
});

describe('standard streams', () => {
  test('- -o - reads a picture and writes one, and nothing else', async () => {
    const { code, stdout, stderr } = await livedreamIn({ cwd, input: sample }, 'dream', '-', '-o', '-', ...QUICK);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await sharp(stdout).metadata()).toMatchObject({ format: 'png', width: 64, height: 43 });
    expect(stdout.subarray(-8, -4).toString()).toBe('IEND');
    expect(await readdir(cwd)).toEqual(['a.jpg']);
  });

  test('- alone writes to a pipe, as --format says; -o a file or a folder to that', async () => {
    const input = sample;
    const piped = await livedreamIn({ cwd, input }, 'dream', '-', '--format', 'webp', '--quality', '20', ...QUICK);
    expect(await sharp(piped.stdout).metadata()).toMatchObject({ format: 'webp' });
    const filed = await livedreamIn({ cwd, input }, 'dream', '-', 'a.jpg', '-o', 'new/', ...QUICK);
    expect(lines(filed)).toEqual(['new/stdin-dream.png', 'new/a-dream.png']);
    const [one, other] = await Promise.all(lines(filed).map((file) => readFile(at(file))));
    expect(one).toEqual(other);
  });

  test('what is no picture, or empty, is reported', async () => {
    const broken = await livedreamIn({ cwd, input: Buffer.from('no picture') }, 'dream', '-', ...QUICK);
    expect(broken).toMatchObject({ code: 1, stdout: Buffer.alloc(0) });
    expect(broken.stderr).toMatch(/^livedream: .*IMAGE_UNREADABLE\]\n$/);
    const empty = await livedreamIn({ cwd }, 'dream', '-', 'a.jpg', '-o', 'new/', ...QUICK);
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringMatching(/from standard input .* it is empty/) });
    expect(lines(empty)).toEqual(['new/a-dream.png']);
  });

  test('what cannot be meant is a usage error', async () => {
    await refused(/'picture' must be '-' once at most/, '-', '-', '-o', 'new/');
    await refused(/'output' must be a folder, where standard input is one of several/, '-', 'a.jpg');
    await refused(/'output' must be a folder, for several pictures/, 'a.jpg', 'b.jpg', '-o', '-');
    await refused(/'json' must be left out where the picture itself goes/, 'a.jpg', '-o', '-', '--json');
  });

  test('a closed pipe ends it without a word', async () => {
    for (const args of [['dream', 'a.jpg', '-o', '-', ...QUICK], ['layers']]) {
      const { stderr, code } = await livedreamIn({ cwd, closed: true }, ...args);
      expect({ stderr, code }, args.join(' ')).toEqual({ stderr: '', code: 141 });
    }
  });

  test('Ctrl-C ends it while it waits for its input', async () => {
    const child = spawn(process.execPath, [cli, 'dream', '-', '-o', 'b.png'], { cwd });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    // More than a pipe holds: written when it has begun to read.
    await new Promise((resolve) => child.stdin.write(Buffer.alloc(1_000_000), resolve));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'livedream: cancelled\n' });
    expect(await readdir(cwd)).toEqual(['a.jpg']);
  });

  test.skipIf(process.platform !== 'linux')('a full disk behind standard output is said', async () => {
    const full = await open('/dev/full', 'w');
    const ended = await livedreamIn({ cwd, stdout: full.fd }, 'dream', 'a.jpg', '-o', '-', ...QUICK);
    await full.close();
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Standard output cannot be written: ENOSPC/),
    });
  });

  test('input is limited', async () => {
    expect(await readPicture(Readable.from([Buffer.alloc(3), Buffer.alloc(4)]), 7)).toHaveLength(7);
    const endless = new PassThrough();
    endless.write(Buffer.alloc(8));
    const unreadable = { code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE' };
    await expect(readPicture(endless, 7)).rejects.toMatchObject({
      ...unreadable,
      message: expect.stringContaining('more than 7 bytes'),
    });
    if (!endless.closed) await once(endless, 'close');
    const torn = new PassThrough();
    torn.destroy(new Error('torn'));
    await expect(readPicture(torn)).rejects.toMatchObject({ ...unreadable, cause: { message: 'torn' } });
  });
});
