import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { SAMPLE } from '../support/pictures.js';
import { writeStandin } from '../support/standin/standin.mjs';

const run = promisify(execFile);
const cli = path.join(packageRoot, 'dist/esm/cli/main.js');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line, as users run it. */
async function livedream(...args: string[]): Promise<Ended> {
  try {
    return { code: 0, ...(await run(process.execPath, [cli, ...args])) };
  } catch (error) {
    return error as Ended;
  }
}

let folder: string;
let picture: string;
let standin: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream cli ü '));
  picture = path.join(folder, 'my photo.jpg');
  await copyFile(SAMPLE, picture);
  standin = path.join(await mkdtemp(path.join(tmpdir(), 'livedream-model-')), 'my net');
  writeStandin(standin);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(path.dirname(standin), { recursive: true });
});

const QUICK = ['--size', '120', '--octaves', '2', '--iterations', '2'];

describe('livedream dream', () => {
  test('writes NAME-dream.png beside the picture and prints only its name', async () => {
    const { code, stdout, stderr } = await livedream('dream', picture, ...QUICK);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${path.join(folder, 'my photo-dream.png')}\n`);
    expect(await sharp(stdout.trim()).metadata()).toMatchObject({ format: 'png', width: 120, height: 80 });
  });

  test('takes every flag and prints one line of JSON with --json', async () => {
    const out = path.join(folder, 'out.webp');
    const flags = [
      '--filter',
      'cathedral',
      '--octaves',
      '3',
      '--octave-scale',
      '1.3',
      '--iterations',
      '2',
      '--step',
      '2.5',
    ];
    const more = [
      '--tile',
      '64',
      '--seed',
      '18446744073709551615',
      '--xla',
      'false',
      '--loop',
      'native',
      '--device',
      'cpu',
    ];
    const { stdout } = await livedream(
      'dream',
      picture,
      '-o',
      out,
      '--size',
      '100',
      ...flags,
      ...more,
      '--no-jitter',
      '--json',
      ...['--device', 'cpu'],
    );
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const { parameters, ...rest } = JSON.parse(stdout) as { parameters: object };
    expect(rest).toMatchObject({ file: out, width: 100, height: 67, xla: false, loop: 'native', device: 'CPU:0' });
    expect(parameters).toMatchObject({ filter: 'cathedral', octaves: 3, octaveScale: 1.3, iterations: 2, step: 2.5 });
    expect(parameters).toMatchObject({ tileSize: 64, seed: '18446744073709551615', jitter: false });
  });

  test('takes and writes files by file: URLs, and prints the fields of the API with --json', async () => {
    const out = path.join(folder, 'by url.png');
    const urls = ['--model', pathToFileURL(standin).href, '-o', pathToFileURL(out).href];
    const { stdout } = await livedream('dream', picture, ...urls, ...QUICK, '--seed', '7', '--json');
    const printed = JSON.parse(stdout) as Record<string, unknown>;
    const dreamer = await Dreamer.load({ model: standin });
    const dream = await dreamer.dream(picture, { size: 120, octaves: 2, iterations: 2, seed: 7 });
    await dreamer.dispose();
    const { timings, ...told } = JSON.parse(JSON.stringify(dream)) as { timings: object };
    expect(printed).toEqual({ ...told, file: out, timings: expect.any(Object) });
    expect(Object.keys(printed['timings'] as object)).toEqual(Object.keys(timings));
    expect(await sharp(out).metadata()).toMatchObject({ format: 'png', width: 120 });
  });

  test('takes several pictures into a folder', async () => {
    const { stdout } = await livedream('dream', picture, SAMPLE, '-o', folder, ...QUICK);
    const outputs = [picture, SAMPLE].map((file) => path.join(folder, `${path.parse(file).name}-dream.png`));
    expect(stdout.trim().split('\n')).toEqual(outputs);
    const wrong = await livedream('dream', picture, SAMPLE, '-o', path.join(folder, 'one.png'));
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('a folder that exists') });
    const twice = await livedream('dream', picture, picture, '-o', folder);
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining('a file of its own') });
  });

  test('spreads several pictures over devices', async () => {
    const { stdout } = await livedream(
      'dream',
      picture,
      SAMPLE,
      '-o',
      folder,
      ...QUICK,
      '--device',
      'cpu,cpu:1',
      '--json',
    );
    const dreams = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { device: string; file: string });
    expect(new Set(dreams.map(({ device }) => device))).toEqual(new Set(['CPU:0', 'CPU:1']));
    expect(new Set(dreams.map(({ file }) => path.basename(file)))).toEqual(
      new Set([picture, SAMPLE].map((file) => `${path.parse(file).name}-dream.png`)),
    );
  });

  const WRONG: readonly (readonly [string, string[], number, RegExp])[] = [
    [
      'a picture that is not there',
      ['none.jpg'],
      1,
      /'none\.jpg' cannot be read: there is no such file.*IMAGE_UNREADABLE/,
    ],
    ['a seed that is none', [SAMPLE, '--seed', 'seven'], 2, /'seed' must be a whole number.*"seven"/],
    [
      'a model of the web',
      [SAMPLE, '--model', 'https://x.org/a.pb'],
      1,
      /only 'file:' URLs are opened; download it first/,
    ],
    ['a channel that is none', [SAMPLE, '--channel', '1.5'], 2, /'channel' must be a whole number/],
    ['a channel without a name', [SAMPLE, '--channel', ' '], 2, /'channel' must be a channel's number or name/],
    ['a channel that no layer has', [SAMPLE, '--channel', 'butterfli'], 1, /no channel 'butterfli'.*'butterfly'/],
    ['an octave too many', [SAMPLE, '--size', '64', '--octaves', '9'], 1, /IMAGE_TOO_SMALL/],
    ['a number that is none', [SAMPLE, '--step', 'NaN'], 2, /'step' must be a number above 0.*"NaN"/],
    ['an iteration count out of range', [SAMPLE, '--iterations', '0'], 2, /'iterations' must be a whole number from 1/],
    ['a filter that is not there', [SAMPLE, '--filter', 'starz'], 1, /no filter 'starz'.*'van-gogh'/],
    ['a folder that is not there', [SAMPLE, '-o', 'no/such/folder/a.png'], 1, /OUTPUT_UNWRITABLE/],
    ['a type that is not known', [SAMPLE, '-o', 'a.bmp'], 1, /'\.bmp' is none of png/],
    ['a flag that does not exist', [SAMPLE, '--octave', '3'], 2, /--octaves/],
    ['no picture', [], 2, /picture/],
    ['a device that is not there', [SAMPLE, '--device', 'gpu:7'], 1, /DEVICE_UNAVAILABLE/],
  ];
  for (const [what, args, code, says] of WRONG) {
    test(`${what} ends with ${code}, one line on stderr and nothing on stdout`, async () => {
      const ended = await livedream('dream', ...args);
      expect(ended).toMatchObject({ code, stdout: '' });
      expect(ended.stderr).toMatch(says);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
    });
  }

  test('takes a file: URL, and a name with brackets', async () => {
    const odd = path.join(folder, 'my photo.jpg[1]');
    await copyFile(SAMPLE, odd);
    const { code, stdout } = await livedream('dream', pathToFileURL(odd).href, ...QUICK);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${path.join(folder, 'my photo-dream.png')}\n` });
  });

  test('refuses a picture too large for the format before the network is loaded', async () => {
    const wide = path.join(folder, 'wide.png');
    await sharp({ create: { width: 16_400, height: 20, channels: 3, background: 'grey' } })
      .png()
      .toFile(wide);
    const none = ['--model', path.join(folder, 'no-such-model.pb')];
    const tooLarge = await livedream('dream', wide, '-o', path.join(folder, 'wide.webp'), ...none);
    expect(tooLarge).toMatchObject({ code: 1, stdout: '' });
    expect(tooLarge.stderr).toMatch(
      /wide\.webp' cannot be written: .*16400 x 20 pixels.*WebP.*16383.*OUTPUT_UNWRITABLE/,
    );
    const sized = await livedream('dream', wide, '-o', path.join(folder, 'wide.webp'), '--size', '16383', ...none);
    expect(sized.stderr).toMatch(/no-such-model/);
  });

  test('is cancelled by Ctrl-C with 130 and leaves nothing', async () => {
    const out = path.join(folder, 'cancelled');
    await rm(out, { recursive: true, force: true });
    const before = await readdir(folder);
    const child: ChildProcess = spawn(process.execPath, [
      cli,
      'dream',
      picture,
      '--iterations',
      '9999',
      '-o',
      `${out}.png`,
    ]);
    let stderr = '';
    child.stderr?.on('data', (text) => {
      stderr += text;
    });
    setTimeout(() => child.kill('SIGINT'), 1500);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'livedream: cancelled\n' });
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('livedream dream with a model of the user', () => {
  test('takes a folder with its description and filters', async () => {
    const out = path.join(folder, 'feathers.png');
    const flags = ['--model', standin, '--filter', 'feathers', ...QUICK, '-o', out, '--json'];
    const { parameters } = JSON.parse((await livedream('dream', picture, ...flags)).stdout) as { parameters: object };
    expect(parameters).toMatchObject({ model: 'standin', filter: 'feathers', octaves: 2, octaveScale: 1.4, step: 1.5 });
    expect(await sharp(out).metadata()).toMatchObject({ format: 'png', width: 120 });
  });
});

