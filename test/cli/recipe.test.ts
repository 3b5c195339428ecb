// --recipe as users give it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { type Ended, livedreamIn } from '../support/cli.js';
import { TEST_DEVICE } from '../support/device.js';
import { hasFfmpeg, probePictures } from '../support/films.js';
import { smallModel } from '../support/models.js';
import { madePicture } from '../support/pictures.js';

let folder: string;
const at = (name: string): string => path.join(folder, name);
const run = (...args: string[]): Promise<Ended> => livedreamIn({ cwd: folder }, ...args);
const write = (name: string, recipe: object): void => writeFileSync(at(name), JSON.stringify(recipe));
const DEVICE = ['--device', TEST_DEVICE];

const OPTIONS = { layer: 'mixed3b', octaves: 2, iterations: [3, 1], seed: 7 };

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'livedream-recipe-'));
  const raw = { width: 64, height: 48, channels: 3 } as const;
  await sharp(Buffer.from(Uint8Array.from(madePicture(64, 48))), { raw })
    .png()
    .toFile(at('photo.png'));
  mkdirSync(at('recipes'));
  const model = path.relative(at('recipes'), smallModel().file);
  write('recipes/small.json', { recipe: 1, model, options: OPTIONS, output: { format: 'webp', quality: 71 } });
  write('recipes/page.json', { recipe: 1, model, options: { ...OPTIONS, page: 0 } });
  write('recipes/plain.json', { recipe: 1, model, options: { octaves: 1, iterations: 1 } });
  write('recipes/wrong.json', { recipe: 1, options: { octaves: 0 } });
  write('recipes/newer.json', { recipe: 2 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a picture', () => {
  test('is dreamed and written as the recipe says, and its own recipe makes the same of it', async () => {
    const { code, stderr, stdout } = await run('dream', 'photo.png', '--recipe', 'recipes/small.json', ...DEVICE);
    expect(code, stderr).toBe(0);
    expect(stdout.toString()).toBe('photo-dream.webp\n');
    expect(await readParameters(at('photo-dream.webp'))).toMatchObject({
      ...{ octaves: 2, iterations: [3, 1], seed: 7, quality: 71 },
      objective: { layer: 'mixed3b', kind: 'layer' },
    });
    const shown = await run('show', 'photo-dream.webp', '--recipe');
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    const recipe = JSON.parse(shown.stdout.toString()) as Record<string, unknown>;
    expect(recipe).toMatchObject({ recipe: 1, options: OPTIONS, output: { quality: 71 } });
    // A model that was a file goes by its name, which is no place.
    write('own.json', { ...recipe, model: smallModel().file });
    expect((await run('dream', 'photo.png', '--recipe', 'own.json', '-o', 'again.webp', ...DEVICE)).code).toBe(0);
    expect(readFileSync(at('again.webp')).equals(readFileSync(at('photo-dream.webp')))).toBe(true);
  });

  test('flags count above the recipe, and a file that is named has its own type', async () => {
    const flags = ['--seed', '8', '--layer', 'mixed3a', '--channel', '3', '--quality', '60', '-o', 'other.jpg'];
    const { code, stderr } = await run('dream', 'photo.png', '--recipe', 'recipes/small.json', ...flags, ...DEVICE);
    expect(code, stderr).toBe(0);
    expect((await sharp(at('other.jpg')).metadata()).format).toBe('jpeg');
    expect(await readParameters(at('other.jpg'))).toMatchObject({
      ...{ octaves: 2, iterations: [3, 1], seed: 8, quality: 60 },
      objective: { layer: 'mixed3a', channels: [{ channel: 3 }] },
    });
  });

  test('is not dreamed over the recipe', async () => {
    const before = readFileSync(at('recipes/small.json'));
    const to = ['-o', 'recipes/small.json', '--format', 'png'];
    const { code } = await run('dream', 'photo.png', '--recipe', 'recipes/small.json', ...to, ...DEVICE);
    expect(code).not.toBe(0);
    expect(readFileSync(at('recipes/small.json')).equals(before)).toBe(true);
  });
});

test.each([
  [
    'wrong',
    'ERR_LIVEDREAM_RECIPE_UNREADABLE',
    /recipes\/wrong\.json' cannot be used: 'options\.octaves' must be .* is 0/,
  ],
  ['newer', 'ERR_LIVEDREAM_RECIPE_NEWER', /recipes\/newer\.json' is of version 2; .* Update livedream\./],
  ['absent', 'ERR_LIVEDREAM_RECIPE_UNREADABLE', /there is no such file/],
])('a recipe that is %s is refused before anything is loaded', async (name, errorCode, message) => {
  const { code, stderr } = await run('dream', 'photo.png', '--recipe', `recipes/${name}.json`);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).toContain(errorCode);
});

