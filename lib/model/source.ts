import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { types } from 'node:util';
import packageRoot from '#package-root';
import { LiveDreamError, optionTypeError } from '../errors.js';
import { isUrl, localPath } from '../file-url.js';
import { checkDescription, type ModelDescription } from './description.js';

/** A model given in code: its description and its graph, as a path, a `file:` URL or the bytes themselves. */
export interface ModelObject extends ModelDescription {
  readonly graph: string | URL | Uint8Array;
}

export type ModelInput = string | URL | ModelObject;

export interface ModelSource {
  readonly description: ModelDescription;
  readonly name: string;
  /** A GraphDef, or with a checkpoint the SavedModel's saved_model.pb. */
  readonly graph: Uint8Array;
  readonly sha256: string;
  /** Of a SavedModel: what its variables' files begin with. */
  readonly checkpoint?: string;
}

/** The project's own network, in the package. */
export const DEFAULT_MODEL = 'dream';

/** protobuf's own limit of one message. */
const MOST_GRAPH_BYTES = 2 ** 31 - 1;
const MOST_DESCRIPTION_BYTES = 2 ** 22;
const MOST_INDEX_BYTES = 2 ** 28;

/** The file in a SavedModel's folder that holds its graph. */
const SAVED_MODEL = 'saved_model.pb';

const catalogue = path.join(packageRoot, 'models');

/** The names of the models that come with the package. */
export async function catalogueNames(): Promise<string[]> {
  const entries = await readdir(catalogue, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function unreadable(file: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', `The model '${file}' cannot be read: ${why}.`, { cause });
}

/** Throws ERR_LIVEDREAM_MODEL_UNREADABLE for a URL that is not of a file. */
export function modelPath(place: string | URL): string {
  return localPath(place, { instead: 'download it first and give the path of the file', refuse: unreadable });
}

async function readLimited(file: string, most: number): Promise<Buffer> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error.code === 'ENOENT' ? 'there is no such file' : error.message, error);
  });
  if (!found.isFile()) throw unreadable(file, 'it is no file');
  if (found.size === 0) throw unreadable(file, 'it is empty');
  if (found.size > most) throw unreadable(file, `it has ${found.size} bytes, more than ${most}`);
  return readFile(file).catch((error: Error) => {
    throw unreadable(file, error.message, error);
  });
}

async function readDescription(file: string): Promise<ModelDescription & { graph?: string }> {
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

function checkSha256({ sha256 }: ModelDescription, found: string, what: string): void {
  if (sha256 === undefined || sha256.toLowerCase() === found) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `The model '${what}' has SHA-256 ${found}, and its description says ${sha256}.`,
  );
}

function finish(description: ModelDescription, graph: Uint8Array, what: string): ModelSource {
  if (graph.byteLength === 0) throw unreadable(what, 'it is empty');
  const sha256 = createHash('sha256').update(graph).digest('hex');
  checkSha256(description, sha256, what);
  return { description, name: description.name ?? path.basename(what, '.pb'), graph, sha256 };
}

/** The folder of a SavedModel that a path names, by itself or by the saved_model.pb in it. */
function savedModelFolder(place: string): string | undefined {
  const folder = path.basename(place) === SAVED_MODEL ? path.dirname(place) : place;
  return existsSync(path.join(folder, SAVED_MODEL)) ? folder : undefined;
}

/** The SHA-256 is of the graph and of the variables' index, which holds a checksum of each of their values. */
async function fromSavedModel(folder: string, description: ModelDescription): Promise<ModelSource> {
  const graph = await readLimited(path.join(folder, SAVED_MODEL), MOST_GRAPH_BYTES);
  const checkpoint = path.resolve(folder, 'variables/variables');
  const index = `${checkpoint}.index`;
  const variables = existsSync(index) ? await readLimited(index, MOST_INDEX_BYTES) : Buffer.alloc(0);
  const sha256 = createHash('sha256').update(graph).update(variables).digest('hex');
  checkSha256(description, sha256, folder);
  return { description, name: description.name ?? path.basename(path.resolve(folder)), graph, sha256, checkpoint };
}

async function fromDescription(file: string): Promise<ModelSource> {
  const { graph = 'graph.pb', ...description } = await readDescription(file);
  const graphFile = path.resolve(path.dirname(file), graph);
  const folder = savedModelFolder(graphFile);
  if (folder !== undefined) return fromSavedModel(folder, description);
  return finish(description, await readLimited(graphFile, MOST_GRAPH_BYTES), graphFile);
}

async function fromGraph(file: string, given: ModelDescription): Promise<ModelSource> {
  const folder = savedModelFolder(file);
  if (folder !== undefined) return fromSavedModel(folder, given);
  const beside = `${file.replace(/\.pb$/i, '')}.json`;
  const description = existsSync(beside) ? await readDescription(beside) : {};
  return finish({ ...description, ...given }, await readLimited(file, MOST_GRAPH_BYTES), file);
}

async function fromText(model: string): Promise<ModelSource> {
  const inCatalogue = path.join(catalogue, model, 'model.json');
  if (/^[\w.-]+$/.test(model) && existsSync(inCatalogue)) return fromDescription(inCatalogue);
  const found = await stat(model).catch(() => undefined);
  if (found?.isDirectory() && !existsSync(path.join(model, 'model.json')) && savedModelFolder(model) !== undefined)
    return fromSavedModel(model, {});
  if (found?.isDirectory()) return fromDescription(path.join(model, 'model.json'));
  if (model.endsWith('.json')) return fromDescription(model);
  if (found || /\.pb$|[\\/]/i.test(model)) return fromGraph(model, {});
  const names = (await catalogueNames()).map((name) => `'${name}'`).join(', ');
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', `There is no model '${model}'; the catalogue has ${names}.`);
}

/** Finds, reads and checks a model. Throws ERR_LIVEDREAM_MODEL_UNKNOWN, _MODEL_UNREADABLE or _CHECKSUM. */
export async function openModel(model: ModelInput | undefined): Promise<ModelSource> {
  if (model === undefined) return fromText(DEFAULT_MODEL);
  if (typeof model === 'string' || isUrl(model)) {
    if (model === '') throw optionTypeError('model', 'a name or a path', model);
    return fromText(modelPath(model));
  }
  if (typeof model !== 'object' || model === null) throw optionTypeError('model', 'a name, a path or an object', model);
  const { graph, ...given } = model;
  const description = checkDescription(given, "of the option 'model'");
  if (typeof graph === 'string' || isUrl(graph)) return fromGraph(modelPath(graph), description);
  // A copy: the caller's memory may change or go while we wait for the library.
  if (types.isUint8Array(graph)) return finish(description, Buffer.from(graph), description.name ?? 'model');
  throw optionTypeError('model.graph', 'a path or the bytes of a frozen GraphDef', graph);
}
