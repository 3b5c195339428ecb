import path from 'node:path';
import type { ModelDescription } from '../model/description.js';
import { fetchedGraphFile, isFetchable, isFetched } from '../model/fetched.js';
import { ownModelFile, ownModelNames, readOwnFilters } from '../model/own.js';
import { CATALOGUE, catalogueFile, catalogueNames, readDescription } from '../model/source.js';
import { bytesOf } from './sizes.js';

/** Where a model is: `fetchable` ones have to be downloaded first. */
export type ModelOrigin = 'package' | 'fetched' | 'fetchable' | 'own';

/** A model that goes by a name. */
export interface ModelEntry {
  readonly name: string;
  readonly origin: ModelOrigin;
  readonly title?: string;
  readonly licence?: string;
  /** The graph's file or the SavedModel's folder; none where it is still to be fetched. */
  readonly graph?: string;
  /** Of the graph; of one to be fetched, of what is downloaded. */
  readonly bytes?: number;
  /** Names of its filters, the user's own among them. */
  readonly filters: readonly string[];
  readonly ownFilters: readonly string[];
  /** Why it cannot be used, such as what is wrong with its description. */
  readonly fault?: string;
}

/** A model's description with where it is, its graph unread. */
export interface Known {
  readonly origin: ModelOrigin;
  /** Its model.json. */
  readonly file: string;
  readonly description: ModelDescription;
  readonly graph?: string;
}

async function knownIn(file: string, origin: 'package' | 'own'): Promise<Known> {
  const { graph: relative = 'graph.pb', ...description } = await readDescription(file);
  return { origin, file, description, graph: path.resolve(path.dirname(file), relative) };
}

/** A model by its name; undefined where none has it. Throws ERR_LIVEDREAM_MODEL_UNREADABLE for a broken description. */
export async function knownModel(name: string, catalogue = CATALOGUE): Promise<Known | undefined> {
  const own = ownModelFile(name);
  const file = catalogueFile(name, catalogue);
  if (file === undefined) return own === undefined ? undefined : knownIn(own, 'own');
  const known = await knownIn(file, 'package');
  if (!isFetchable(known.description)) return known;
  const { graph: _absent, ...rest } = known;
  return isFetched(name)
    ? { ...rest, origin: 'fetched', graph: fetchedGraphFile(name) }
    : { ...rest, origin: 'fetchable' };
}

/** Undefined where the graph is not there. */
async function sizeOf({ graph, description }: Known): Promise<number | undefined> {
  return graph === undefined ? description.fetch?.bytes : bytesOf(graph).catch(() => undefined);
}

function faultOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

async function entryOf(name: string, origin: 'package' | 'own', catalogue: string): Promise<ModelEntry> {
  try {
    const known = await knownModel(name, catalogue);
    if (known === undefined || (origin === 'own' && known.origin !== 'own'))
      return {
        name,
        origin,
        filters: [],
        ownFilters: [],
        fault: 'A model of the package has this name: rename its folder.',
      };
    const { title, licence, filters = {} } = known.description;
    const own = await readOwnFilters(name);
    const bytes = await sizeOf(known);
    return {
      ...{ name, origin: known.origin },
      ...(title === undefined ? {} : { title }),
      ...(licence === undefined ? {} : { licence }),
      ...(known.graph === undefined ? {} : { graph: known.graph }),
      ...(bytes === undefined ? {} : { bytes }),
      filters: Object.keys({ ...filters, ...own.filters }),
      ownFilters: Object.keys(own.filters),
      ...(bytes === undefined ? { fault: `Its graph '${known.graph}' is not there.` } : {}),
    };
  } catch (error) {
    return { name, origin, filters: [], ownFilters: [], fault: faultOf(error) };
  }
}

/** As `models`, with another folder in the place of the package's models. */
export async function modelsIn(catalogue: string): Promise<readonly ModelEntry[]> {
  const names = (await catalogueNames(catalogue)).filter((name) => catalogueFile(name, catalogue) !== undefined).sort();
  const own = await ownModelNames();
  return Promise.all([
    ...names.map((name) => entryOf(name, 'package', catalogue)),
    ...own.map((name) => entryOf(name, 'own', catalogue)),
  ]);
}

/**
 * Every model that goes by a name: the package's, those that it fetches, and the user's own. Nothing is loaded for it; one that is broken
 * is among them with its `fault`.
 * @example
 * ```ts
 * import { models } from 'livedream';
 *
 * for (const { name, origin, filters, fault } of await models()) console.log(name, origin, fault ?? filters.length);
 * ```
 */
export async function models(): Promise<readonly ModelEntry[]> {
  return modelsIn(CATALOGUE);
}
