import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { types } from 'node:util';
import packageRoot from '#package-root';
import { LiveDreamError, optionTypeError } from '../errors.js';
import { checkDescription, type ModelDescription } from './description.js';
import { graphBytes, refuseOtherDescription, refuseOtherFile, refuseOtherFolder } from './other-kinds.js';

/** A model given in code: its description and its graph, as a path or as the bytes themselves. */
export interface ModelObject extends ModelDescription {
  readonly graph: string | Uint8Array;
}

export type ModelInput = string | ModelObject;

export interface ModelSource {
  readonly description: ModelDescription;
  readonly name: string;
  readonly graph: Uint8Array;
  readonly sha256: string;
}

/** The project's own network, in the package. */
export const DEFAULT_MODEL = 'dream';

/** protobuf's own limit of one message. */
const MOST_GRAPH_BYTES = 2 ** 31 - 1;
const MOST_DESCRIPTION_BYTES = 2 ** 22;
/** A graph, in protobuf's own format or as text. */
const GRAPH_NAME = /\.pb(txt)?$/i;

const catalogue = path.join(packageRoot, 'models');

/** The names of the models that come with the package. */
export async function catalogueNames(): Promise<string[]> {
  const entries = await readdir(catalogue, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function unreadable(file: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', `The model '${file}' cannot be read: ${why}.`, { cause });
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
  if (description.sha256 !== undefined && description.sha256.toLowerCase() !== sha256) {
    throw new LiveDreamError(
      'ERR_LIVEDREAM_CHECKSUM',
      `The model '${what}' has SHA-256 ${sha256}, and its description says ${description.sha256}.`,
    );
  }
  const graph = await graphBytes(given, what, file);
  return { description, name: description.name ?? path.basename(what).replace(GRAPH_NAME, ''), graph, sha256 };
}

async function fromDescription(file: string): Promise<ModelSource> {
  const { graph = 'graph.pb', ...description } = await readDescription(file);
  const graphFile = path.resolve(path.dirname(file), graph);
  return finish(description, await readGraph(graphFile), graphFile);
}

async function fromGraph(file: string, given: ModelDescription): Promise<ModelSource> {
  const beside = `${file.replace(GRAPH_NAME, '')}.json`;
  const description = existsSync(beside) ? await readDescription(beside) : {};
  return finish({ ...description, ...given }, await readGraph(file), file);
}

async function fromFolder(folder: string): Promise<ModelSource> {
  const description = path.join(folder, 'model.json');
  if (!existsSync(description)) await refuseOtherFolder(folder);
  return fromDescription(description);
}

async function fromText(model: string): Promise<ModelSource> {
  const inCatalogue = path.join(catalogue, model, 'model.json');
  if (/^[\w.-]+$/.test(model) && existsSync(inCatalogue)) return fromDescription(inCatalogue);
  const found = await stat(model).catch(() => undefined);
  if (found?.isDirectory()) return fromFolder(model);
  if (model.endsWith('.json')) return fromDescription(model);
  // A checkpoint goes by what the names of its files begin with.
  if (!found && existsSync(`${model}.index`)) await refuseOtherFile(`${model}.index`);
  if (found || GRAPH_NAME.test(model) || /[\\/]/.test(model)) return fromGraph(model, {});
  const names = (await catalogueNames()).map((name) => `'${name}'`).join(', ');
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', `There is no model '${model}'; the catalogue has ${names}.`);
}

/** Finds, reads and checks a model. Throws ERR_LIVEDREAM_MODEL_UNKNOWN, _MODEL_UNREADABLE or _CHECKSUM. */
export async function openModel(model: ModelInput | undefined): Promise<ModelSource> {
  if (model === undefined) return fromText(DEFAULT_MODEL);
  if (typeof model === 'string') {
    if (model === '') throw optionTypeError('model', 'a name or a path', model);
    return fromText(model);
  }
  if (typeof model !== 'object' || model === null) throw optionTypeError('model', 'a name, a path or an object', model);
  const { graph, ...given } = model;
  const description = checkDescription(given, "of the option 'model'");
  if (typeof graph === 'string') return fromGraph(graph, description);
  // A copy: the caller's memory may change or go while we wait for the library.
  if (types.isUint8Array(graph)) return finish(description, Buffer.from(graph), description.name ?? 'model', '');
  throw optionTypeError('model.graph', 'a path or the bytes of a frozen GraphDef', graph);
}
