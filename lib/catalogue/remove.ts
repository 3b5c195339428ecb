import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withCaller } from '../caller.js';
import { LiveDreamError, optionRangeError, optionTypeError } from '../errors.js';
import { withLock } from '../files/lock.js';
import { isFetched } from '../model/fetched.js';
import { isPlainName, ownModelFile, ownModelNames } from '../model/own.js';
import { CATALOGUE, catalogueFile, fetchableModel } from '../model/source.js';
import { readSignal } from '../options/control.js';
import { fetchedModelFolder, ownModelFolder } from '../runtime/environment.js';
import { keeping, notKept } from './keep.js';
import { bytesOf } from './sizes.js';

/** What was removed. */
export interface RemovedModel {
  readonly name: string;
  /** `fetched`: it can be fetched again. */
  readonly origin: 'own' | 'fetched';
  readonly folder: string;
  /** What its files took; a graph that was linked is not among them, and stays. */
  readonly bytes: number;
}

interface Removal {
  readonly name: string;
  readonly signal: AbortSignal;
}

async function removeOwn({ name, signal }: Removal): Promise<RemovedModel> {
  const folder = ownModelFolder(name);
  return keeping(`The removal of '${name}'`, signal, async (temporary) => {
    const bytes = await bytesOf(folder);
    // At once and whole, whatever then becomes of the files.
    await rename(folder, path.join(temporary, 'removed'));
    return { name, origin: 'own', folder, bytes };
  });
}

async function removeFetched({ name, signal }: Removal): Promise<RemovedModel> {
  const folder = fetchedModelFolder(name);
  // The lock of those who fetch.
  return withLock(path.dirname(folder), { signal }, async () => {
    const bytes = await bytesOf(folder);
    await rm(folder, { recursive: true, maxRetries: 3 });
    return { name, origin: 'fetched', folder, bytes };
  });
}

async function remove(name: string, catalogue: string, signal: AbortSignal): Promise<RemovedModel> {
  if (isPlainName(name) && catalogueFile(name, catalogue) !== undefined) {
    if ((await fetchableModel(name, catalogue)) === undefined)
      throw optionRangeError(
        'name',
        'a model of your own, or one that was fetched; this one comes with livedream',
        name,
      );
    if (isFetched(name)) return removeFetched({ name, signal });
    const text = `There is nothing to remove: the model '${name}' has not been fetched.`;
    throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', text, {
      repair: '`npx livedream models` lists what there is.',
    });
  }
  if (ownModelFile(name) !== undefined) return removeOwn({ name, signal });
  const own = (await ownModelNames()).map((each) => `'${each}'`).join(', ');
  const text = `You have no model '${name}'; ${own === '' ? 'you have none' : `there is ${own}`}.`;
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', text, {
    repair: '`npx livedream models` lists what there is.',
  });
}

/** As `removeModel`, with another folder in the place of the package's models. */
export async function removeModelFrom(
  catalogue: string,
  name: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RemovedModel> {
  if (typeof name !== 'string') throw optionTypeError('name', "a model's name", name);
  return withCaller(readSignal(options.signal), async ({ signal }) => {
    try {
      return await remove(name, catalogue, signal);
    } catch (error) {
      throw notKept(`The removal of '${name}'`, error);
    }
  });
}

/**
 * Removes a model of the user's own with its filters, or the files of one that was fetched; a graph that was only linked stays.
 * @throws RangeError for a model of the package; LiveDreamError ERR_LIVEDREAM_MODEL_UNKNOWN, _OUTPUT_UNWRITABLE, _ABORTED.
 * @example
 * ```ts
 * import { removeModel } from 'livedream';
 *
 * const { folder, bytes } = await removeModel('my-network');
 * console.log(`${folder} is gone, which took ${bytes} bytes`);
 * ```
 */
export async function removeModel(
  name: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RemovedModel> {
  return removeModelFrom(CATALOGUE, name, options);
}
