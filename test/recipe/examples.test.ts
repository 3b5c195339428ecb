import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { readRecipe } from '../../lib/recipe/read.js';
import { recipeOf } from '../../lib/recipe/recipe-of.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { TEST_DEVICE } from '../support/device.js';
import { madePicture } from '../support/pictures.js';

const folder = path.join(packageRoot, 'examples/recipes');
const names = readdirSync(folder);
const [width, height] = [96, 64];
const pixels = Buffer.from(madePicture(width, height));
const picture = { data: pixels, width, height, channels: 3 } as const;
let dreamer: Dreamer;

beforeAll(async () => {
  dreamer = await Dreamer.load({ model: 'dream', device: TEST_DEVICE, xla: false });
});
afterAll(() => dreamer.dispose());

test('there are examples', () => {
  expect(names.length).toBeGreaterThanOrEqual(3);
});

test.each(names)('the example %s dreams, and the picture says how to dream so again', async (name) => {
  const { model, options, output } = await readRecipe(path.join(folder, name));
  expect(model).toBe('dream');
  const few = { octaves: 1, iterations: 2, step: 1.5 };
  const dream = await dreamer.dream(picture, { ...options, ...few });
  expect(Buffer.from(dream.data).equals(pixels)).toBe(false);
  const { format, ...encode } = output;
  const recipe = recipeOf(await readParameters(await dream.toBuffer(format, encode)));
  expect(await readRecipe(JSON.parse(JSON.stringify(recipe)) as object)).toMatchObject({ model, output: encode });
  if (name === 'like-the-sample.json') return;
  const again = await dreamer.dream(picture, recipe.options);
  expect(Buffer.from(again.data).equals(Buffer.from(dream.data))).toBe(true);
});