describe('livedream layers', () => {
  test('lists names, channels and strides', async () => {
    const { stdout } = await livedream('layers', '--model', standin, '--json');
    const layers = JSON.parse(stdout) as { name: string }[];
    expect(layers.find(({ name }) => name === 'motifs')).toMatchObject({ op: 'Relu', channels: 32, stride: 4 });
    const own = await livedream('layers');
    expect(own.stdout).toMatch(/^LAYER +OPERATION +CHANNELS +STRIDE +LEAST\n/);
    expect(own.stdout).toMatch(/\nmixed4d +ConcatV2 +496 +16 +\d+\n/);
  });

  test('lists the names of channels with --names', async () => {
    expect((await livedream('layers', '--names')).stdout).toMatch(/^LAYER +CHANNEL +NAME\n(classes .*\n)+$/);
    const { classes } = JSON.parse((await livedream('layers', '--names', '--json')).stdout) as { classes: string[] };
    expect(classes).toContain('owl');
    expect(classes.at(-1)).toBe('texture starry');
    expect((await livedream('layers', '--names', '--model', standin)).stdout).toBe('LAYER  CHANNEL  NAME\n');
  });
});

test('help and version go to stdout with 0', async () => {
  expect(await livedream('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  const help = await livedream('dream', '--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/--octave-scale <x>.*\n.*default: 1\.4/);
});
