import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ModelDescription } from './description.js';
import { checkSha256, MOST_GRAPH_BYTES, type ModelSource, readLimited } from './model-file.js';

/** The file in a SavedModel's folder that holds its graph. */
const SAVED_MODEL = 'saved_model.pb';
const MOST_INDEX_BYTES = 2 ** 28;

/** The folder of a SavedModel that a path names, by itself or by the saved_model.pb in it. */
export function savedModelFolder(place: string): string | undefined {
  const folder = path.basename(place) === SAVED_MODEL ? path.dirname(place) : place;
  return existsSync(path.join(folder, SAVED_MODEL)) ? folder : undefined;
}

/** The SHA-256 is of the graph and of the variables' index, which holds a checksum of each of their values. */
export async function fromSavedModel(folder: string, description: ModelDescription): Promise<ModelSource> {
  const graph = await readLimited(path.join(folder, SAVED_MODEL), MOST_GRAPH_BYTES);
  const checkpoint = path.resolve(folder, 'variables/variables');
  const index = `${checkpoint}.index`;
  const variables = existsSync(index) ? await readLimited(index, MOST_INDEX_BYTES) : Buffer.alloc(0);
  const sha256 = createHash('sha256').update(graph).update(variables).digest('hex');
  checkSha256(description, sha256, folder);
  const name = description.name ?? path.basename(path.resolve(folder));
  return { description, name, graph, sha256, checkpoint, place: folder };
}
