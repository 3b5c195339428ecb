import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { readRecipe } from '../../lib/recipe/read.js';
import { recipeSchema } from '../../lib/recipe/schema.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
const fits = ajv.compile(recipeSchema());

const of = (options: object): object => ({ recipe: 1, options });
const term = (...objective: readonly unknown[]): object => of({ objective });

test.each<[string, object]>([
  ['nothing but its version', { recipe: 1 }],
  [
    'everything',
    {
      $schema: './node_modules/livedream/schema/recipe.schema.json',
      recipe: 1,
      name: 'evening',
      about: 'Slow and wide.',
      model: 'dream',
      options: {
        filter: 'owl',
        octaves: 3,
        iterations: [8, 4, 2],
        step: 1.5,
        seed: '18446744073709551615',
        jitter: false,
      },
      output: { format: 'jpeg', quality: 80, parameters: false },
    },
  ],
  ['a whole layer', of({ layer: 'mixed3b', equalize: 'channels' })],
  ['a channel without its layer', of({ channel: 'owl' })],
  ['channels with weights', of({ layer: 'mixed3b', channels: [1, 'two', { channel: 3, weight: -2 }] })],
  ['the largest channel', of({ layer: 'mixed3b', channel: 1_000_000 })],
  ['a sum of terms', term({ layer: 'mixed3a' }, { layer: 'mixed3b', channel: 5, weight: -0.5 }, { filter: 'owl' })],
  ['a guide at several layers', term({ guide: 'guide.png', layer: ['mixed3a', 'mixed3b'], match: 'statistics' })],
  ['a guide that is named by its hash', term({ guide: { sha256: 'a'.repeat(64) } })],
  ['a direction in numbers', term({ layer: 'mixed3a', direction: [0, 0.5, -1] })],
  ['a class', term({ class: 'owl' })],
  ['a mask that is a picture', of({ mask: 'mask.png' })],
  ['a mask of a picture', of({ mask: { picture: 'mask.png', channel: 'alpha', feather: 3, invert: true } })],
  ['a mask of a shape', of({ mask: { ellipse: { x: '50%', y: '50%', radiusX: '30%', radiusY: 20 } } })],
  ['what holds a dream to its picture', of({ keepColour: 'luminance', blend: 0.2, limit: 40, tileable: true })],
  ['a seed that is a number', of({ seed: 7 })],
  ['a seed with zeros before it', of({ seed: '007' })],
])('the reader and the schema accept %s', async (_what, recipe) => {
  expect(fits(recipe), ajv.errorsText(fits.errors)).toBe(true);
  await expect(readRecipe(recipe)).resolves.toMatchObject({ recipe: 1 });
});

