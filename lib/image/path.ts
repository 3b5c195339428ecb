import { localPath } from '../file-url.js';
import { unreadable } from './unreadable.js';

/** The path that a path or a `file:` URL names. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE for URLs of other kinds. */
export function picturePath(input: string | URL): string {
  return localPath(input, {
    instead: 'fetch it first and give its bytes, Blob or stream',
    refuse: (place, why, cause) => unreadable(`The picture '${place}'`, why, cause),
  });
}
