import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ENVIRONMENT, ownFiltersFile, ownModelFolder } from '../runtime/environment.js';
import { checkFilters, type Filter } from './description.js';
import { type ModelSource, type OwnFilters, readLimited, unreadable } from './model-file.js';

const MOST_FILTERS_BYTES = 2 ** 22;

/** What may be the name of a folder of one model, and of no other place. */
export function isPlainName(name: string): boolean {
  return /^\w[\w.-]*$/.test(name);
}

/** The description of a model that the user added, where there is one of that name. */
export function ownModelFile(name: string): string | undefined {
  if (!isPlainName(name)) return undefined;
  const file = path.join(ownModelFolder(name), 'model.json');
  return existsSync(file) ? file : undefined;
}

/** The names of the models that the user added. */
export async function ownModelNames(): Promise<string[]> {
  const names = await readdir(ENVIRONMENT.models()).catch(() => []);
  return names.filter((name) => ownModelFile(name) !== undefined).sort();
}

/**
 * The filters that the user named for a model of the catalogue, none where there is no file of them.
 * Throws ERR_LIVEDREAM_MODEL_UNREADABLE.
 */
export async function readOwnFilters(model: string): Promise<OwnFilters> {
  const file = ownFiltersFile(model);
  if (!isPlainName(model) || !existsSync(file)) return { file, filters: {} };
  const text = (await readLimited(file, MOST_FILTERS_BYTES)).toString('utf8').replace(/^\uFEFF/, '');
  try {
    const filters: unknown = JSON.parse(text);
    checkFilters(filters, `of your filters in '${file}'`);
    return { file, filters: filters as Readonly<Record<string, Filter>> };
  } catch (error) {
    throw error instanceof SyntaxError ? unreadable(file, 'it is no JSON', error) : error;
  }
}

/** A model of the catalogue with what the user named for it, which comes before what is there by that name. */
export async function withOwnFilters(name: string, source: ModelSource): Promise<ModelSource> {
  const ownFilters = await readOwnFilters(name);
  if (Object.keys(ownFilters.filters).length === 0) return source;
  const filters = { ...source.description.filters, ...ownFilters.filters };
  return { ...source, description: { ...source.description, filters }, ownFilters };
}
