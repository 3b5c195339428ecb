import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { LiveDreamError } from '../../errors.js';

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** Makes a folder that must be writable. */
export async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new LiveDreamError(
      'ERR_LIVEDREAM_INSTALL_FAILED',
      `The cache folder '${folder}' cannot be written to (${(error as NodeJS.ErrnoException).code}); set LIVEDREAM_CACHE to one that can.`,
      { cause: error },
    );
  }
}

/** Throws where a folder's file system has less room than is needed. */
export async function checkSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_INSTALL_FAILED',
    `'${folder}' has ${mebibytes(bavail * bsize)} free, and the installation needs ${mebibytes(needed)}; set LIVEDREAM_CACHE to a folder with more.`,
  );
}
