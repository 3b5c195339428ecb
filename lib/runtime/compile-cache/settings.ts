import type { NativeCompileCache } from '../../binding/native.js';
import { optionRangeError } from '../../errors.js';
import { ENVIRONMENT } from '../environment.js';
import type { Runtime } from '../runtime.js';
import { machineName } from './machine.js';

const DEFAULT_LIMIT = 512 * 2 ** 20;

/** How many bytes the cache may take. Throws a RangeError where LIVEDREAM_COMPILE_CACHE_LIMIT is no number of bytes. */
export function compileCacheLimit(): number {
  const given = ENVIRONMENT.compileCacheLimit();
  if (given === undefined) return DEFAULT_LIMIT;
  if (!/^\d+$/.test(given) || !Number.isSafeInteger(Number(given))) {
    throw optionRangeError('LIVEDREAM_COMPILE_CACHE_LIMIT', 'a whole number of bytes', given);
  }
  return Number(given);
}

/** Why there is no cache; undefined where there is one. */
export function whyNoCompileCache(): string | undefined {
  if (ENVIRONMENT.compileCache() === undefined) return 'LIVEDREAM_COMPILE_CACHE is off';
  // Who keeps a cache of XLA's already keeps that one.
  const [flags = ''] = ENVIRONMENT.xlaFlags();
  return flags.includes('tf_xla_persistent_cache_directory') ? 'TF_XLA_FLAGS names a folder of its own' : undefined;
}

/** What the library is to be opened with; undefined where nothing is to be kept. */
export async function compileCacheSettings(runtime: Runtime): Promise<NativeCompileCache | undefined> {
  const folder = ENVIRONMENT.compileCache();
  if (folder === undefined || whyNoCompileCache() !== undefined) return undefined;
  return { folder, machine: await machineName(runtime), limitBytes: compileCacheLimit() };
}
