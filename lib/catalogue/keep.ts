import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LiveDreamError } from '../errors.js';
import { makeFolder } from '../files/folder.js';
import { withLock } from '../files/lock.js';
import { withStaging } from '../files/staging.js';
import { ENVIRONMENT } from '../runtime/environment.js';

/** Beside the models, so that what is made there can be renamed to its place. */
const TEMPORARY = '.keeping-';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of the disk is used up',
  EFBIG: 'the file would be larger than is allowed',
  EROFS: 'the disk is read-only',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  ENOTDIR: 'a part of this path is a file and no folder',
  EEXIST: 'a part of this path is a file and no folder',
};

/** The file system's error as ERR_LIVEDREAM_OUTPUT_UNWRITABLE; any other as it is. */
export function notKept(what: string, error: unknown): unknown {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (error instanceof LiveDreamError || !/^E[A-Z]+$/.test(code ?? '') || name === 'AbortError') return error;
  const reason = REASONS[code as string] ?? message;
  return new LiveDreamError(
    'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
    `${what} cannot be kept in '${ENVIRONMENT.models()}': ${reason} (${code}).`,
    { cause: error, repair: 'Mend that, or set LIVEDREAM_MODELS to a folder that can be written to.' },
  );
}

/** Throws where nothing can be kept, before any work is done for it. */
export async function checkKept(what: string): Promise<void> {
  const folder = ENVIRONMENT.models();
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw notKept(what, error);
  }
}

/** Does the work in a temporary folder beside the user's models, while no other process changes them. */
export async function keeping<T>(
  what: string,
  signal: AbortSignal | undefined,
  work: (temporary: string, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const folder = ENVIRONMENT.models();
  try {
    await makeFolder(folder);
    return await withLock(folder, { signal }, (within) =>
      withStaging(folder, TEMPORARY, (temporary) => work(temporary, within)),
    );
  } catch (error) {
    throw notKept(what, error);
  }
}

/** Writes a file whole or not at all; what is there is replaced. */
export async function writeWhole(file: string, text: string, temporary: string): Promise<void> {
  const beside = path.join(temporary, randomUUID());
  const handle = await open(beside, 'wx');
  try {
    await handle.writeFile(text);
    // Or a power failure might leave the name with nothing behind it.
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file).catch(async (error: unknown) => {
    await rm(beside, { force: true });
    throw error;
  });
}

/** A description or filters as text: a filter or a layer a line, short enough to read and to change by hand. */
export function toText(value: object): string {
  const text = JSON.stringify(value, undefined, 1)
    .replace(/\n {3,}/g, ' ')
    .replace(/\n {2}(?=[}\]])/g, ' ');
  return `${text}\n`;
}
