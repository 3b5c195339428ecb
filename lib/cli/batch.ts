import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isOwnFault } from '../batch/own-fault.js';
import { LiveDreamError } from '../errors.js';
import { makeFolder } from '../files/folder.js';
import { unwritable } from '../image/encode.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import type { Progress } from './progress.js';
import { reportError } from './report.js';
import { STANDARD } from './standard-streams.js';

/** What is the fault of one picture or its file, so that others may yet be dreamed. */
function concernsOne(error: unknown): boolean {
  return isOwnFault(error) || (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE');
}

export function shownName(picture: string): string {
  return picture === STANDARD ? 'standard input' : path.basename(picture);
}

/** A line on stderr about what was done all the same. */
export function warn(text: string, progress: Progress): void {
  progress.stop();
  process.stderr.write(`livedream: warning: ${text}\n`);
}

/** Does something with one picture. What is the picture's own fault is reported, and makes the exit status 1 at the end. */
export async function attempt<T>(
  picture: string,
  progress: Progress,
  work: () => Promise<T>,
): Promise<{ readonly done: T } | undefined> {
  try {
    return { done: await work() };
  } catch (error) {
    if (!concernsOne(error)) throw error;
    progress.stop();
    process.exitCode = reportError(error, ENVIRONMENT.verbose(), shownName(picture));
    return undefined;
  }
}

/** The folder, where it was not there and was made. */
async function make(folder: string): Promise<string | undefined> {
  const first = await makeFolder(folder).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(
      `The folder '${folder}'`,
      /^(EEXIST|ENOTDIR)$/.test(error.code ?? '') ? 'a file is in the way' : error.message,
      error,
    );
  });
  return first === undefined ? undefined : folder;
}

/** Works with a folder that is made where it is not there, and goes again where nothing came of it. */
export async function inFolder(folder: string | undefined, work: () => Promise<void>): Promise<void> {
  const made = folder === undefined ? undefined : await make(folder);
  try {
    await work();
  } finally {
    // Only an empty folder can be removed so.
    if (made !== undefined) await rmdir(made).catch(() => undefined);
  }
}
