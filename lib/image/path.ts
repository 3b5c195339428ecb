import { fileURLToPath } from 'node:url';
import { reason, unreadable } from './unreadable.js';

/** A URL object, of whatever realm. */
export interface PictureUrl {
  readonly href: string;
  readonly protocol: string;
}

export function isUrl(input: unknown): input is PictureUrl {
  const url = input as Partial<PictureUrl> | null;
  return typeof url === 'object' && typeof url?.href === 'string' && typeof url.protocol === 'string';
}

/** The path that a path or a `file:` URL names. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE for URLs of other kinds. */
export function picturePath(input: string | PictureUrl): string {
  const href = typeof input === 'string' ? input : input.href;
  // Anything may be the name of a file, but hardly what begins so.
  if (typeof input === 'string' && !/^(file:\/\/|https?:\/\/|data:)/i.test(input)) return input;
  const what = `The picture '${href.length > 200 ? `${href.slice(0, 200)}...` : href}'`;
  if (!/^file:/i.test(href)) {
    throw unreadable(what, "only 'file:' URLs are opened; fetch it first and give its bytes, Blob or stream");
  }
  try {
    return fileURLToPath(href);
  } catch (error) {
    throw unreadable(what, reason(error), error);
  }
}
