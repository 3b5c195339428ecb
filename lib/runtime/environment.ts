import path from 'node:path';
import envPaths from 'env-paths';

/** Every environment variable that livedream reads. Read at each use, so that tests and programs may set them. */
export const ENVIRONMENT = {
  /** A folder that holds libtensorflow (or a `tensorflow` folder that does), or the library's file itself. */
  tensorflow: (): string | undefined => process.env['LIVEDREAM_TENSORFLOW'] || undefined,
  /** Where the runtime is installed and downloads are kept; default: the user's cache folder. */
  cache: (): string => process.env['LIVEDREAM_CACHE'] || envPaths('livedream', { suffix: '' }).cache,
  /** The Python whose pip downloads the runtime, and whose TensorFlow may be used; default: `python3`, then `python`. */
  python: (): string | undefined => process.env['LIVEDREAM_PYTHON'] || undefined,
  /** Set to anything: TensorFlow's log lines are let through. */
  verbose: (): boolean => Boolean(process.env['LIVEDREAM_VERBOSE']),
  /** The system's own list of folders with libraries. */
  libraryPath: (): readonly string[] =>
    (process.env['LD_LIBRARY_PATH'] ?? process.env['DYLD_LIBRARY_PATH'] ?? '').split(path.delimiter).filter(Boolean),
} as const;

export function runtimeFolder(): string {
  return path.join(ENVIRONMENT.cache(), 'runtime');
}

export function downloadFolder(): string {
  return path.join(ENVIRONMENT.cache(), 'downloads');
}
