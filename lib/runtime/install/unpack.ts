import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { LiveDreamError } from '../../errors.js';
import type { InstalledFile } from '../find/installed.js';

/** Far above any library's size (libtensorflow_cc of the CPU build: 0.8 GB); a wheel that claims more is broken or a bomb. */
const MOST_FILE_BYTES = 3 * 2 ** 30;

/** Whether a file of a wheel is needed at run time: the libraries, CUDA's tools that XLA calls, licences. */
export function isNeeded(name: string): boolean {
  if (/^tensorflow\/libtensorflow_(framework|cc)\.(so\.2|2\.dylib)$/.test(name)) return true;
  if (/^tensorflow\/THIRD_PARTY_NOTICES\.txt$|^[^/]+\.dist-info\/(licenses\/)?LICEN[CS]E[^/]*$/i.test(name))
    return true;
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\/.+[^/]$/.test(name) && !name.endsWith('.a');
}

/** All that is needed; yauzl refuses absolute names and `..` in any entry, needed or not. */
async function entries(zip: ZipFile): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const entry of zip.eachEntry()) if (isNeeded(entry.fileName)) found.push(entry);
  return found;
}

async function readZip<T>(wheel: string, work: (zip: ZipFile, wanted: Entry[]) => Promise<T>): Promise<T> {
  let zip: ZipFile | undefined;
  try {
    zip = await yauzl.openPromise(wheel, { lazyEntries: true, autoClose: false, strictFileNames: true });
    const wanted = await entries(zip);
    const large = wanted.find(({ uncompressedSize }) => uncompressedSize > MOST_FILE_BYTES);
    if (large) throw new Error(`'${large.fileName}' claims ${large.uncompressedSize} bytes`);
    return await work(zip, wanted);
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    // A full disk (ENOSPC) and an abort are not the wheel's fault; they keep their own words.
    if (code?.startsWith('E') || name === 'AbortError') throw error;
    const text = `'${wheel}' cannot be unpacked: ${message}.`;
    throw new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', text, { cause: error });
  } finally {
    zip?.close();
  }
}

async function extract(
  zip: ZipFile,
  entry: Entry,
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<InstalledFile> {
  const file = path.join(folder, entry.fileName);
  await mkdir(path.dirname(file), { recursive: true });
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

/** Bytes that `unpackWheel` will write. */
export async function unpackedBytes(wheel: string): Promise<number> {
  return readZip(wheel, async (_zip, wanted) => wanted.reduce((sum, entry) => sum + entry.uncompressedSize, 0));
}

/** Unpacks what is needed of a wheel into a folder; answers with the names, sizes and hashes of what it wrote. */
export async function unpackWheel(
  wheel: string,
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Record<string, InstalledFile>> {
  return readZip(wheel, async (zip, wanted) => {
    const files: Record<string, InstalledFile> = {};
    for (const entry of wanted) files[entry.fileName] = await extract(zip, entry, folder, onBytes, signal);
    return files;
  });
}
