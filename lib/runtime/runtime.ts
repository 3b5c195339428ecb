import type { Variant } from './platforms.js';

/** Where a libtensorflow was found. */
export interface Runtime {
  readonly framework: string;
  readonly library: string;
  /** Undefined where the files do not tell; the library itself does when it is open. */
  readonly version: string | undefined;
  readonly variant: Variant | 'unknown';
  readonly source: 'environment' | 'installed' | 'python' | 'system';
}
