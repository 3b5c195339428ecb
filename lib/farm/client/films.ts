import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import { unwritable } from '../../image/encode.js';
import { JOB_OPTIONS, type JobOptions } from '../../options/farm-options.js';
import { readOptions } from '../../options/read.js';
import { jobCancelled } from '../jobs/failure.js';
import type { FilmDone, FilmJob } from '../jobs/film-job.js';
import type { Needs } from '../jobs/needs.js';
import { idOf } from '../jobs/picture-job.js';
import { storeOptions } from '../jobs/stored-options.js';
import { notStored } from '../store/failed.js';
import { keyOf } from '../store/keys.js';
import type { FarmStore } from '../store/store.js';
import type { FilmAsked } from './asked.js';
import type { FarmConnection } from './farm-connection.js';
import { FilmProgress } from './film-progress.js';
import type { ShownProgress } from './told.js';

export interface FilmRequest {
  readonly film: FilmAsked;
  readonly job: JobOptions;
  readonly needs: Needs;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: ShownProgress) => void) | undefined;
}

/** Puts a file into the store by its hash, with the end of its name, by which ffmpeg knows some kinds of films. */
async function putFile(store: FarmStore, file: string, named: boolean, signal?: AbortSignal): Promise<string> {
  const hash = await sha256OfFile(file, signal).catch((cause: NodeJS.ErrnoException) => {
    if (signal?.aborted) throw cause;
    const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new LiveDreamError('ERR_LIVEDREAM_VIDEO_UNREADABLE', `'${file}' cannot be read: ${why}.`, { cause });
  });
  const extension = /\.[a-z0-9]{1,8}$/.exec(path.extname(file).toLowerCase())?.[0] ?? '';
  const key = keyOf('inputs', named ? `${hash}${extension}` : hash);
  if (!(await store.touch(key))) await store.putFile(key, file, signal);
  return key;
}

async function jobOf({ store }: FarmConnection, { film, needs, signal }: FilmRequest): Promise<FilmJob> {
  const { input, output, segment, dream, stream, rate, ...asked } = film;
  const files = input.kind === 'film' ? [input.file] : input.files;
  const keys: string[] = [];
  for (const file of files) keys.push(await putFile(store, file, input.kind === 'film', signal));
  const request = { ...asked, output, rate, stream: { ...stream }, dream: await storeOptions(store, dream) };
  // As JSON has it: what is undefined is not there.
  return JSON.parse(JSON.stringify({ kind: 'film', needs, input: { kind: input.kind, keys }, request, segment }));
}

/** Has a film dreamed, and tells what came of it; the film is in the store. */
export async function filmOnFarm(farm: FarmConnection, request: FilmRequest): Promise<FilmDone> {
  const { signal, onProgress, job } = request;
  const options = readOptions(JOB_OPTIONS, job);
  const data = await jobOf(farm, request).catch((cause: unknown) => {
    if (!signal?.aborted) throw cause;
    throw jobCancelled(signal);
  });
  const progress = onProgress && new FilmProgress(farm, idOf(data), onProgress);
  try {
    return await farm.result<FilmDone>({ name: 'film', data: { ...data }, options, signal });
  } finally {
    progress?.end();
  }
}

/** Brings what came of a film to files of this machine. Rejects with ERR_LIVEDREAM_FARM_STORE, _OUTPUT_UNWRITABLE. */
export async function fetchResults(
  { store }: FarmConnection,
  { results }: FilmDone,
  fileOf: (place: number) => string,
  signal?: AbortSignal,
): Promise<void> {
  for (const [place, key] of results.entries()) {
    await using local = await store.local(key, signal);
    if (local === undefined) throw notStored(store, key);
    await copyFile(local.file, fileOf(place)).catch((error: Error) => {
      throw unwritable(`'${fileOf(place)}'`, error.message, error);
    });
  }
}
