import { access, constants, statfs } from 'node:fs/promises';
import { makeFolder } from './folder.js';

/** What repairs a disk that is full. */
export const FULL_REPAIR = 'Make room there, or set LIVEDREAM_CACHE to a folder with more.';

/** What the file system says where nothing can be kept. */
const UNWRITABLE = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EFBIG',
  'EIO',
  'ENOTDIR',
  'EMFILE',
  'ENFILE',
]);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** Whether it is a file system's error that says that something cannot be kept. */
export function isUnwritable(error: unknown): boolean {
  return UNWRITABLE.has(codeOf(error));
}

export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
}

/** Makes the error of whoever asks. */
export type Failure = (message: string, cause?: unknown) => Error;

export function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** Makes a folder that must be writable. */
export async function makeWritable(folder: string, failed: Failure): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const text = `The cache folder '${folder}' cannot be written to (${code}); set LIVEDREAM_CACHE to one that can.`;
    throw failed(text, error);
  }
}

/** Throws where a folder's file system has less room than `what` needs. */
export async function checkSpace(folder: string, needed: number, what: string, failed: Failure): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw failed(
    `'${folder}' has ${mebibytes(bavail * bsize)} free, and ${what} needs ${mebibytes(needed)}; set LIVEDREAM_CACHE to a folder with more.`,
  );
}