test.each<[string, unknown, RegExp]>([
  ['a list', [], /must be an object, but is an array of 0/],
  ['no version', {}, /'recipe' must be the version, 1, and it is not there/],
  ['a version that is a text', { recipe: '1' }, /'recipe' must be the version, 1, and it is "1"/],
  ['a version of long ago', { recipe: 0 }, /it is 0/],
  ['a field that there is not', { recipe: 1, option: {} }, /a field 'option' .* did you mean 'options'/],
  ['a name that is a number', { recipe: 1, name: 5 }, /'name' must be a string, but is 5/],
  ['an empty model', { recipe: 1, model: '' }, /'model' must be a string, but is ""/],
  ['a schema that is no text', { recipe: 1, $schema: 1 }, /'\$schema' must be a string/],
  ['options that are a list', { recipe: 1, options: [] }, /'options' must be an object, but is an array/],
  ['options that are null', { recipe: 1, options: null }, /'options' must be an object, but is null/],
  ['an option that there is not', of({ octave: 3 }), /'options\.octave' .* did you mean 'options\.octaves'/],
  ['an option of code alone', of({ depth: 'float32' }), /a field 'options\.depth'/],
  ["a function's place", of({ onProgress: 1 }), /a field 'options\.onProgress'/],
  ['too many octaves', of({ octaves: 99 }), /'options\.octaves' must be a whole number from 1 to 20, but is 99/],
  ['half an octave', of({ octaves: 1.5 }), /'options\.octaves'/],
  ['octaves in a list', of({ octaves: [1, 2] }), /'options\.octaves'/],
  ['a wrong value in a list', of({ iterations: [3, 0] }), /'options\.iterations\[1\]' must be .* but is 0/],
  ['an empty list', of({ step: [] }), /'options\.step'/],
  ['a step of nothing', of({ step: 0 }), /'options\.step'/],
  ['a choice that there is not', of({ normalize: 'laplace' }), /'options\.normalize' must be one of/],
  ['a seed that is too large', of({ seed: '18446744073709551616' }), /'options\.seed'/],
  ['a seed below 0', of({ seed: -1 }), /'options\.seed'/],
  ['a seed that no number holds', of({ seed: 2 ** 60 }), /'options\.seed'/],
  ['a text for a truth', of({ jitter: 'true' }), /'options\.jitter' must be true or false/],
  [
    'two things to dream of',
    of({ filter: 'owl', layer: 'mixed3a' }),
    /'options\.layer' must be left out where 'filter'/,
  ],
  ['channel and channels', of({ channel: 1, channels: [2] }), /'options\.channels'/],
  ['channels that are none', of({ channels: [] }), /'options\.channels'/],
  ['a channel below 0', of({ channel: -1 }), /'options\.channel'/],
  ['an empty filter', of({ filter: '' }), /'options\.filter'/],
  ['an objective that is one term', of({ objective: { layer: 'mixed3a' } }), /'options\.objective' must be an array/],
  ['no terms', term(), /'options\.objective' must be 1 to 16 terms/],
  ['a term of nothing', term({ weight: 2 }), /'options\.objective\[0\]' must be an object with one of/],
  [
    'a term of two kinds',
    term({ filter: 'owl', layer: 'mixed3a' }),
    /'options\.objective\[0\]\.layer' must be left out/,
  ],
  ['a term that weighs nothing', term({ layer: 'mixed3a', weight: 0 }), /'options\.objective\[0\]\.weight'/],
  [
    'a field that terms have not',
    term({ layer: 'mixed3a', wieght: 2 }),
    /'options\.objective\[0\]\.wieght' .*'weight'/,
  ],
  ['a direction without its layer', term({ direction: [1] }), /'options\.objective\[0\]\.layer'/],
  ['a direction of nothing', term({ layer: 'mixed3a', direction: [0, 0] }), /not 0 everywhere/],
  [
    'a guide that is a number',
    term({ guide: 5 }),
    /'options\.objective\[0\]\.guide' must be a picture's file, but is 5/,
  ],
  ['a match that there is not', term({ guide: 'a.png', match: 'dots' }), /'options\.objective\[0\]\.match'/],
  ['a mask that is a number', of({ mask: 5 }), /'options\.mask'/],
  ['a mask of two shapes', of({ mask: { alpha: true, rectangle: {} } }), /'options\.mask\./],
  [
    'a mask of a picture that is a number',
    of({ mask: { picture: 5 } }),
    /'options\.mask\.picture' must be a picture's file/,
  ],
  ['a share beyond all', of({ blend: 2 }), /'options\.blend' must be a number from 0 to 1, but is 2/],
  ['an output that there is not', { recipe: 1, output: { qualtiy: 3 } }, /'output\.qualtiy' .*'output\.quality'/],
  ['a quality beyond all', { recipe: 1, output: { quality: 101 } }, /'output\.quality' must be .* but is 101/],
  ['a format that there is not', { recipe: 1, output: { format: 'gif' } }, /'output\.format' must be one of/],
])('the reader and the schema refuse %s', async (_what, recipe, message) => {
  expect(fits(recipe)).toBe(false);
  await expect(readRecipe(recipe as object)).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_RECIPE_UNREADABLE',
    message: expect.stringMatching(message),
  });
});

test('a recipe of a newer version is refused by that, whatever else it has', async () => {
  await expect(readRecipe({ recipe: 2, dreams: [] })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_RECIPE_NEWER',
    message: 'The recipe is of version 2; known are those up to 1. Update livedream.',
  });
});
