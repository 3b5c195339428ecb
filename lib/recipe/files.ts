import { existsSync } from 'node:fs';
import path from 'node:path';
import { describeValue, LiveDreamError } from '../errors.js';
import { localPath } from '../file-url.js';
import { readDirection } from '../files/direction.js';
import { isPlainName, ownModelFile } from '../model/own.js';
import { catalogueFile } from '../model/source.js';
import { unreadableRecipe } from './check.js';

type Fields = Readonly<Record<string, unknown>>;

/** Whose files these are: the recipe's name in messages, and its folder. */
export interface RecipePlace {
  readonly what: string;
  readonly folder: string;
}

/** A file that a field names; relative ones lie where the recipe does. */
function fileAt({ what, folder }: RecipePlace, field: string, named: string): string {
  const file = localPath(named, {
    instead: 'fetch it first and name the file',
    refuse: (place, why) => unreadableRecipe(what, `'${field}' is '${place}', and ${why}`),
  });
  return path.resolve(folder, file);
}

/** Of JSON it can be a file; of code also what `dream` takes, which looks at it. */
function checkPicture({ what }: RecipePlace, field: string, picture: unknown): void {
  if (picture === undefined || typeof picture === 'string' || (typeof picture === 'object' && picture !== null)) return;
  throw unreadableRecipe(what, `'${field}' must be a picture's file, but is ${describeValue(picture)}`);
}

async function directionAt(place: RecipePlace, field: string, named: string): Promise<number[]> {
  const file = fileAt(place, field, named);
  try {
    return await readDirection(file);
  } catch (error) {
    if (!(error instanceof LiveDreamError)) throw error;
    throw unreadableRecipe(place.what, `'${field}': ${error.message.replace(/\.$/, '')}`, error);
  }
}

function maskWithFile(place: RecipePlace, mask: unknown, field: string): unknown {
  if (typeof mask === 'string') return fileAt(place, field, mask);
  if (typeof mask !== 'object' || mask === null) return mask;
  const { picture } = mask as Fields;
  checkPicture(place, `${field}.picture`, picture);
  if (typeof picture !== 'string') return mask;
  return { ...mask, picture: fileAt(place, `${field}.picture`, picture) };
}

async function termWithFiles(place: RecipePlace, term: unknown, field: string): Promise<unknown> {
  if (typeof term !== 'object' || term === null) return term;
  const { guide, direction, mask } = term as Fields;
  checkPicture(place, `${field}.guide`, guide);
  return {
    ...term,
    ...(typeof guide === 'string' ? { guide: fileAt(place, `${field}.guide`, guide) } : {}),
    ...(typeof direction === 'string' ? { direction: await directionAt(place, `${field}.direction`, direction) } : {}),
    ...(mask === undefined ? {} : { mask: maskWithFile(place, mask, `${field}.mask`) }),
  };
}

/** The options with paths that hold wherever they are read, and directions as their numbers. What is wrong in them stays so. */
export async function withFiles(options: Fields, place: RecipePlace): Promise<Fields> {
  const { objective, mask } = options;
  const terms = Array.isArray(objective)
    ? await Promise.all(
        objective.map((term, index) => termWithFiles(place, term, `options.objective[${index}]`) as Promise<unknown>),
      )
    : undefined;
  return {
    ...options,
    ...(terms === undefined ? {} : { objective: terms }),
    ...(mask === undefined ? {} : { mask: maskWithFile(place, mask, 'options.mask') }),
  };
}

/** A name of the catalogue as it is; else a file or folder that is there. */
export function modelOf(model: string, place: RecipePlace): string {
  if (isPlainName(model) && (catalogueFile(model) ?? ownModelFile(model)) !== undefined) return model;
  const file = fileAt(place, 'model', model);
  return isPlainName(model) && !existsSync(file) ? model : file;
}
