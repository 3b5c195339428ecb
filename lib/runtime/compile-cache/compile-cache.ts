import { rm, rmdir, stat } from 'node:fs/promises';
import { LiveDreamError } from '../../errors.js';
import { ENVIRONMENT } from '../environment.js';
import { type CompiledProgram, cacheFiles, machineFolders, readEntries } from './entries.js';
import { compileCacheLimit, whyNoCompileCache } from './settings.js';

/** What XLA compiled and livedream keeps, so that the next process need not compile it. */
export interface CompileCache {
  /** Undefined where LIVEDREAM_COMPILE_CACHE is `off`. */
  readonly folder: string | undefined;
  /** Why nothing is kept; undefined where it is. */
  readonly off?: string;
  readonly limitBytes: number;
  readonly bytes: number;
  /** Of all machines that share the folder, the last used first. */
  readonly entries: readonly CompiledProgram[];
}

/** What was removed. */
export interface ClearedCompileCache {
  readonly folder: string | undefined;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Looks at the cache of compiled programs (LIVEDREAM_COMPILE_CACHE); opens no library.
 * @example
 * ```ts
 * import { compileCache } from 'livedream';
 *
 * const { folder, bytes, limitBytes, entries } = await compileCache();
 * console.log(`${entries.length} programs in ${folder}, ${bytes} of at most ${limitBytes} bytes`);
 * ```
 */
export async function compileCache(): Promise<CompileCache> {
  const folder = ENVIRONMENT.compileCache();
  const off = whyNoCompileCache();
  const entries = folder === undefined ? [] : await readEntries(folder);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return { folder, ...(off === undefined ? {} : { off }), limitBytes: compileCacheLimit(), bytes, entries };
}

/**
 * Removes all compiled programs; a process that uses them goes on undisturbed.
 * @throws LiveDreamError ERR_LIVEDREAM_CACHE_UNWRITABLE where one cannot be removed
 * @example
 * ```ts
 * import { clearCompileCache } from 'livedream';
 *
 * const { files, bytes } = await clearCompileCache();
 * console.log(`${files} files of ${bytes} bytes are gone`);
 * ```
 */
export async function clearCompileCache(): Promise<ClearedCompileCache> {
  const folder = ENVIRONMENT.compileCache();
  if (folder === undefined) return { folder, files: 0, bytes: 0 };
  const cleared = { folder, files: 0, bytes: 0 };
  for (const machine of await machineFolders(folder)) {
    for (const file of await cacheFiles(machine)) {
      cleared.bytes += (await stat(file).catch(() => undefined))?.size ?? 0;
      await remove(file);
      cleared.files += 1;
    }
    // Only an empty one goes: what else lies there is not ours.
    await rmdir(machine).catch(() => undefined);
  }
  return cleared;
}

async function remove(file: string): Promise<void> {
  try {
    await rm(file, { force: true });
  } catch (cause) {
    throw new LiveDreamError('ERR_LIVEDREAM_CACHE_UNWRITABLE', `The compiled program '${file}' cannot be removed.`, {
      cause,
      repair: 'Let the folder be written to, or set LIVEDREAM_COMPILE_CACHE to another.',
    });
  }
}
