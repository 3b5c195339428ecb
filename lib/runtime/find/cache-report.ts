import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readEntries } from '../compile-cache/entries.js';
import { downloadFolder, ENVIRONMENT, runtimeFolder } from '../environment.js';

export interface CacheReport {
  readonly folder: string;
  /** Bytes of installed runtimes. */
  readonly runtimeBytes: number;
  /** Bytes of downloads that an installation left for its next try. */
  readonly downloadBytes: number;
  /** Bytes of programs that XLA compiled: `compileCache()`. */
  readonly compiledBytes: number;
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return bytesBelow(place);
    return entry.isFile() ? ((await stat(place).catch(() => undefined))?.size ?? 0) : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

export async function describeCache(): Promise<CacheReport> {
  const compiled = ENVIRONMENT.compileCache();
  const entries = compiled === undefined ? [] : await readEntries(compiled);
  return {
    folder: ENVIRONMENT.cache(),
    runtimeBytes: await bytesBelow(runtimeFolder()),
    downloadBytes: await bytesBelow(downloadFolder()),
    compiledBytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
