import { fileURLToPath } from 'node:url';

/** Of any realm, and of polyfills: not by instanceof. */
export function isUrl(value: unknown): value is URL {
  const { href, protocol } = (value ?? {}) as Partial<URL>;
  return typeof href === 'string' && typeof protocol === 'string';
}

/**
 * `file:/` with any number of slashes, `data:`, or a scheme of several letters (not a Windows drive) with `//`. Anything may be
 * the name of a file, but hardly what begins so.
 */
const URL_TEXT = /^(file:\/|data:|[a-z][a-z\d+.-]+:\/\/)/i;

export interface LocalPath {
  /** What to do about a URL of something that is not a file. */
  readonly instead: string;
  readonly refuse: (place: string, why: string, cause?: unknown) => Error;
}

/** A path as it is, and that of a `file:` URL, an object or a text; other URLs are refused. */
export function localPath(place: string | URL, { instead, refuse }: LocalPath): string {
  const text = isUrl(place) ? place.href : place;
  if (text === place && !URL_TEXT.test(text)) return text;
  const shown = text.length > 200 ? `${text.slice(0, 200)}...` : text;
  if (!/^file:/i.test(text)) throw refuse(shown, `only 'file:' URLs are opened; ${instead}`);
  try {
    return fileURLToPath(text);
  } catch (error) {
    throw refuse(shown, (error as Error).message.replace(/\.$/, ''), error);
  }
}
