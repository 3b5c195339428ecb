import type { PictureParameters } from '../dream.js';
import { replayed } from '../options/recorded.js';
import { RECIPE_OPTION_NAMES, RECIPE_VERSION, type Recipe, type RecipeOptions } from './fields.js';

/**
 * A dreamed picture's parameters as a recipe, as JSON has it: model, options and quality. Of other pictures it dreams alike; what was
 * of this one alone, the photo and what computed it, is left out. Guides and masks that were pictures stand in it by their SHA-256, in the
 * place of which the files are to be named.
 * @param parameters what `readParameters` read, or `dream.pictureParameters()` gives
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { readParameters, recipeOf } from 'livedream';
 *
 * await writeFile('recipe.json', JSON.stringify(recipeOf(await readParameters('dream.jpg'))));
 * ```
 */
export function recipeOf(parameters: PictureParameters): Recipe {
  const { model, quality } = parameters;
  const options = Object.fromEntries(
    Object.entries(replayed(parameters)).filter(([name]) => RECIPE_OPTION_NAMES.includes(name)),
  );
  return {
    recipe: RECIPE_VERSION,
    model,
    options: options as RecipeOptions,
    output: quality === undefined ? {} : { quality },
  };
}
