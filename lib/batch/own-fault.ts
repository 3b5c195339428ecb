import type { ErrorCode } from '../error-codes.js';
import { LiveDreamError } from '../errors.js';

/** What is the fault of one picture, so that others may yet be dreamed. */
const OF_ONE_PICTURE: ReadonlySet<ErrorCode> = new Set([
  'ERR_LIVEDREAM_IMAGE_UNREADABLE',
  'ERR_LIVEDREAM_IMAGE_TOO_SMALL',
  'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
  'ERR_LIVEDREAM_IMAGE_ANIMATED',
  'ERR_LIVEDREAM_NOT_FINITE',
  'ERR_LIVEDREAM_OUT_OF_MEMORY',
]);

export function isOwnFault(error: unknown): error is LiveDreamError {
  return error instanceof LiveDreamError && OF_ONE_PICTURE.has(error.code);
}
