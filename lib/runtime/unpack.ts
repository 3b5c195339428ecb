import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

/** No library is larger; a wheel that claims more is broken or a bomb. */
const MOST_FILE_BYTES = 4 * 2 ** 30;

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/** Whether a file of a wheel is needed at run time: the libraries, CUDA's tools that XLA calls, licences. */
export function isNeeded(name: string): boolean {
  if (/^tensorflow\/libtensorflow_(framework|cc)\.(so\.2|2\.dylib)$/.test(name)) return true;
  if (/^tensorflow\/THIRD_PARTY_NOTICES\.txt$|dist-info\/(licenses\/)?LICEN[CS]E[^/]*$/i.test(name)) return true;
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\/.+[^/]$/.test(name) && !/\.a$/.test(name);
}

async function entries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const found: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      if (isNeeded(entry.fileName)) found.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(found));
    zip.once('error', reject);
    zip.readEntry();
  });
}

async function extract(
  zip: ZipFile,
  entry: Entry,
  folder: string,
  count: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  // yauzl has refused absolute names and '..' already.
  const file = path.join(folder, entry.fileName);
  if (entry.uncompressedSize > MOST_FILE_BYTES)
    throw new Error(`${entry.fileName} claims ${entry.uncompressedSize} bytes`);
  await mkdir(path.dirname(file), { recursive: true });
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      count(chunk.length);
      done(null, chunk);
    },
  });
  const stream = await promisify(
    zip.openReadStream.bind(zip) as (
      entry: Entry,
      done: (error: Error | null, stream: NodeJS.ReadableStream) => void,
    ) => void,
  )(entry);
  const executable = (entry.externalFileAttributes >>> 16) & 0o111;
  await pipeline(
    stream,
    counter,
    createWriteStream(file, { mode: executable ? 0o755 : 0o644 }),
    signal ? { signal } : {},
  );
}

export interface Unpacked {
  /** Names and sizes of what was written. */
  readonly files: Record<string, number>;
}

/** Unpacks what is needed of a wheel into a folder. */
export async function unpackWheel(
  wheel: string,
  folder: string,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Unpacked> {
  const zip = await openZip(wheel, { lazyEntries: true, autoClose: false, strictFileNames: true });
  try {
    const wanted = await entries(zip);
    const total = wanted.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let done = 0;
    const count = (bytes: number): void => {
      done += bytes;
      onProgress(done, total);
    };
    for (const entry of wanted) {
      await extract(zip, entry, folder, count, signal);
    }
    return { files: Object.fromEntries(wanted.map((entry) => [entry.fileName, entry.uncompressedSize])) };
  } finally {
    zip.close();
  }
}
