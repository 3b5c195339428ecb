import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sharp } from 'sharp';
import { LiveDreamError } from '../errors.js';
import type { PictureFormat } from '../formats.js';
import { type Encoder, encode, encodingFor, unwritable } from './encode.js';
import { findPlace, type Place } from './place.js';

/** What the system's error means for a file that is to be written. */
function reason(file: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no folder '${path.dirname(file)}'`;
    case 'ENOTDIR':
      return `'${path.dirname(file)}' is no folder`;
    case 'ENAMETOOLONG':
      return 'its name is too long';
    case 'ELOOP':
      return 'its links lead in a circle';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error.message;
  }
}

function failed(file: string, error: unknown): LiveDreamError {
  if (error instanceof LiveDreamError) return error;
  return unwritable(`'${file}'`, error instanceof Error ? reason(file, error) : String(error), error);
}

async function needAccess(file: string, what: string, why: string): Promise<void> {
  await access(what, constants.W_OK).catch((error: unknown) => {
    throw unwritable(`'${file}'`, why, error);
  });
}

async function writablePlace(file: string): Promise<Place> {
  if (file.endsWith('/') || file.endsWith(path.sep)) throw unwritable(`'${file}'`, 'it names a folder');
  const place = await findPlace(file).catch((error: unknown) => {
    throw failed(file, error);
  });
  if (place.there?.isDirectory()) throw unwritable(`'${file}'`, 'it is a folder');
  if (place.there) await needAccess(file, place.path, 'it is read-only');
  // A device is written into; a file is replaced, which is a change of its folder.
  const folder = path.dirname(place.path);
  if (!place.there || place.there.isFile()) await needAccess(file, folder, `'${folder}' is not writable`);
  return place;
}

/**
 * Finds out before the work whether a result can be written there.
 * Throws ERR_LIVEDREAM_OUTPUT_UNWRITABLE, or a RangeError where the format contradicts the file's extension.
 */
export async function checkWritable(file: string, format?: PictureFormat): Promise<void> {
  encodingFor(file, format);
  await checkWritableFile(file);
}

/** The same of a file that is no picture. */
export async function checkWritableFile(file: string): Promise<void> {
  await writablePlace(file);
}

/** The owner and the mode of the file that is replaced, as far as we may. */
async function copyRights(handle: FileHandle, { uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>): Promise<void> {
  await handle.chown(uid, gid).catch(() => undefined);
  // Disks without modes refuse this, and have none to keep.
  await handle.chmod(mode & 0o7777).catch(() => undefined);
}

async function fill(temporary: string, bytes: Uint8Array, { there }: Place): Promise<void> {
  const rights = there && { uid: Number(there.uid), gid: Number(there.gid), mode: Number(there.mode) };
  // Never open to more users than the old file was, not for a moment.
  const handle = await open(temporary, 'wx', rights ? rights.mode & 0o777 : 0o666);
  try {
    if (rights) await copyRights(handle, rights);
    await handle.writeFile(bytes);
    // Or a power failure might leave the new name with no bytes behind it.
    await handle.sync();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  // A disk over the network may only now say that it is full.
  await handle.close();
}

async function replace(place: Place, bytes: Uint8Array): Promise<void> {
  // Not made from the file's name, to which nothing may be added where it is as long as can be.
  const temporary = path.join(path.dirname(place.path), `.livedream-${randomUUID()}.tmp`);
  try {
    await fill(temporary, bytes, place);
    await rename(temporary, place.path);
  } catch (error) {
    // What went wrong first is what the user has to hear.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Writes to a temporary file beside it, then renames: whoever looks sees the old file or the whole new one. Links are
 * followed, and a file that is replaced keeps its mode.
 */
export async function writePicture(image: Sharp, file: string, { format, quality }: Encoder): Promise<void> {
  const encoding = encodingFor(file, format);
  // Before the work of encoding, and after it, since much may happen meanwhile.
  await writablePlace(file);
  await writeWhole(file, await encode(image, encoding, quality));
}

/** The same of bytes that are no picture. Rejects with ERR_LIVEDREAM_OUTPUT_UNWRITABLE. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const place = await writablePlace(file);
  try {
    if (!place.there || place.there.isFile()) await replace(place, bytes);
    else await writeFile(place.path, bytes);
  } catch (error) {
    throw failed(file, error);
  }
}
