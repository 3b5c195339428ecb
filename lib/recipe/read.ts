import { open } from 'node:fs/promises';
import path from 'node:path';
import { isUrl, localPath } from '../file-url.js';
import { checkParts, checkRecipe, unreadableRecipe } from './check.js';
import type { Recipe } from './fields.js';
import { modelOf, type RecipePlace, withFiles } from './files.js';

/** Room for some directions over thousands of channels, written out. */
const MOST_BYTES = 2 ** 22;

function why(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  return code === 'EISDIR' ? 'it is a folder' : message;
}

/** No more of it than a recipe may have. */
async function textIn(stream: AsyncIterable<Buffer>, what: string): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MOST_BYTES) throw unreadableRecipe(what, `it has more than ${MOST_BYTES} bytes`);
  }
  // Some editors begin a file with a byte order mark, which JSON has not.
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

async function textOf(file: string, what: string): Promise<string> {
  try {
    await using handle = await open(file);
    if ((await handle.stat()).isDirectory()) throw unreadableRecipe(what, 'it is a folder');
    return await textIn(handle.createReadStream({ end: MOST_BYTES, autoClose: false }), what);
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_LIVEDREAM_RECIPE_UNREADABLE') throw error;
    throw unreadableRecipe(what, why(error), error);
  }
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadableRecipe(what, `it is no JSON: ${(error as Error).message}`, error);
  }
}

async function recipeIn(value: unknown, place: RecipePlace): Promise<Recipe> {
  const parts = checkParts(value, place.what);
  const { model } = parts;
  const found = model === undefined ? parts : { ...parts, model: modelOf(model, place) };
  return checkRecipe({ ...found, options: await withFiles(parts.options, place) }, place.what);
}

/** A recipe that comes as a stream of JSON; files that it names are taken from the working directory. Rejects as readRecipe does. */
export async function readRecipeStream(stream: AsyncIterable<Buffer>, what: string): Promise<Recipe> {
  return recipeIn(parsed(await textIn(stream, what), what), { what, folder: process.cwd() });
}

/**
 * A recipe: how a picture is dreamed, as a file says it. `dreamer.dream(photo, recipe.options)` dreams by it,
 * `dream.toFile(file, recipe.output)` writes as it says, and `Dreamer.load({ model: recipe.model })` loads its model, where it has one.
 * Files that it names are taken from its folder, those of an object from the working directory; directions are read.
 * @param recipe a path or `file:` URL of JSON of at most 4 MiB, or what such a file holds
 * @throws LiveDreamError ERR_LIVEDREAM_RECIPE_UNREADABLE, naming the field, or ERR_LIVEDREAM_RECIPE_NEWER
 * @example
 * ```ts
 * import { Dreamer, readRecipe } from 'livedream';
 *
 * const { model, options, output } = await readRecipe('garden.json');
 * await using dreamer = await Dreamer.load(model === undefined ? {} : { model });
 * const dream = await dreamer.dream('photo.jpg', options);
 * await dream.toFile('garden.jpg', output);
 * ```
 */
export async function readRecipe(recipe: string | URL | object): Promise<Recipe> {
  if (typeof recipe !== 'string' && !isUrl(recipe))
    return recipeIn(recipe, { what: 'The recipe', folder: process.cwd() });
  const file = localPath(recipe, {
    instead: 'fetch it first and give what it holds',
    refuse: (place, reason, cause) => unreadableRecipe(`The recipe '${place}'`, reason, cause),
  });
  const what = `The recipe '${file}'`;
  return recipeIn(parsed(await textOf(file, what), what), { what, folder: path.dirname(path.resolve(file)) });
}
