import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { types } from 'node:util';
import packageRoot from '#package-root';
import { LiveDreamError, optionTypeError } from '../errors.js';
import { isUrl, localPath } from '../file-url.js';
import { checkDescription, type ModelDescription } from './description.js';
import { damaged, type Fetchable, fetchedGraphFile, isFetchable, readFetchedGraph } from './fetched.js';
import { checkSha256, MOST_GRAPH_BYTES, type ModelSource, readLimited, unreadable } from './model-file.js';
import { graphBytes, refuseOtherDescription, refuseOtherFile, refuseOtherFolder } from './other-kinds.js';
import { ownModelFile, ownModelNames, withOwnFilters } from './own.js';
import { fromSavedModel, savedModelFolder } from './saved-model.js';

/** A model given in code: its description and its graph, as a path, a `file:` URL or the bytes themselves. */
export interface ModelObject extends ModelDescription {
  readonly graph: string | URL | Uint8Array;
}

export type ModelInput = string | URL | ModelObject;

export type { ModelSource } from './model-file.js';

/** The project's own network, in the package. */
export const DEFAULT_MODEL = 'dream';

const MOST_DESCRIPTION_BYTES = 2 ** 22;
/** A graph, in protobuf's own format or as text. */
const GRAPH_NAME = /\.pb(txt)?$/i;

/** The package's own folder of models. */
export const CATALOGUE = path.join(packageRoot, 'models');

/** The names of the models that come with the package, with their graphs or without. */
export async function catalogueNames(catalogue = CATALOGUE): Promise<string[]> {
  const entries = await readdir(catalogue, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Throws ERR_LIVEDREAM_MODEL_UNREADABLE for a URL that is not of a file. */
export function modelPath(place: string | URL): string {
  return localPath(place, { instead: 'download it first and give the path of the file', refuse: unreadable });
}

/** Throws ERR_LIVEDREAM_MODEL_UNREADABLE. */
export async function readDescription(file: string): Promise<ModelDescription & { graph?: string }> {
  await refuseOtherDescription(file);
  // Some editors begin a file with a byte order mark, which JSON has not.
  const text = (await readLimited(file, MOST_DESCRIPTION_BYTES)).toString('utf8').replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, 'it is no JSON', error);
  }
  return checkDescription(value, `in '${file}'`) as ModelDescription & { graph?: string };
}

async function readGraph(file: string): Promise<Buffer> {
  await refuseOtherFile(file);
  return readLimited(file, MOST_GRAPH_BYTES);
}

/** `file` is empty for a graph that was given as bytes. */
async function finish(description: ModelDescription, given: Buffer, what: string, file = what): Promise<ModelSource> {
  if (given.byteLength === 0) throw unreadable(what, 'it is empty');
  const sha256 = createHash('sha256').update(given).digest('hex');
  checkSha256(description, sha256, what);
  const graph = await graphBytes(given, what, file);
  const name = description.name ?? path.basename(what).replace(GRAPH_NAME, '');
  return { description, name, graph, sha256, ...(file === '' ? {} : { place: file }) };
}

async function fromDescription(file: string, given: ModelDescription = {}): Promise<ModelSource> {
  const { graph = 'graph.pb', ...read } = await readDescription(file);
  const description = { ...read, ...given };
  const graphFile = path.resolve(path.dirname(file), graph);
  const folder = savedModelFolder(graphFile);
  if (folder !== undefined) return fromSavedModel(folder, description);
  return finish(description, await readGraph(graphFile), graphFile);
}

async function fromGraph(file: string, given: ModelDescription): Promise<ModelSource> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return fromFolder(file, given);
  const folder = savedModelFolder(file);
  if (folder !== undefined) return fromSavedModel(folder, given);
  const beside = `${file.replace(GRAPH_NAME, '')}.json`;
  const description = existsSync(beside) ? await readDescription(beside) : {};
  return finish({ ...description, ...given }, await readGraph(file), file);
}

