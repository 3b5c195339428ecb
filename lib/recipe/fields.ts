import type { GivenOptions, OptionTable } from '../options/description.js';
import { DREAM_OPTIONS, type DreamOptions, OTHER_DREAM_OPTIONS } from '../options/dream-options.js';
import { FILE_OPTIONS, type FileOptions } from '../options/encode-options.js';
import { OBJECTIVE_OPTIONS } from '../options/objective.js';

/** Of the recipes that are read and written here. */
export const RECIPE_VERSION = 1;

/** What a recipe says beside its options and its output. */
export const RECIPE_TEXTS = {
  name: { kind: 'text', default: undefined, about: 'What it is called, for people.' },
  about: { kind: 'text', default: undefined, about: 'What it does, for people.' },
  model: {
    kind: 'text',
    default: undefined,
    otherwise: 'that of whoever dreams',
    about: "The model: a name of the catalogue, or a model's file or folder.",
  },
} as const satisfies OptionTable;

const { depth: _forCode, ...ofPictures } = DREAM_OPTIONS;

/** The options of a dream that are plain values, as far as what comes of it is a picture. */
export const RECIPE_OPTIONS = ofPictures satisfies OptionTable;

/** What is of one call, and no JSON. */
const OF_CALLS = ['signal', 'onProgress', 'onPreview', 'previewInterval'] as const;

/** All that a recipe's options may be. */
export const RECIPE_OPTION_NAMES: readonly string[] = [
  ...Object.keys(RECIPE_OPTIONS),
  ...OBJECTIVE_OPTIONS,
  ...OTHER_DREAM_OPTIONS.filter((name) => !OF_CALLS.some((each) => each === name)),
];

/** How the dream is written. */
export const RECIPE_OUTPUT = FILE_OPTIONS;

export const RECIPE_FIELDS = ['$schema', 'recipe', ...Object.keys(RECIPE_TEXTS), 'options', 'output'] as const;

/** Of each member of a union, so that it stays one. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export type RecipeOptions = Without<DreamOptions, (typeof OF_CALLS)[number] | 'depth'>;

/** How a picture is dreamed, as a file may say it: `dreamer.dream(photo, recipe.options)`, `dream.toFile(file, recipe.output)`. */
export interface Recipe extends GivenOptions<typeof RECIPE_TEXTS> {
  readonly recipe: typeof RECIPE_VERSION;
  readonly options: RecipeOptions;
  readonly output: FileOptions;
}
