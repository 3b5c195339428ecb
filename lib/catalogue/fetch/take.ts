import { copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { sha256OfFile } from '../../files/hash.js';
import { checkSpace } from '../../files/space.js';
import type { Report } from '../../files/transfer.js';
import { extract, readZip } from '../../files/zip.js';
import type { FetchDescription } from '../../model/fetch-description.js';
import { FETCHED_GRAPH, FETCHED_LABELS } from '../../model/fetched.js';
import { MOST_GRAPH_BYTES } from '../../model/model-file.js';
import { archiveName } from './address.js';
import { unkeepable } from './failures.js';

/** What is taken from where, and what it must be. */
export interface Take {
  readonly name: string;
  readonly fetch: FetchDescription;
  /** Of the graph. */
  readonly sha256: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

interface Member {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
}

function members({ fetch, sha256 }: Take): Member[] {
  const { graph, labels, labelsSha256 = '' } = fetch;
  const of = labels === undefined ? [] : [{ name: labels, file: FETCHED_LABELS, sha256: labelsSha256.toLowerCase() }];
  return [{ name: graph, file: FETCHED_GRAPH, sha256 }, ...of];
}

function wrongMember(archive: string, what: string, found: string, expected: string): LiveDreamError {
  return new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `'${what}' in '${archive}' has SHA-256 ${found}, and must have ${expected}.`,
  );
}

/** Unpacks the graph and the labels of an archive into a folder, checked one by one. */
export async function unpackModel(archive: string, folder: string, take: Take): Promise<void> {
  const { report, signal } = take;
  const wanted = members(take);
  const failed = (message: string, cause?: unknown): LiveDreamError =>
    new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', message, { cause });
  const isWanted = (name: string): boolean => wanted.some((member) => member.name === name);
  await readZip(archive, { isWanted, mostBytes: MOST_GRAPH_BYTES, failed }, async (zip, entries) => {
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    await checkSpace(folder, total, `the model '${take.name}'`, unkeepable);
    let done = 0;
    const count = (bytes: number): void => {
      done += bytes;
      report('unpack', done, total);
    };
    for (const { name, file, sha256 } of wanted) {
      const entry = entries.find(({ fileName }) => fileName === name);
      if (!entry) throw new Error(`it has no '${name}'`);
      const written = await extract(zip, entry, path.join(folder, file), count, signal);
      if (written.sha256 !== sha256) throw wrongMember(archive, name, written.sha256, sha256);
    }
  });
}

/** Takes the model from a user's file, which is the archive or the graph itself; known by its SHA-256, whatever its name. */
export async function takeFromFile(from: string, folder: string, take: Take): Promise<void> {
  const { fetch, sha256, report, signal } = take;
  const found = await stat(from).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw unreadableFile(from, why, error);
  });
  if (!found.isFile()) throw unreadableFile(from, 'it is no file');
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    report('verify', done, found.size);
  };
  const hash = await sha256OfFile(from, signal, count).catch((error: Error) => {
    signal.throwIfAborted();
    throw unreadableFile(from, error.message, error);
  });
  if (hash === fetch.sha256.toLowerCase()) return unpackModel(from, folder, take);
  if (hash === sha256) {
    await checkSpace(folder, found.size, `the model '${take.name}'`, unkeepable);
    return copyFile(from, path.join(folder, FETCHED_GRAPH));
  }
  throw new LiveDreamError(
    'ERR_LIVEDREAM_CHECKSUM',
    `'${from}' has ${found.size} bytes and SHA-256 ${hash}; ${archiveName(fetch)} has ${fetch.bytes} bytes and ${fetch.sha256.toLowerCase()}, its graph ${sha256}.`,
  );
}

function unreadableFile(from: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_MODEL_UNREADABLE', `'${from}' cannot be read: ${why}.`, {
    cause,
    repair: 'Give `--from` the archive, or the graph that is in it.',
  });
}
