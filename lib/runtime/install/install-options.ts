import { optionRangeError, optionTypeError } from '../../errors.js';
import type { TransferProgress } from '../../files/transfer.js';
import { checkFunction, readSignal } from '../../options/control.js';
import type { Variant } from '../platforms.js';

/** How far an installation is. */
export type InstallProgress = TransferProgress;

export interface InstallOptions {
  /** Default `cpu`; `gpu` is the CUDA build with CUDA's libraries: 3.4 GB to download, 5.7 GB on disk. */
  readonly variant?: Variant;
  /** Wheels, or folders of them, to install from instead of downloading. They must be the pinned ones. */
  readonly from?: readonly string[];
  /** Install again what is there. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** What it throws, or a promise that it returns rejects with, stops the installation, which rejects with it. */
  readonly onProgress?: (progress: InstallProgress) => unknown;
}

/** Throws TypeError or RangeError where an option is wrong. */
export function checkInstallOptions(options: InstallOptions): void {
  const { variant, from, force, signal, onProgress } = options as Record<keyof InstallOptions, unknown>;
  if (variant !== undefined && variant !== 'cpu' && variant !== 'gpu') {
    throw optionRangeError('variant', "'cpu' or 'gpu'", variant);
  }
  if (from !== undefined && !(Array.isArray(from) && from.every((place) => typeof place === 'string'))) {
    throw optionTypeError('from', 'an array of paths', from);
  }
  if (Array.isArray(from) && from.length === 0) throw optionRangeError('from', 'at least one path', from);
  if (force !== undefined && typeof force !== 'boolean') throw optionTypeError('force', 'true or false', force);
  readSignal(signal);
  checkFunction('onProgress', onProgress);
}
