import { optionRangeError, optionTypeError } from '../../errors.js';
import type { TransferProgress } from '../../files/transfer.js';
import { checkFunction, readSignal } from '../../options/control.js';

/** How far a fetch is: waiting for another one, checking hashes, downloading, unpacking. */
export type FetchProgress = TransferProgress;

export interface FetchOptions {
  /** A file to take it from instead of a server: the archive, or the graph itself. It must be the pinned one. */
  readonly from?: string;
  /**
   * The address to download from instead of the model's own: of the archive, or of the folder that holds it. Default
   * LIVEDREAM_MODEL_MIRROR.
   */
  readonly mirror?: string;
  /** Fetch again what is there. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** What it throws, or a promise that it returns rejects with, stops the fetch, which rejects with it. */
  readonly onProgress?: (progress: FetchProgress) => unknown;
}

/** What an address must be that is fetched from. */
export const ADDRESS = 'an http: or https: address';

export function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function checkText(name: string, expected: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'string') throw optionTypeError(name, expected, value);
  if (value === '') throw optionRangeError(name, expected, value);
}

/** Throws TypeError or RangeError where an option is wrong. */
export function checkFetchOptions(name: unknown, options: FetchOptions): void {
  if (typeof name !== 'string') throw optionTypeError('name', "a model's name", name);
  const { from, mirror, force, signal, onProgress } = options as Record<keyof FetchOptions, unknown>;
  checkText('from', 'the path of a file', from);
  checkText('mirror', ADDRESS, mirror);
  if (typeof mirror === 'string' && !isAddress(mirror)) throw optionRangeError('mirror', ADDRESS, mirror);
  if (from !== undefined && mirror !== undefined) throw optionRangeError('mirror', "left out with 'from'", mirror);
  if (force !== undefined && typeof force !== 'boolean') throw optionTypeError('force', 'true or false', force);
  readSignal(signal);
  checkFunction('onProgress', onProgress);
}
