import { LiveDreamError } from '../errors.js';

export function unreadable(what: string, why: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_IMAGE_UNREADABLE', `${what} cannot be read: ${why}.`, { cause });
}

/** The first line that says something: libvips puts its attempts to seek before what went wrong. */
export function reason(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  const line = lines.find((each) => each !== '' && !/: bad seek to \d+$/.test(each));
  return line?.replace(/\.$/, '') ?? 'unknown reason';
}
