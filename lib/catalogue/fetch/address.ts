import path from 'node:path';
import { optionRangeError } from '../../errors.js';
import type { FetchDescription } from '../../model/fetch-description.js';
import { ENVIRONMENT } from '../../runtime/environment.js';
import { ADDRESS, isAddress } from './fetch-options.js';

/** The archive's file name, at its own address and at every mirror's. */
export function archiveName({ url }: FetchDescription): string {
  return path.posix.basename(new URL(url).pathname);
}

/** Where an archive is fetched from: its own address, or the mirror that the call or LIVEDREAM_MODEL_MIRROR names. */
export function addressOf(fetch: FetchDescription, given?: string): URL {
  const mirror = given ?? ENVIRONMENT.modelMirror();
  if (mirror === undefined) return new URL(fetch.url);
  if (!isAddress(mirror)) throw optionRangeError('LIVEDREAM_MODEL_MIRROR', ADDRESS, mirror);
  const url = new URL(mirror);
  const file = archiveName(fetch);
  if (path.posix.basename(url.pathname) !== file) url.pathname = `${url.pathname.replace(/\/$/, '')}/${file}`;
  return url;
}
