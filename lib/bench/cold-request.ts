import type { RawPicture } from '../image/source.js';
import type { LoadOptions } from '../load-options.js';
import type { DreamOptions } from '../options/dream-options.js';
import type { BenchCold, BenchModel } from './report.js';

/** What a process is asked to dream, once and again. */
export interface ColdRequest {
  readonly load: LoadOptions;
  readonly dream: DreamOptions;
  readonly picture: RawPicture;
}

export interface ColdResult {
  readonly cold: BenchCold;
  readonly model: BenchModel;
  readonly rewrites: readonly string[];
  /** Milliseconds of the second dream. */
  readonly second: number;
}

export type ColdAnswer =
  | { readonly result: ColdResult }
  | { readonly error: { readonly message: string; readonly code?: string } };
