import type { BigIntStats } from 'node:fs';
import { readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Where a file that is to be written really goes. */
export interface Place {
  /** Links followed; of a device or pipe the name as it was given. */
  readonly path: string;
  /** Undefined where nothing is there yet. */
  readonly there: BigIntStats | undefined;
}

/** As many as Linux follows. */
const MOST_LINKS = 40;

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The file that a link leads to which is not there yet. Paths are not normalised: `..` behind a link leads elsewhere. */
async function followDangling(file: string, links = MOST_LINKS): Promise<string> {
  const folder = await realpath(path.dirname(file));
  const entry = path.join(folder, path.basename(file));
  const link = await readlink(entry).catch((error) => {
    if (isCode(error, 'ENOENT', 'EINVAL')) return undefined;
    throw error;
  });
  if (link === undefined) return entry;
  if (links === 0) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
  return followDangling(path.isAbsolute(link) ? link : `${folder}${path.sep}${link}`, links - 1);
}

/** Rejects with the system's error, ENOENT where there is no such folder. */
export async function findPlace(file: string): Promise<Place> {
  const there = await stat(file, { bigint: true }).catch((error) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (there === undefined) return { path: await followDangling(file), there };
  return { path: there.isFile() ? await realpath(file) : file, there };
}
