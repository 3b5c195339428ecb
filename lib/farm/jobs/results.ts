import type { DreamJson } from '../../dream.js';
import { storedJson } from '../store/json.js';
import { keyOf } from '../store/keys.js';
import type { FarmStore } from '../store/store.js';
import type { JobEncoding } from './picture-job.js';

/** What came of a picture's job. It is written after the picture: where it is there, the job is done. */
export interface PictureDone {
  /** The dreamed picture's key, how many bytes it has, and their SHA-256. */
  readonly result: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly dream: DreamJson;
  /** The worker's id, and the name of its machine: the same names, the same bytes. */
  readonly worker: string;
  readonly machine: string;
}

/** Where it says that a job is done. */
export function doneKey(id: string): string {
  return keyOf('results', `${id}.json`);
}

export function pictureKey(id: string, { format }: JobEncoding): string {
  return keyOf('results', `${id}.${format}`);
}

/** What came of a job the last time, where it was done before: by a worker that died before it could say so, or for somebody else. */
export function alreadyDone<T>({
  store,
  id,
}: {
  readonly store: FarmStore;
  readonly id: string;
}): Promise<T | undefined> {
  return storedJson<T>(store, doneKey(id));
}
