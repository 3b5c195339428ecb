import { checkReadable } from '../image/decode.js';
import { picturePath } from '../image/path.js';
import { modelPath } from '../model/source.js';
import { fileOf } from './mask-text.js';
import type { RecipeFlag } from './recipe-flag.js';

type Fields = Readonly<Record<string, unknown>>;

/** The file that a guide or a mask is, or that a mask has. */
function named(given: unknown): string[] {
  const file = typeof given === 'string' ? given : fileOf(given);
  return file === undefined ? [] : [picturePath(file)];
}

/** The files of guides and masks that a dream's options name, whether flags said them or a recipe. */
export function steeringFiles({ mask, objective }: Fields): string[] {
  const terms = (Array.isArray(objective) ? objective : []).map((term) => Object(term) as Fields);
  return [...named(mask), ...terms.flatMap((term) => [...named(term['guide']), ...named(term['mask'])])];
}

/** Rejects with ERR_LIVEDREAM_IMAGE_* for one that cannot be read: a network takes longer to load. */
export async function checkSteeringFiles(options: Fields): Promise<void> {
  for (const file of steeringFiles(options)) await checkReadable(file, { page: undefined, size: undefined });
}

/** What is read beside pictures, and so must not be written to. */
export function filesBeside(options: Fields, { model, recipe }: RecipeFlag & { readonly model?: string }): string[] {
  const others = [model && modelPath(model), recipe].filter((each) => each !== undefined);
  return [...others, ...steeringFiles(options)];
}
