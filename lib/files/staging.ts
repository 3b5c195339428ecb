import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** What a killed process left; only called under the lock. */
export async function sweep(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Does the work in a temporary folder beside its target, so that this can be renamed; to be called under the lock. */
export async function withStaging<T>(
  folder: string,
  prefix: string,
  work: (temporary: string) => Promise<T>,
): Promise<T> {
  await sweep(folder, prefix);
  const temporary = path.join(folder, `${prefix}${randomUUID()}`);
  await mkdir(temporary);
  try {
    return await work(temporary);
  } finally {
    // What cannot be removed now is swept the next time; it must not hide what went wrong.
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** Puts a new folder in the place of an old one, which goes where it will be removed. */
export async function replaceFolder(target: string, next: string, temporary: string): Promise<void> {
  await rename(target, path.join(temporary, 'old')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(next, target);
}
