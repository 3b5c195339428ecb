import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecipe } from '../../lib/recipe/read.js';

let folder: string;
const at = (name: string): string => path.join(folder, name);
const write = (name: string, recipe: unknown): string => {
  writeFileSync(at(name), typeof recipe === 'string' ? recipe : JSON.stringify(recipe));
  return at(name);
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'livedream-recipe-'));
  mkdirSync(at('near'));
  write('near/direction.json', '[1, -2, 0.5]');
  write('near/none.json', '{}');
  write('near/small.pb', 'no graph');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('files are taken from the folder of the recipe, and directions read', async () => {
  const objective = [
    { guide: 'guide.png', layer: 'mixed3a' },
    { guide: pathToFileURL('/pictures/guide.png').href },
    { layer: 'mixed3b', direction: 'near/direction.json' },
  ];
  const file = write('recipe.json', { recipe: 1, model: 'near/small.pb', options: { objective } });
  const expected = {
    recipe: 1,
    model: at('near/small.pb'),
    options: {
      objective: [
        { guide: at('guide.png'), layer: 'mixed3a' },
        { guide: '/pictures/guide.png' },
        { layer: 'mixed3b', direction: [1, -2, 0.5] },
      ],
    },
    output: {},
  };
  expect(await readRecipe(file)).toEqual(expected);
  expect(await readRecipe(pathToFileURL(file))).toEqual(expected);
  expect(await readRecipe(pathToFileURL(file).href)).toEqual(expected);
});

test('a mask is taken from there too', async () => {
  const of = async (mask: unknown): Promise<unknown> =>
    (await readRecipe(write('mask.json', { recipe: 1, options: { mask } }))).options.mask;
  expect(await of('mask.png')).toBe(at('mask.png'));
  expect(await of({ picture: '../mask.png', feather: 2 })).toEqual({
    picture: path.join(path.dirname(folder), 'mask.png'),
    feather: 2,
  });
  expect(await of({ alpha: true })).toEqual({ alpha: true });
});

test("a term's masks are taken from there as well", async () => {
  const objective = [
    { filter: 'owl', mask: 'sky.png' },
    { filter: 'flowers', mask: { picture: 'near/ground.png', invert: true } },
    { layer: 'mixed3b', mask: { alpha: true } },
  ];
  const { options } = await readRecipe(write('term-masks.json', { recipe: 1, options: { objective } }));
  expect(options.objective).toEqual([
    { filter: 'owl', mask: at('sky.png') },
    { filter: 'flowers', mask: { picture: at('near/ground.png'), invert: true } },
    { layer: 'mixed3b', mask: { alpha: true } },
  ]);
  const remote = write('remote.json', {
    recipe: 1,
    options: { objective: [{ filter: 'owl', mask: 'https://a/b.png' }] },
  });
  await expect(readRecipe(remote)).rejects.toThrow(/'options\.objective\[0\]\.mask' is 'https:/);
});

test('a recipe that was read is one again', async () => {
  const recipe = await readRecipe(write('twice.json', { recipe: 1, options: { objective: [{ guide: 'a.png' }] } }));
  expect(await readRecipe(JSON.parse(JSON.stringify(recipe)) as object)).toEqual(recipe);
});

test('an object that is given is not changed, and names files of the working directory', async () => {
  const given = { recipe: 1, options: { objective: [{ guide: 'a.png' }] } };
  const { options } = await readRecipe(given);
  expect(options.objective?.[0]).toEqual({ guide: path.resolve('a.png') });
  expect(given.options.objective).toEqual([{ guide: 'a.png' }]);
});

test('a model of the catalogue goes by its name, and one that is nowhere too', async () => {
  expect(await readRecipe({ recipe: 1, model: 'dream' })).toMatchObject({ model: 'dream' });
  expect(await readRecipe({ recipe: 1, model: 'nowhere' })).toMatchObject({ model: 'nowhere' });
});

test('editors may put a byte order mark before it', async () => {
  expect(await readRecipe(write('marked.json', '\uFEFF{"recipe":1}'))).toMatchObject({ recipe: 1 });
});

test.each<[string, () => string, RegExp]>([
  ['is not there', () => at('absent.json'), /^The recipe '.*absent\.json' cannot be used: there is no such file\./],
  ['is a folder', () => at('near'), /near' cannot be used: it is a folder/],
  ['is empty', () => write('empty.json', ''), /it is no JSON/],
  ['is broken', () => write('broken.json', '{"recipe":1,}'), /broken\.json' cannot be used: it is no JSON: /],
  [
    'is too large',
    () => write('large.json', `{"recipe":1,"about":"${'a'.repeat(2 ** 22)}"}`),
    /more than 4194304 bytes/,
  ],
  ['lies in the web', () => 'https://example.org/recipe.json', /only 'file:' URLs are opened; fetch it first/],
  [
    'has a wrong field',
    () => write('wrong.json', { recipe: 1, options: { octaves: 0 } }),
    /wrong\.json' .*'options\.octaves'/,
  ],
  [
    'names a guide of the web',
    () => write('web.json', { recipe: 1, options: { objective: [{ guide: 'https://example.org/a.png' }] } }),
    /'options\.objective\[0\]\.guide' is 'https:\/\/example\.org\/a\.png', and only 'file:'/,
  ],
  [
    'names a direction that is not there',
    () => write('lost.json', { recipe: 1, options: { objective: [{ layer: 'a', direction: 'lost.npy' }] } }),
    /'options\.objective\[0\]\.direction': .*lost\.npy' has no direction: there is no such file/,
  ],
  [
    'names a direction that is none',
    () => write('none.json', { recipe: 1, options: { objective: [{ layer: 'a', direction: 'near/none.json' }] } }),
    /its JSON is no array of numbers/,
  ],
])('a recipe that %s is refused', async (_what, file, message) => {
  await expect(readRecipe(file())).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_RECIPE_UNREADABLE',
    message: expect.stringMatching(message),
  });
});
