import { optionRangeError, optionTypeError } from '../errors.js';
import { isPlainName, ownModelNames } from '../model/own.js';
import { catalogueNames } from '../model/source.js';

const MOST_LENGTH = 64;
/** Windows has devices by these names in every folder, whatever follows after a dot. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** What a path of a model ends with. */
const LIKE_A_FILE = /\.(pb|pbtxt|json)$/i;
const EXPECTED = `letters, digits, '-', '_' and '.', at most ${MOST_LENGTH}, beginning with a letter, a digit or '_'`;

/** What is wrong with a name of a model, whatever others there are. */
function nameFault(name: string): string | undefined {
  if (!isPlainName(name) || name.length > MOST_LENGTH || name.endsWith('.')) return EXPECTED;
  if (WINDOWS_DEVICE.test(name)) return 'no name of a Windows device';
  if (LIKE_A_FILE.test(name)) return 'no name that ends as the path of a model does';
  return undefined;
}

/** Throws a TypeError or RangeError for what cannot be a model's name, wherever its folder is copied to. */
export function checkModelName(name: unknown): string {
  if (typeof name !== 'string') throw optionTypeError('name', EXPECTED, name);
  const fault = nameFault(name);
  if (fault !== undefined) throw optionRangeError('name', fault, name);
  return name;
}

/** Throws a RangeError for a name that a model has, in upper case or lower: many disks do not tell them apart. */
export async function checkNewName(name: string): Promise<void> {
  const same = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  if ((await catalogueNames()).some(same))
    throw optionRangeError('name', 'another one, as a model of the package has this name', name);
  const own = (await ownModelNames()).find(same);
  if (own !== undefined) {
    const expected = `another one, as you have a model '${own}' (\`livedream models remove ${own}\` removes it)`;
    throw optionRangeError('name', expected, name);
  }
}

/** A name for a model, made from what its file or folder is called; undefined where none can be. */
export function nameFrom(text: string): string | undefined {
  const plain = text
    .replace(LIKE_A_FILE, '')
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, MOST_LENGTH);
  return plain === '' || nameFault(plain) !== undefined ? undefined : plain;
}

const MOST_FILTER_LENGTH = 60;
const FILTER_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]*[\p{L}\p{N}])?$/u;

/** Throws a TypeError or RangeError for what cannot be a filter's name. */
export function checkFilterName(name: unknown): string {
  const expected = `letters, digits, spaces, '-', '_' and '.', at most ${MOST_FILTER_LENGTH}, a letter or digit first and last`;
  if (typeof name !== 'string') throw optionTypeError('filter', expected, name);
  if (!FILTER_NAME.test(name) || name.length > MOST_FILTER_LENGTH) throw optionRangeError('filter', expected, name);
  return name;
}
