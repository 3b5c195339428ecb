import { readFile, stat } from 'node:fs/promises';
import { LiveDreamError } from '../errors.js';
import type { Filter, ModelDescription } from './description.js';

/** Filters that the user named, of whosever model. */
export interface OwnFilters {
  readonly file: string;
  readonly filters: Readonly<Record<string, Filter>>;
}

/** A model, read. */
export interface ModelSource {
  readonly description: ModelDescription;
  readonly name: string;
  /** A GraphDef, or with a checkpoint the SavedModel's saved_model.pb. */
  readonly graph: Uint8Array;
  readonly sha256: string;
  /** Of a SavedModel: what its variables' files begin with. */
  readonly checkpoint?: string;
  /** The graph's file or the SavedModel's folder; none where it was given as bytes. */
  readonly place?: string;
  /** The user's own filters, which are among the description's too. */
  readonly ownFilters?: OwnFilters;
}

/** protobuf's own limit of one message. */
export const MOST_GRAPH_BYTES = 2 ** 31 - 1;

/** ERR_LIVEDREAM_MODEL_UNREADABLE. */
export function unreadable(file: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', `The model '${file}' cannot be read: ${why}.`, { cause });
}

/** A file's bytes. Throws ERR_LIVEDREAM_MODEL_UNREADABLE for what is no file, empty or larger than `most`. */
export async function readLimited(file: string, most: number): Promise<Buffer> {
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

/** Throws ERR_LIVEDREAM_CHECKSUM where the description says another one. */
export function checkSha256({ sha256 }: ModelDescription, found: string, what: string): void {
  if (sha256 === undefined || sha256.toLowerCase() === found) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `The model '${what}' has SHA-256 ${found}, and its description says ${sha256}.`,
  );
}
