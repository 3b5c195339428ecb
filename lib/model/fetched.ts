import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../errors.js';
import { fetchedModelFolder } from '../runtime/environment.js';
import type { ModelDescription } from './description.js';
import type { FetchDescription } from './fetch-description.js';
import { MOST_GRAPH_BYTES, unreadable } from './model-file.js';

/** A description that says where its graph is fetched from. */
export type Fetchable = ModelDescription & { readonly fetch: FetchDescription };

export function isFetchable(description: ModelDescription): description is Fetchable {
  return description.fetch !== undefined;
}

/** The files of a fetched model, in its folder. */
export const FETCHED_GRAPH = 'graph.pb';
export const FETCHED_LABELS = 'labels.txt';

/** Where the graph of a fetched model lies; no more than that: it may be absent or damaged. */
export function fetchedGraphFile(name: string): string {
  return path.join(fetchedModelFolder(name), FETCHED_GRAPH);
}

export function fetchedLabelsFile(name: string): string {
  return path.join(fetchedModelFolder(name), FETCHED_LABELS);
}

/** Whether there is something, whole or not. */
export function isFetched(name: string): boolean {
  return existsSync(fetchedGraphFile(name));
}

/** What a model is, where it comes from, how large it is and under which licence: in one phrase. */
export function describeFetch(name: string, { title, licence, fetch }: Fetchable, from = fetch.url): string {
  const what = title === undefined ? `'${name}'` : `'${name}' (${title})`;
  const terms = licence === undefined ? 'its licence is not stated' : `licence ${licence}`;
  return `${what}: ${(fetch.bytes / 1e6).toFixed(1)} MB from ${from}, ${terms}`;
}

export function notFetched(name: string, description: Fetchable): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_MODEL_NOT_FETCHED',
    `This model has not been fetched yet: ${describeFetch(name, description)}.`,
    { repair: `Run \`npx livedream models fetch ${name}\`, or call \`fetchModel('${name}')\`.` },
  );
}

export function damaged(name: string, file: string, found: string, expected: string): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `The fetched model '${file}' is damaged: it has SHA-256 ${found}, and must have ${expected}.`,
    { repair: `Run \`npx livedream models fetch ${name}\`, which fetches it again.` },
  );
}

/** The bytes of a fetched graph, unchecked. Throws ERR_LIVEDREAM_MODEL_NOT_FETCHED, or _UNREADABLE. */
export async function readFetchedGraph(name: string, description: Fetchable): Promise<Buffer> {
  const file = fetchedGraphFile(name);
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw notFetched(name, description);
    throw unreadable(file, error.message, error);
  });
  if (found.size > MOST_GRAPH_BYTES)
    throw unreadable(file, `it has ${found.size} bytes, more than ${MOST_GRAPH_BYTES}`);
  return readFile(file).catch((error: Error) => {
    throw unreadable(file, error.message, error);
  });
}
