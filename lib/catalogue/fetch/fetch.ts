import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { withCaller } from '../../caller.js';
import { LiveDreamError, optionRangeError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import { withLock } from '../../files/lock.js';
import { checkSpace, makeWritable } from '../../files/space.js';
import { replaceFolder, withStaging } from '../../files/staging.js';
import { reporter } from '../../files/transfer.js';
import { type Fetchable, fetchedGraphFile, fetchedLabelsFile } from '../../model/fetched.js';
import { CATALOGUE, catalogueNames, fetchableModel } from '../../model/source.js';
import { downloadFolder, fetchedModelFolder } from '../../runtime/environment.js';
import { addressOf, archiveName } from './address.js';
import { download } from './download.js';
import { asFailure, unkeepable, unkept } from './failures.js';
import { checkFetchOptions, type FetchOptions } from './fetch-options.js';
import { LIMITS, type Limits } from './limits.js';
import { bytesThere, type Partial, removePartial } from './partial.js';
import { type Take, takeFromFile, unpackModel } from './take.js';

export type { FetchOptions, FetchProgress } from './fetch-options.js';

/** A model that lies in the user's cache. */
export interface FetchedModel {
  readonly name: string;
  /** The files. */
  readonly graph: string;
  readonly labels: string | undefined;
  /** Of both files. */
  readonly bytes: number;
}

/** What a test may put in the place of the package's own. */
export interface FetchPlace {
  /** The folder of models. */
  readonly catalogue?: string;
  readonly limits?: Limits;
}

/** The fetching process's own folder, beside the target so that it can be renamed. */
const TEMPORARY = '.fetching-';
/** Weights hardly become smaller by packing: 1.08 for inception5h. */
const UNPACKED = 1.2;
const PROGRESS_STEP = 2 ** 19;

interface Job extends Take {
  readonly url: URL;
  readonly partial: Partial;
  readonly limits: Limits;
}

async function findModel(name: string, catalogue: string): Promise<Fetchable> {
  const found = await fetchableModel(name, catalogue);
  if (found) return found;
  const names = await catalogueNames(catalogue);
  if (names.includes(name)) throw optionRangeError('name', `a model to fetch; '${name}' comes with livedream`, name);
  const fetchable: string[] = [];
  for (const each of names) if (await fetchableModel(each, catalogue)) fetchable.push(`'${each}'`);
  const text = `There is no model '${name}' to fetch; there is ${fetchable.join(', ') || 'none'}.`;
  throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', text, { repair: 'Use a name that is there.' });
}

/** By the archive's hash too, so that parts of another version are never continued. */
function partialOf(model: Fetchable): Partial {
  const { sha256, bytes } = model.fetch;
  return {
    file: path.join(downloadFolder(), `${archiveName(model.fetch)}.${sha256.slice(0, 12).toLowerCase()}.part`),
    bytes,
  };
}

/** The size of a file with this SHA-256. */
async function sizeIfRight(file: string, sha256: string, signal: AbortSignal): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const hash = await sha256OfFile(file, signal).catch(() => undefined);
  signal.throwIfAborted();
  return hash === sha256.toLowerCase() ? found.size : undefined;
}

/** What is there and right. A graph that was given alone has no labels, which is no fault. */
async function findKept({ name, sha256, fetch, signal }: Take): Promise<FetchedModel | undefined> {
  const [graph, labels] = [fetchedGraphFile(name), fetchedLabelsFile(name)];
  const bytes = await sizeIfRight(graph, sha256, signal);
  if (bytes === undefined) return undefined;
  const labelled = await stat(labels).catch(() => undefined);
  if (!labelled || fetch.labelsSha256 === undefined) return { name, graph, labels: undefined, bytes };
  const more = await sizeIfRight(labels, fetch.labelsSha256, signal);
  return more === undefined ? undefined : { name, graph, labels, bytes: bytes + more };
}

async function downloadModel(job: Job, folder: string): Promise<void> {
  const { url, partial, fetch, limits, report, signal } = job;
  await makeWritable(downloadFolder(), unkeepable);
  const missing = fetch.bytes - (await bytesThere(partial));
  await checkSpace(downloadFolder(), missing + UNPACKED * fetch.bytes, `the model '${job.name}'`, unkeepable);
  await download({ ...partial, url, sha256: fetch.sha256.toLowerCase(), limits, report, signal });
  await unpackModel(partial.file, folder, job);
}

async function build(job: Job, from: string | undefined, temporary: string): Promise<void> {
  const folder = path.join(temporary, 'model');
  await mkdir(folder);
  await (from === undefined ? downloadModel(job, folder) : takeFromFile(from, folder, job));
  job.signal.throwIfAborted();
  await replaceFolder(fetchedModelFolder(job.name), folder, temporary);
  await removePartial(job.partial);
}

async function fetchLocked(job: Job, { from, force }: FetchOptions): Promise<FetchedModel> {
  // Another process may have put it there while this one waited.
  const there = force ? undefined : await findKept(job);
  if (there) return there;
  const parent = path.dirname(fetchedModelFolder(job.name));
  await withStaging(parent, TEMPORARY, (temporary) => build(job, from, temporary));
  const kept = await findKept(job);
  if (!kept) throw unkept(`'${fetchedModelFolder(job.name)}' was changed while the model was put there.`);
  return kept;
}

/** As `fetchModel`, from another catalogue or with other patience. */
export async function fetchModelFrom(
  { catalogue = CATALOGUE, limits = LIMITS }: FetchPlace,
  name: string,
  options: FetchOptions = {},
): Promise<FetchedModel> {
  checkFetchOptions(name, options);
  return withCaller(options.signal, async (caller) => {
    const { signal } = caller;
    try {
      const model = await findModel(name, catalogue);
      const report = reporter(options.onProgress, caller, PROGRESS_STEP);
      const url = addressOf(model.fetch, options.mirror);
      const sha256 = String(model.sha256).toLowerCase();
      const job = { name, fetch: model.fetch, sha256, url, partial: partialOf(model), limits, report, signal };
      const there = options.force ? undefined : await findKept(job);
      if (there) return there;
      const folder = path.dirname(fetchedModelFolder(name));
      await makeWritable(folder, unkeepable);
      const onWait = (): void => report('wait');
      return await withLock(folder, { signal, onWait }, (within) => fetchLocked({ ...job, signal: within }, options));
    } catch (error) {
      throw asFailure(name, error);
    }
  });
}

/**
 * Fetches a model of the catalogue that does not come with the package into the user's cache, checked by SHA-256 and put in
 * place whole. Answers at once where it is there already.
 * @throws LiveDreamError ERR_LIVEDREAM_FETCH_UNREACHABLE (what has come is kept for the next try), _FETCH_REFUSED, _CHECKSUM,
 * _CACHE_UNWRITABLE, _MODEL_UNKNOWN or _ABORTED; TypeError or RangeError for a wrong option.
 * @example
 * ```ts
 * import { fetchModel } from 'livedream';
 *
 * const { graph, bytes } = await fetchModel('inception5h', {
 *   onProgress: ({ phase, done, total }) => console.log(phase, done, 'of', total, 'bytes'),
 * });
 * console.log(graph, bytes);
 * ```
 */
export async function fetchModel(name: string, options: FetchOptions = {}): Promise<FetchedModel> {
  return fetchModelFrom({}, name, options);
}

/** How many bytes of a model have come that the next fetch goes on from. */
export async function bytesSoFar(name: string): Promise<number> {
  const model = await fetchableModel(name);
  return model === undefined ? 0 : bytesThere(partialOf(model));
}