describe('what guides and masks are read from', () => {
  const WRITTEN: readonly (readonly [string, readonly string[]])[] = [
    ['a mask of a recipe', ['--recipe', 'recipes/masked.json']],
    ['a guide of a recipe', ['--recipe', 'recipes/guided.json']],
    ['a mask of a flag', ['--mask', 'other.png']],
    ['a guide of a flag', ['--guide', 'other.png']],
    ["a term's mask of a flag", ['--objective', 'mixed3b in other.png']],
  ];
  beforeAll(async () => {
    writeFileSync(at('other.png'), readFileSync(at('photo.png')));
    write('recipes/masked.json', { recipe: 1, options: { ...OPTIONS, mask: '../other.png' } });
    write('recipes/guided.json', { recipe: 1, options: { objective: [{ guide: '../other.png' }] } });
    write('recipes/absent.json', { recipe: 1, options: { ...OPTIONS, mask: 'absent.png' } });
    write('recipes/none.json', { recipe: 1, options: { objective: [{ guide: 'wrong.json' }] } });
  });

  test.each(WRITTEN)('is not written over: %s', async (_what, flags) => {
    const { code, stderr } = await run('dream', 'photo.png', '-o', './other.png', '--model', 'absent', ...flags);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /'output' must be another file than '.*other\.png', which is read and would be lost, but is "?.*other\.png/,
    );
    expect(readFileSync(at('other.png')).equals(readFileSync(at('photo.png')))).toBe(true);
  });

  test('is not written over by a film', async () => {
    const guided = ['--guide', 'other.png', '-o', 'other.png', '--model', 'absent'];
    for (const command of ['zoom', 'video']) {
      const { code, stderr } = await run(command, 'photo.png', ...guided);
      expect(code).toBe(2);
      expect(stderr).toMatch(/another file than 'other\.png', which is read and would be lost/);
    }
  });

  test.each([
    ['absent', /recipes\/absent\.png/],
    ['none', /recipes\/wrong\.json/],
  ])('is looked at before the network is loaded: %s', async (name, message) => {
    const { code, stderr } = await run('dream', 'photo.png', '--recipe', `recipes/${name}.json`, '--model', 'absent');
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('ERR_LIVEDREAM_IMAGE_UNREADABLE');
  });
});

describe('a recipe from standard input', () => {
  const piped = (recipe: string, ...args: string[]): Promise<Ended> =>
    livedreamIn({ cwd: folder, input: Buffer.from(recipe) }, ...args, '--recipe', '-', ...DEVICE);

  test('dreams as its file would, its files taken from where we are', async () => {
    const recipe = { recipe: 1, model: smallModel().file, options: { ...OPTIONS, mask: 'photo.png' } };
    const { code, stderr } = await piped(JSON.stringify(recipe), 'dream', 'photo.png', '-o', 'piped.png');
    expect(code, stderr).toBe(0);
    expect(await readParameters(at('piped.png'))).toMatchObject({ octaves: 2, iterations: [3, 1], seed: 7 });
  });

  test.each([
    ['no JSON', '{octaves', 1, /^.*recipe from standard input cannot be used: it is no JSON/],
    ['wrong', '{"recipe":1,"options":{"octaves":0}}', 1, /recipe from standard input.*'options\.octaves' must be/],
    ['nothing', '', 1, /recipe from standard input cannot be used: it is no JSON/],
  ])('that is %s is refused', async (_what, recipe, status, message) => {
    const { code, stderr } = await piped(recipe, 'dream', 'photo.png');
    expect(code).toBe(status);
    expect(stderr).toMatch(message);
  });

  test('is refused where the picture comes from there', async () => {
    const { code, stderr } = await piped('{}', 'dream', '-', '-o', 'out.png');
    expect(code).toBe(2);
    expect(stderr).toMatch(/'recipe' must be a file where standard input is the picture, but is "-"/);
  });
});

test('check tells of each recipe', async () => {
  const { code, stdout, stderr } = await run('recipe', 'check', 'recipes/small.json', 'recipes/wrong.json');
  expect([code, stdout.toString()]).toEqual([1, 'recipes/small.json: can be used\n']);
  expect(stderr).toMatch(/'options\.octaves'/);
});

test('show writes either JSON or a recipe', async () => {
  const { code, stderr } = await run('show', 'photo.png', '--recipe', '--json');
  expect(code).toBe(2);
  expect(stderr).toMatch(/'recipe' must be left out where 'json' is given/);
});

test.each([
  ['video', ['video', '.'], 'page', 'a film'],
  ['zoom', ['zoom', 'photo.png'], 'page', 'a film'],
  ['morph', ['morph', 'photo.png', '--filters', 'owl,lion'], 'layer', 'a morph'],
])('%s refuses by name what it does not take', async (_name, command, option, what) => {
  const { code, stderr } = await run(...command, '--recipe', 'recipes/page.json');
  expect(code).toBe(1);
  expect(stderr).toContain(
    `recipes/page.json' cannot be used: it has 'options.${option}', which ${what} does not take.`,
  );
});

describe.skipIf(!hasFfmpeg)('a film', () => {
  const SHORT = ['--size', '64', '--rate', '5', '--duration', '0.4', ...DEVICE];

  test('of a picture is dreamed by the recipe', async () => {
    const zoom = ['zoom', 'photo.png', '--recipe', 'recipes/plain.json', '-o', 'zoom.mp4', '--json', ...SHORT];
    const { code, stderr, stdout } = await run(...zoom);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({ parameters: { octaves: 1, iterations: 1 } });
    expect(probePictures(at('zoom.mp4'))).toMatchObject({ nb_frames: '2' });
  });

  test('of pictures is dreamed by the recipe, but for what flags say', async () => {
    const recipe = ['--recipe', 'recipes/small.json', '--octaves', '1', '--iterations', '2', ...DEVICE];
    const { code, stderr, stdout } = await run('video', 'photo.png', ...recipe, '-o', 'frames/', '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({ parameters: { octaves: 1, iterations: 2 } });
  });
});
