import { LiveDreamError } from '../errors.js';

/** ERR_LIVEDREAM_OUTPUT_UNWRITABLE where a full disk is why frames cannot be kept; any other error as it is. */
export function fullDisk(error: unknown, place: string, repair: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new LiveDreamError(
    'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
    `The frames in '${place}' cannot be kept: the disk is full.`,
    {
      cause: new Error(message),
      repair,
    },
  );
}
