import path from 'node:path';
import type { Command } from 'commander';
import { optionRangeError } from '../errors.js';
import { encodingOf } from '../formats.js';
import type { FileOptions } from '../options/encode-options.js';
import { OBJECTIVE_OPTIONS } from '../options/objective.js';
import { VIDEO_DREAM_OPTIONS } from '../options/video-options.js';
import { unreadableRecipe } from '../recipe/check.js';
import { RECIPE_OPTION_NAMES, RECIPE_VERSION, type Recipe } from '../recipe/fields.js';
import { readRecipe, readRecipeStream } from '../recipe/read.js';
import { STANDARD } from './standard-streams.js';

export interface RecipeFlag {
  readonly recipe?: string;
}

/** Which of a recipe's options a command takes. */
export interface RecipeTaker {
  /** Whose dream it is, for the message. */
  readonly what: string;
  readonly options: readonly string[];
}

export const PICTURES: RecipeTaker = { what: 'a picture', options: RECIPE_OPTION_NAMES };
export const FILMS: RecipeTaker = {
  what: 'a film',
  options: [...Object.keys(VIDEO_DREAM_OPTIONS), ...OBJECTIVE_OPTIONS],
};
/** It is told by its filters what to dream of. */
export const MORPHS: RecipeTaker = { what: 'a morph', options: Object.keys(VIDEO_DREAM_OPTIONS) };

export function addRecipeFlag(command: Command, written = true): void {
  const output = written ? ', how it is written' : '';
  command.option(
    '--recipe <file>',
    `a recipe in JSON, or - for one from standard input: the model, the options of the dream${output}; other flags count above it: docs/recipes.md`,
  );
}

const PIPED = 'The recipe from standard input';

async function recipeFrom(file: string): Promise<Recipe> {
  if (file !== STANDARD) return readRecipe(file);
  if (process.stdin.isTTY)
    throw optionRangeError('recipe', 'a file, as standard input is a terminal and no recipe is piped into it', file);
  try {
    return await readRecipeStream(process.stdin, PIPED);
  } finally {
    // One that goes on to be read would keep the process alive.
    process.stdin.destroy();
  }
}

/** Rejects with ERR_LIVEDREAM_RECIPE_UNREADABLE, also for an option that the command does not take. */
export async function readRecipeFlag({ recipe: file }: RecipeFlag, { what, options }: RecipeTaker): Promise<Recipe> {
  if (file === undefined) return { recipe: RECIPE_VERSION, options: {}, output: {} };
  const recipe = await recipeFrom(file);
  const other = Object.keys(recipe.options).find((name) => !options.includes(name));
  if (other === undefined) return recipe;
  throw unreadableRecipe(
    file === STANDARD ? PIPED : `The recipe '${file}'`,
    `it has 'options.${other}', which ${what} does not take`,
  );
}

/** What the flags say above what the recipe does; who says what to dream of, says all of it. */
export function overRecipe({ options }: Recipe, said: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ofFlags = OBJECTIVE_OPTIONS.some((name) => said[name] !== undefined);
  const kept = Object.entries(options).filter(
    ([name]) => !(ofFlags && OBJECTIVE_OPTIONS.some((objective) => objective === name)),
  );
  return { ...Object.fromEntries(kept), ...said };
}

/** The flags with the recipe's model, where they name none. */
export function withModel<F extends { readonly model?: string }>(flags: F, { model }: Recipe): F {
  return flags.model === undefined && model !== undefined ? { ...flags, model } : flags;
}

/** How the dream is written. A file that is named with its type has that, whatever the recipe would call it. */
export function fileOver({ output }: Recipe, said: FileOptions, file: string | undefined): FileOptions {
  const typed = file !== undefined && file !== STANDARD && encodingOf(path.extname(file).slice(1).toLowerCase());
  const { format, ...others } = output;
  return { ...others, ...(format === undefined || typed ? {} : { format }), ...said };
}
