import type { Caller } from '../caller.js';

/** How far an installation or a download is. */
export interface TransferProgress {
  readonly phase: 'wait' | 'verify' | 'download' | 'unpack';
  /** Bytes; both 0 while waiting for another process. */
  readonly done: number;
  readonly total: number;
}

export type Report = (phase: TransferProgress['phase'], done?: number, total?: number) => void;

/** Progress is told for every so many bytes at most. */
const PROGRESS_STEP = 2 ** 22;

/** Tells a caller now and then; `step` is the number of bytes between two reports. */
export function reporter(
  onProgress: ((progress: TransferProgress) => unknown) | undefined,
  caller: Caller,
  step = PROGRESS_STEP,
): Report {
  const tell = onProgress && caller.safely(onProgress);
  let phase: string | undefined;
  let last = 0;
  return (next, done = 0, total = 0) => {
    if (next === phase && next !== 'wait' && done < total && done - last < step) return;
    phase = next;
    last = done;
    tell?.({ phase: next, done, total });
  };
}
