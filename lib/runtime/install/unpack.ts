import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { extract, type ReadZip, readZip } from '../../files/zip.js';
import type { InstalledFile } from '../find/installed.js';

/** Whether a file of a wheel is needed at run time: the libraries, CUDA's tools that XLA calls, licences. */
export function isNeeded(name: string): boolean {
  if (/^tensorflow\/libtensorflow_(framework|cc)\.(so\.2|2\.dylib)$/.test(name)) return true;
  if (/^tensorflow\/THIRD_PARTY_NOTICES\.txt$|^[^/]+\.dist-info\/(licenses\/)?LICEN[CS]E[^/]*$/i.test(name))
    return true;
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\/.+[^/]$/.test(name) && !name.endsWith('.a');
}

const WHEEL: ReadZip = {
  isWanted: isNeeded,
  // Far above any library's size (libtensorflow_cc of the CPU build: 0.8 GB).
  mostBytes: 3 * 2 ** 30,
  failed: (message, cause) => new LiveDreamError('ERR_LIVEDREAM_INSTALL_FAILED', message, { cause }),
};

/** Bytes that `unpackWheel` will write. */
export async function unpackedBytes(wheel: string): Promise<number> {
  return readZip(wheel, WHEEL, async (_zip, wanted) => wanted.reduce((sum, entry) => sum + entry.uncompressedSize, 0));
}

/** Unpacks what is needed of a wheel into a folder; answers with the names, sizes and hashes of what it wrote. */
export async function unpackWheel(
  wheel: string,
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Record<string, InstalledFile>> {
  return readZip(wheel, WHEEL, async (zip, wanted) => {
    const files: Record<string, InstalledFile> = {};
    for (const entry of wanted)
      files[entry.fileName] = await extract(zip, entry, path.join(folder, entry.fileName), onBytes, signal);
    return files;
  });
}
