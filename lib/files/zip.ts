import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { makeFolder } from './folder.js';
import type { Failure } from './space.js';

export interface ReadZip {
  readonly isWanted: (name: string) => boolean;
  /** What a wanted file may have at most; one that claims more is broken or a bomb. */
  readonly mostBytes: number;
  readonly failed: Failure;
}

/** All that is wanted; yauzl refuses absolute names and `..` in any entry, wanted or not. */
async function entries(zip: ZipFile, isWanted: ReadZip['isWanted']): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const entry of zip.eachEntry()) if (isWanted(entry.fileName)) found.push(entry);
  return found;
}

/** Opens a zip file for some work on what is wanted of it. */
export async function readZip<T>(
  file: string,
  { isWanted, mostBytes, failed }: ReadZip,
  work: (zip: ZipFile, wanted: readonly Entry[]) => Promise<T>,
): Promise<T> {
  let zip: ZipFile | undefined;
  try {
    zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true });
    const wanted = await entries(zip, isWanted);
    const large = wanted.find(({ uncompressedSize }) => uncompressedSize > mostBytes);
    if (large) throw new Error(`'${large.fileName}' claims ${large.uncompressedSize} bytes`);
    return await work(zip, wanted);
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    // A full disk (ENOSPC) and an abort are not the file's fault; they keep their own words.
    if (code?.startsWith('E') || name === 'AbortError') throw error;
    throw failed(`'${file}' cannot be unpacked: ${message}.`, error);
  } finally {
    zip?.close();
  }
}

export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes one entry to a file, whose folder is made. */
export async function extract(
  zip: ZipFile,
  entry: Entry,
  file: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Written> {
  await makeFolder(path.dirname(file));
  const hash = createHash('sha256');
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const executable = (entry.externalFileAttributes >>> 16) & 0o111;
  const output = createWriteStream(file, { mode: executable ? 0o755 : 0o644 });
  // yauzl ends the stream with an error where more or fewer bytes come than the entry claims.
  await pipeline(await zip.openReadStreamPromise(entry), counter, output, signal ? { signal } : {});
  return { bytes: entry.uncompressedSize, sha256: hash.digest('hex') };
}