/** A model's own folder, or a SavedModel's. */
async function fromFolder(folder: string, given: ModelDescription): Promise<ModelSource> {
  const description = path.join(folder, 'model.json');
  if (existsSync(description)) return fromDescription(description, given);
  if (savedModelFolder(folder) !== undefined) return fromSavedModel(folder, given);
  await refuseOtherFolder(folder);
  return fromDescription(description, given);
}

/** The file that describes a model of the package, where there is one of that name. */
export function catalogueFile(name: string, catalogue = CATALOGUE): string | undefined {
  const file = path.join(catalogue, name, 'model.json');
  return /^[\w.-]+$/.test(name) && existsSync(file) ? file : undefined;
}

async function readFetchable(file: string): Promise<Fetchable | undefined> {
  const { graph = 'graph.pb', ...description } = await readDescription(file);
  const beside = existsSync(path.resolve(path.dirname(file), graph));
  return isFetchable(description) && !beside ? description : undefined;
}

/** The description of a model of the catalogue whose graph is fetched; undefined where it is none. */
export async function fetchableModel(name: string, catalogue = CATALOGUE): Promise<Fetchable | undefined> {
  const file = catalogueFile(name, catalogue);
  return file === undefined ? undefined : readFetchable(file);
}

async function fromCatalogue(name: string, file: string): Promise<ModelSource> {
  const fetchable = await readFetchable(file);
  if (fetchable === undefined) return fromDescription(file);
  const graph = await readFetchedGraph(name, fetchable);
  const sha256 = createHash('sha256').update(graph).digest('hex');
  const expected = String(fetchable.sha256).toLowerCase();
  if (sha256 !== expected) throw damaged(name, fetchedGraphFile(name), sha256, expected);
  return { description: fetchable, name: fetchable.name ?? name, graph, sha256, place: fetchedGraphFile(name) };
}

async function fromText(model: string, catalogue: string): Promise<ModelSource> {
  const inCatalogue = catalogueFile(model, catalogue);
  if (inCatalogue !== undefined) return withOwnFilters(model, await fromCatalogue(model, inCatalogue));
  const own = ownModelFile(model);
  // By the name that it was added by, whatever its description says.
  if (own !== undefined) return withOwnFilters(model, await fromDescription(own, { name: model }));
  const found = await stat(model).catch(() => undefined);
  if (found?.isDirectory()) return fromFolder(model, {});
  if (model.endsWith('.json')) return fromDescription(model);
  // A checkpoint goes by what the names of its files begin with.
  if (!found && existsSync(`${model}.index`)) await refuseOtherFile(`${model}.index`);
  if (found || GRAPH_NAME.test(model) || /[\\/]/.test(model)) return fromGraph(model, {});
  const known = [...(await catalogueNames(catalogue)), ...(await ownModelNames())];
  const names = known.map((name) => `'${name}'`).join(', ');
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', `There is no model '${model}'; the catalogue has ${names}.`);
}

/**
 * Finds, reads and checks a model. Throws ERR_LIVEDREAM_MODEL_UNKNOWN, _MODEL_UNREADABLE, _MODEL_NOT_FETCHED or _CHECKSUM.
 * @param catalogue for tests: another folder than the package's models
 */
export async function openModel(model: ModelInput | undefined, catalogue = CATALOGUE): Promise<ModelSource> {
  if (model === undefined) return fromText(DEFAULT_MODEL, catalogue);
  if (typeof model === 'string' || isUrl(model)) {
    if (model === '') throw optionTypeError('model', 'a name or a path', model);
    return fromText(modelPath(model), catalogue);
  }
  if (typeof model !== 'object' || model === null) throw optionTypeError('model', 'a name, a path or an object', model);
  const { graph, ...given } = model;
  const description = checkDescription(given, "of the option 'model'");
  if (typeof graph === 'string' || isUrl(graph)) return fromGraph(modelPath(graph), description);
  // A copy: the caller's memory may change or go while we wait for the library.
  if (types.isUint8Array(graph)) return finish(description, Buffer.from(graph), description.name ?? 'model', '');
  throw optionTypeError('model.graph', 'a path or the bytes of a frozen GraphDef', graph);
}
