import { describeValue, LiveDreamError } from '../errors.js';
import { nearNames, readOption, readOptions } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import {
  RECIPE_FIELDS,
  RECIPE_OPTION_NAMES,
  RECIPE_OUTPUT,
  RECIPE_TEXTS,
  RECIPE_VERSION,
  type Recipe,
  type RecipeOptions,
} from './fields.js';

type Fields = Readonly<Record<string, unknown>>;

/** ERR_LIVEDREAM_RECIPE_UNREADABLE. */
export function unreadableRecipe(what: string, why: string, cause?: unknown): LiveDreamError {
  const end = why.endsWith('?') ? '' : '.';
  return new LiveDreamError('ERR_LIVEDREAM_RECIPE_UNREADABLE', `${what} cannot be used: ${why}${end}`, { cause });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseUnknownFields(what: string, given: Fields, known: readonly string[], of = ''): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearNames(unknown, known).map((name) => `'${of}${name}'`);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `there may be ${known.join(', ')}`;
  throw unreadableRecipe(what, `it has a field '${of}${unknown.slice(0, 60)}' that recipes have not; ${hint}`);
}

/** A part that is an object, or is not there. */
function partOf(what: string, given: Fields, name: string): Fields {
  const { [name]: part = {} } = given;
  if (isObject(part)) return part;
  throw unreadableRecipe(what, `'${name}' must be an object, but is ${describeValue(part)}`);
}

/** What reads options throws errors that name them, and then names the recipe and where in it they stand. */
function asField<T>(what: string, of: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const why = error.message.replace(/^Option '/, `'${of}`).replace(/\.$/, '');
    throw unreadableRecipe(what, why, error);
  }
}

function checkVersion(what: string, { recipe }: Fields): void {
  if (recipe === RECIPE_VERSION) return;
  if (typeof recipe === 'number' && recipe > RECIPE_VERSION)
    throw new LiveDreamError(
      'ERR_LIVEDREAM_RECIPE_NEWER',
      `${what} is of version ${recipe}; known are those up to ${RECIPE_VERSION}.`,
    );
  const found = recipe === undefined ? 'it is not there' : `it is ${describeValue(recipe)}`;
  throw unreadableRecipe(what, `'recipe' must be the version, ${RECIPE_VERSION}, and ${found}`);
}

/** What a recipe holds before its options are read: `read` gives these, such as with their files found. */
export interface RecipeParts extends Omit<Recipe, 'options'> {
  readonly options: Fields;
}

/** Throws ERR_LIVEDREAM_RECIPE_UNREADABLE or _NEWER, naming the field. `what` begins the message. */
export function checkParts(value: unknown, what: string): RecipeParts {
  if (!isObject(value)) throw unreadableRecipe(what, `it must be an object, but is ${describeValue(value)}`);
  checkVersion(what, value);
  refuseUnknownFields(what, value, RECIPE_FIELDS);
  const { $schema } = value;
  if ($schema !== undefined && typeof $schema !== 'string')
    throw unreadableRecipe(what, `'$schema' must be a string, but is ${describeValue($schema)}`);
  const texts = Object.entries(RECIPE_TEXTS).flatMap(([name, description]) => {
    const text = asField(what, '', () => readOption(name, description, value[name]));
    return text === undefined ? [] : [[name, text]];
  });
  const output = partOf(what, value, 'output');
  refuseUnknownFields(what, output, Object.keys(RECIPE_OUTPUT), 'output.');
  asField(what, 'output.', () => readOptions(RECIPE_OUTPUT, output));
  const options = partOf(what, value, 'options');
  refuseUnknownFields(what, options, RECIPE_OPTION_NAMES, 'options.');
  return { recipe: RECIPE_VERSION, ...Object.fromEntries(texts), options, output };
}

/** The same of its options too, which name no more than a dream's own. */
export function checkRecipe(value: unknown, what: string): Recipe {
  const parts = checkParts(value, what);
  asField(what, 'options.', () => readDreamOptions(parts.options as RecipeOptions));
  return parts as Recipe;
}
