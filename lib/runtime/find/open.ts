import { loadAddon } from '../../binding/addon.js';
import { fromNative } from '../../binding/errors.js';
import type { NativeLibrary } from '../../binding/native.js';
import { compileCacheSettings } from '../compile-cache/settings.js';
import { ENVIRONMENT } from '../environment.js';
import { isSupported } from '../platforms.js';
import type { Runtime } from '../runtime.js';
import { findRuntime, wrongVersion } from './find.js';

export interface OpenRuntime {
  readonly runtime: Runtime;
  readonly library: NativeLibrary;
}

let opened: Promise<OpenRuntime> | undefined;

async function open(): Promise<OpenRuntime> {
  const addon = loadAddon();
  const runtime = await findRuntime();
  const kept = await compileCacheSettings(runtime);
  try {
    const library = await addon.openLibrary(runtime.framework, runtime.library, ENVIRONMENT.verbose(), kept);
    if (!isSupported(library.version)) throw wrongVersion(library.path, library.version);
    return { runtime, library };
  } catch (error) {
    throw fromNative(error);
  }
}

/** Finds libtensorflow and opens it, once in the process; a failure is tried again at the next call. */
export function openRuntime(): Promise<OpenRuntime> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}
